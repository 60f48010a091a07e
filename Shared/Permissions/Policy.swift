public import ServiceKit

/// Who may do what at the gateway: roles with permissions, and who has which. It is read from a file (`PolicyReading`)
/// and never changes; a new file is a new value.
///
/// The user that the gateway runs as may do everything, whatever the file says: that user could write it.
public struct Policy: Sendable, Hashable {
    public struct Grant: Sendable, Hashable {
        public let kind: Permission.Kind
        public let pattern: Pattern
        /// The role of the policy that has it.
        public let role: String
        /// What the services take the caller for, when this lets the call through.
        public let rank: Role
        public let line: Int
    }

    public struct PolicyRole: Sendable, Hashable {
        public let name: String
        public let rank: Role
        public let grants: [Grant]
        public let line: Int
    }

    public struct Holder: Sendable, Hashable {
        public let who: Who
        public let roles: [String]
        public let line: Int
    }

    public enum Who: Sendable, Hashable {
        case user(UInt32)
        /// A process's primary group: the kernel tells no others.
        case group(UInt32)
        /// A CURVE public key in Z85, and what its owner is called.
        case key(String, name: String)
    }

    /// Whom the modes of directory and sockets let through to the gateway, which then asks the kernel who it is.
    public enum Reach: Sendable, Hashable {
        /// The group of the gateway's user.
        case standard
        case group(UInt32)
        case everyone
    }

    /// The user that the gateway runs as.
    public let owner: UInt32
    public let roles: [PolicyRole]
    public let holders: [Holder]
    public let reach: Reach

    public init(owner: UInt32, roles: [PolicyRole] = [], holders: [Holder] = [], reach: Reach = .standard) {
        self.owner = owner
        self.roles = roles
        self.holders = holders
        self.reach = reach
    }

    /// What somebody may do; nil when nobody is known by it.
    public func standing(of credential: Credential) -> Standing? {
        if case .process(owner, _) = credential { return .owner(owner) }
        var name = ""
        let found = holders.filter { holder in
            switch (holder.who, credential) {
            case (.user(let number), .process(let user, _)): return number == user
            case (.group(let number), .process(_, let group)): return number == group
            case (.key(let key, let called), .key(let shown)):
                if key == shown { name = "key:\(called)" }
                return key == shown
            default: return false
            }
        }
        guard !found.isEmpty else { return nil }
        if case .process(let user, _) = credential { name = "uid:\(user)" }
        let held = Set(found.flatMap(\.roles))
        return Standing(name: name, isOwner: false, holders: found, roles: roles.filter { held.contains($0.name) })
    }
}

/// How somebody is known when a connection is made: by the kernel (SO_PEERCRED) or by CURVE. Its text is ZAP's User-Id,
/// which stays with the connection while policies come and go.
public enum Credential: Sendable, Hashable, CustomStringConvertible {
    /// User and primary group of the process.
    case process(user: UInt32, group: UInt32)
    /// The public key in Z85.
    case key(String)

    public init?(_ text: some StringProtocol) {
        if text.hasPrefix("key:") {
            self = .key(String(text.dropFirst(4)))
            return
        }
        let parts = text.split(separator: " ")
        guard parts.count == 2, parts[0].hasPrefix("uid:"), parts[1].hasPrefix("gid:"),
            let user = UInt32(parts[0].dropFirst(4)), let group = UInt32(parts[1].dropFirst(4))
        else { return nil }
        self = .process(user: user, group: group)
    }

    public var description: String {
        switch self {
        case .process(let user, let group): "uid:\(user) gid:\(group)"
        case .key(let key): "key:\(key)"
        }
    }
}
