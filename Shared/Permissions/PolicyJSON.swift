public import JSON
import ServiceKit

extension Policy {
    /// As `gateway.policy.show` and `ieum policy show --json` have it.
    public var json: JSON {
        [
            "owner": .integer(Int64(owner)), "reach": .string("\(reach)"),
            "roles": .array(roles.map(\.json)), "principals": .array(holders.map(\.json)),
        ]
    }
}

extension Policy.Reach: CustomStringConvertible {
    public var description: String {
        switch self {
        case .standard: "standard"
        case .group(let group): "gid:\(group)"
        case .everyone: "everyone"
        }
    }
}

extension Policy.PolicyRole {
    public var json: JSON {
        var json: JSON = ["name": .string(name), "as": .string(rank.rawValue), "line": .integer(Int64(line))]
        for kind in Permission.Kind.allCases {
            json[kind.rawValue] = .array(grants.filter { $0.kind == kind }.map { .string("\($0.pattern)") })
        }
        return json
    }
}

extension Policy.Holder {
    public var json: JSON {
        var json: JSON = [
            "principal": .string("\(who)"), "roles": .array(roles.map { .string($0) }), "line": .integer(Int64(line)),
        ]
        if case .key(let key, _) = who { json["publicKey"] = .string(key) }
        return json
    }
}

extension Policy.Who: CustomStringConvertible {
    public var description: String {
        switch self {
        case .user(let user): "uid:\(user)"
        case .group(let group): "gid:\(group)"
        case .key(_, let name): "key:\(name)"
        }
    }
}
