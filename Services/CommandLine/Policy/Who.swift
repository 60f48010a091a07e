import Foundation
import JSON
import Permissions
import ServiceKit

/// Somebody, as the command line names them: `uid:1001`, `uid:1001,gid:100`, `user:alice`, `gid:100`, `group:lab`,
/// `key:lab`.
struct Who {
    let credential: Credential

    init(_ text: String, _ policy: Policy, accounts: Accounts = .system) throws(Failure) {
        guard let credential = Who.credential(text, policy, accounts) else {
            throw Failure(
                .usage, words("누구인지 알 수 없다: \(text)", "Cannot tell who that is: \(text)"),
                next: words(
                    "uid:1001, user:이름, gid:100, group:이름, key:이름 가운데 하나로 쓴다. 사용자의 기본 그룹은 스스로 찾는다.",
                    "Write uid:1001, user:NAME, gid:100, group:NAME or key:NAME. A user's primary group is looked up."))
        }
        self.credential = credential
    }

    private static func credential(_ text: String, _ policy: Policy, _ accounts: Accounts) -> Credential? {
        let parts = text.split(separator: ",").map(String.init)
        guard let first = parts.first, let colon = first.firstIndex(of: ":") else { return nil }
        let value = String(first[first.index(after: colon)...])
        func process(_ user: UInt32?) -> Credential? {
            guard let user else { return nil }
            let given = parts.count > 1 ? group(parts[1], accounts) : accounts.groupOf(user)
            return .process(user: user, group: given ?? .max)
        }
        switch first[..<colon] {
        case "uid": return process(UInt32(value))
        case "user": return process(accounts.user(value))
        case "gid", "group": return group(first, accounts).map { .process(user: .max, group: $0) }
        case "key":
            // By the name in the policy, or by the key itself.
            for holder in policy.holders {
                if case .key(let key, let name) = holder.who, name == value { return .key(key) }
            }
            return .key(value)
        default: return nil
        }
    }

    private static func group(_ text: String, _ accounts: Accounts) -> UInt32? {
        if text.hasPrefix("gid:") { return UInt32(text.dropFirst(4)) }
        return text.hasPrefix("group:") ? accounts.group(String(text.dropFirst(6))) : nil
    }
}

extension PolicyFile {
    /// The file that the gateway of this environment reads, also when another user than the gateway's looks at it.
    static func ofEnvironment(_ configuration: Configuration = Configuration()) -> PolicyFile {
        let attributes = try? FileManager.default.attributesOfItem(atPath: configuration.data)
        let owner = (attributes?[.ownerAccountID] as? NSNumber)?.uint32Value
        return PolicyFile(path: configuration.policyPath, owner: owner)
    }

    /// The policy, or what is wrong with it in words.
    func readOrExplain() throws(Failure) -> Policy {
        do { return try read() } catch { throw Failure(error) }
    }
}

extension Failure {
    init(_ mistakes: PolicyMistakes) {
        self.init(
            .refused, mistakes.text(Tongue.current == .ko ? .ko : .en),
            next: words(
                "고칠 때까지 게이트웨이는 이전 정책을 그대로 쓴다.",
                "Until it is corrected, a running gateway keeps the policy it has."))
    }
}
