import Permissions
import ServiceKit

/// What a principal may do at the broker, as far as it can be known before its messages come.
enum Permit: Sendable {
    /// The gateway's own user and its own parts: nothing is looked up for their messages.
    case everything
    /// Nobody that the policy knows; it was admitted by one before.
    case nothing
    /// As the policy says, with the same principal as each rank that a call of it may have.
    case by(Standing, ranked: [Principal])

    func mayServe(_ name: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .everything: true
        case .nothing: false
        case .by(let standing, _): standing.mayServe(name)
        }
    }

    func maySubscribe(to prefix: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .everything: true
        case .nothing: false
        case .by(let standing, _): standing.maySubscribe(to: prefix)
        }
    }
}

extension Principal {
    /// The same principal with the roles that one call of it has.
    func taken(as rank: Role) -> Principal {
        if case .by(_, let ranked) = permit { ranked[rank.height] } else { self }
    }

    /// What the policy makes of a credential.
    convenience init(_ credential: Credential, _ standing: Standing) {
        let ranked = Role.allCases.map { Principal(name: standing.name, roles: $0.andBelow) }
        self.init(
            name: standing.name, roles: standing.isOwner ? Role.allCases : [], userID: "\(credential)",
            permit: standing.isOwner ? .everything : .by(standing, ranked: ranked))
    }
}
