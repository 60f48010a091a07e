import JSON
import Permissions
import ServiceKit

/// A decision of the policy with its reason.
struct Verdict {
    let credential: Credential
    let permission: Permission
    let standing: Standing?
    let path: String

    init(_ credential: Credential, _ permission: Permission, _ policy: Policy, path: String) {
        self.credential = credential
        self.permission = permission
        self.path = path
        standing = policy.standing(of: credential)
    }

    var isAllowed: Bool { standing?.allows(permission) ?? false }
    private var grant: Policy.Grant? { standing?.grant(permission) }
    private var name: String {
        // A group was asked about, whoever is in it.
        if case .process(.max, let group) = credential { return "gid:\(group)" }
        // A user of whom this machine knows no group.
        if case .process(let user, .max) = credential { return standing?.name ?? "uid:\(user)" }
        return standing?.name ?? "\(credential)"
    }

    var text: String {
        let mark = isAllowed ? Terminal.good("✓") : Terminal.bad("✗")
        return "\(mark) \(name): \(permission)\n  \(reason)"
    }

    private var reason: String {
        guard let standing else {
            return words(
                "정책에 없으므로 연결부터 거절된다.", "The policy does not know it: its connection is refused.")
        }
        if standing.isOwner {
            return words("게이트웨이를 실행하는 사용자는 모두 할 수 있다.", "The user that the gateway runs as may do everything.")
        }
        let holders = standing.holders.map { "\($0.who) (\(path):\($0.line))" }.joined(separator: ", ")
        guard let grant else {
            let roles = standing.roles.map(\.name).joined(separator: ", ")
            return words(
                "가진 역할 \(roles) 가운데 허용하는 것이 없다. 역할은 \(holders) 에서 온다.",
                "None of its roles (\(roles)) allows it; it has them by \(holders).")
        }
        let rank =
            grant.kind == .call
            ? words(" 서비스는 \(grant.rank.rawValue)(으)로 대한다.", " Services take it for a \(grant.rank.rawValue).") : ""
        return words(
            "역할 \(grant.role) 이(가) '\(grant.pattern)' 으로 허용한다 (\(path):\(grant.line)). 역할은 \(holders) 에서 온다.",
            "The role \(grant.role) allows it by '\(grant.pattern)' (\(path):\(grant.line)); it has the role by \(holders)."
        ) + rank
    }

    var json: JSON {
        var json: JSON = [
            "allowed": .bool(isAllowed), "known": .bool(standing != nil), "principal": .string(name),
            "permission": .string("\(permission)"), "owner": .bool(standing?.isOwner ?? false), "policy": .string(path),
            "roles": .array((standing?.roles ?? []).map { .string($0.name) }),
            "heldBy": .array((standing?.holders ?? []).map(\.json)),
        ]
        if let grant {
            json["by"] = [
                "role": .string(grant.role), "pattern": .string("\(grant.pattern)"),
                "line": .integer(Int64(grant.line)),
                "as": .string(grant.rank.rawValue),
            ]
        }
        return json
    }
}
