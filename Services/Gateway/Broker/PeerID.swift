import JSON
import ServiceKit
import ZeroMQ

/// Who is at the other end of a message: a connection of the ROUTER, by its routing id, or a part of the gateway's
/// own process. A routing id is never shown to anybody: libzmq aborts when a peer claims one that it gives later.
enum PeerID: Hashable, Sendable {
    case remote(ByteKey)
    /// A client of a gateway that has handed over to this one: the connection to it, and its mark there.
    case relayed(via: ByteKey, client: ByteKey)
    case `internal`(Int)

    /// Whom no policy and no drain concerns. Everybody else comes from outside, whatever the way.
    var isInternal: Bool { if case .internal = self { true } else { false } }
}

/// The time of one step. Deadlines are by the clock on the wall, since callers write them; everything else by one
/// that never jumps. Milliseconds both.
struct Moment: Sendable, Hashable {
    var monotonic: Int64
    var unix: Int64
}

/// On whose behalf a peer speaks, as the kernel or CURVE says; never as a message claims.
final class Principal: Sendable, Hashable {
    let name: String
    let roles: [Role]
    /// The members that the gateway writes into the headers of this principal's requests.
    let stamp: [UInt8]
    /// ZAP's User-Id property of its connections.
    let userID: ByteKey

    let permit: Permit

    init(name: String, roles: [Role], userID: String? = nil, permit: Permit = .everything) {
        self.name = name
        self.roles = roles
        self.userID = ByteKey(userID ?? name)
        self.permit = permit
        let members: JSON = ["principal": .string(name), "roles": .array(roles.map { .string($0.rawValue) })]
        stamp = Array(members.bytes.dropFirst().dropLast())
    }

    static func == (left: Principal, right: Principal) -> Bool { left.name == right.name && left.roles == right.roles }
    func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// The gateway itself: its flows and its own service.
    static let gateway = Principal(name: "service:gateway", roles: Role.allCases)
    static let unknown = Principal(name: "unknown", roles: [], permit: .nothing)
}

/// A message that the broker wants sent.
struct Outgoing: Sendable, Hashable {
    let peer: PeerID
    let message: Multipart
    /// The broker's own refusal in place of a worker's reply.
    var isFault = false
}
