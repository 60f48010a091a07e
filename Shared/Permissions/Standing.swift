public import ServiceKit

/// What one principal may do, by all the roles that it has.
public struct Standing: Sendable, Hashable {
    /// As services and logs know it: `uid:1000`, `key:lab`.
    public let name: String
    public let isOwner: Bool
    public let holders: [Policy.Holder]
    public let roles: [Policy.PolicyRole]
    private let serves: [Policy.Grant]
    /// The highest rank first, then the widest: the first that covers a method is the one that counts.
    private let calls: [Policy.Grant]
    private let subscribes: [Policy.Grant]

    init(name: String, isOwner: Bool, holders: [Policy.Holder], roles: [Policy.PolicyRole]) {
        self.name = name
        self.isOwner = isOwner
        self.holders = holders
        self.roles = roles
        let grants = roles.flatMap(\.grants)
        serves = grants.filter { $0.kind == .serve }
        calls = grants.filter { $0.kind == .call }.sorted {
            ($1.rank.height, $0.pattern.bytes.count) < ($0.rank.height, $1.pattern.bytes.count)
        }
        subscribes = grants.filter { $0.kind == .subscribe }
    }

    static func owner(_ user: UInt32) -> Standing {
        Standing(name: "uid:\(user)", isOwner: true, holders: [], roles: [])
    }

    public func mayServe(_ name: some Collection<UInt8>) -> Bool {
        isOwner || serves.contains { $0.pattern.covers(name) }
    }

    /// - Parameter prefix: a subscription as ZeroMQ has it, which brings every topic that begins so.
    public func maySubscribe(to prefix: some Collection<UInt8>) -> Bool {
        isOwner || subscribes.contains { $0.pattern.coversAll(beginningWith: prefix) }
    }

    /// How far a service is open without knowing the method.
    public enum Access: Sendable, Hashable {
        /// Every method, and the caller is taken for this.
        case all(Role)
        /// It depends on the method.
        case byMethod
        case none
    }

    /// Costs no allocation: it is asked for each request of a principal that may not do everything.
    public func access(toService name: some Collection<UInt8>) -> Access {
        if isOwner { return .all(.service) }
        for grant in calls {
            let pattern = grant.pattern
            // `fund.*` opens `fund`, and so does `*`; what a higher rank says of one method needs the method.
            if pattern.isPrefix, Self.covers(pattern.bytes, name) { return .all(grant.rank) }
            if Self.concerns(pattern.bytes, name) { return .byMethod }
        }
        return .none
    }

    /// What the caller is taken for; nil when it may not call this.
    public func rank(_ permission: Permission) -> Role? { isOwner ? .service : grant(permission)?.rank }

    /// The line of the policy that allows it; nil for the owner, who needs none, and for what is not allowed.
    public func grant(_ permission: Permission) -> Policy.Grant? {
        let name = permission.name.utf8
        switch permission {
        case .serve: return serves.first { $0.pattern.covers(name) }
        case .call:
            guard name.last == UInt8(ascii: "*") else { return calls.first { $0.pattern.covers(name) } }
            return calls.first { $0.pattern.coversAll(beginningWith: name.dropLast()) }
        case .subscribe: return subscribes.first { $0.pattern.coversAll(beginningWith: name) }
        }
    }

    public func allows(_ permission: Permission) -> Bool { isOwner || grant(permission) != nil }

    /// Whether `service` with a dot behind it begins with the pattern.
    private static func covers(_ pattern: [UInt8], _ service: some Collection<UInt8>) -> Bool {
        pattern.count <= service.count
            ? service.starts(with: pattern)
            : pattern.count == service.count + 1 && pattern.last == UInt8(ascii: ".") && pattern.starts(with: service)
    }

    /// Whether the pattern speaks of methods of `service`.
    private static func concerns(_ pattern: [UInt8], _ service: some Collection<UInt8>) -> Bool {
        pattern.count > service.count && pattern[service.count] == UInt8(ascii: ".") && pattern.starts(with: service)
    }
}

extension Role {
    /// viewer, member, operator, service: who may do more is higher.
    public var height: Int {
        switch self {
        case .viewer: 0
        case .member: 1
        case .operator: 2
        case .service: 3
        }
    }

    /// The roles that a caller has who is taken for this one.
    public var andBelow: [Role] { Array(Role.allCases.prefix(height + 1)) }
}
