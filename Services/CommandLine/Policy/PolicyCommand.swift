import ArgumentParser
import Foundation
import JSON
import Permissions
import ServiceKit

/// `ieum policy`: who may serve, call and hear what.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: words("누가 무엇을 할 수 있는지 설명하고, 정책을 보이고, 다시 읽힌다.", "Explains, shows and reloads who may do what."),
        subcommands: [Check.self, Show.self, Reload.self])

    /// `ieum policy check`: the decision of the gateway, by the same code, with the line that makes it.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: words("결정을 설명한다. 게이트웨이가 돌지 않아도 된다.", "Explains a decision; needs no running gateway."),
            discussion: words(
                """
                예: ieum policy check uid:1001 call matching.recommend
                    ieum policy check user:alice call 'fund.*'
                    ieum policy check key:lab serve echo
                    ieum policy check group:research subscribe ieum.fund.
                """,
                """
                For example: ieum policy check uid:1001 call matching.recommend
                             ieum policy check user:alice call 'fund.*'
                             ieum policy check key:lab serve echo
                             ieum policy check group:research subscribe ieum.fund.
                """))

        @Argument(help: .init(words("누가.", "Who."))) var who: String
        @Argument(help: .init(words("serve, call, subscribe.", "serve, call or subscribe."))) var kind: String
        @Argument(help: .init(words("이름, 메서드, 주제의 앞부분.", "The name, the method, the topics' beginning."))) var name:
            String

        @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
        var json = false

        func run() async throws {
            guard let kind = Permission.Kind(rawValue: kind) else {
                throw Failure(
                    .usage, words("무엇을 묻는지 알 수 없다: \(kind)", "Cannot tell what is asked: \(kind)"),
                    next: words("serve, call, subscribe 가운데 하나로 쓴다.", "Write serve, call or subscribe."))
            }
            let policy = try PolicyFile.ofEnvironment().readOrExplain()
            let asked = kind == .subscribe && name.hasSuffix("*") ? String(name.dropLast()) : name
            let verdict = Verdict(
                try Who(who, policy).credential, Permission(kind, asked), policy,
                path: Configuration().policyPath)
            Terminal.line(json ? verdict.json.pretty() : verdict.text)
            if !verdict.isAllowed { throw Finished(status: .refused) }
        }
    }

    /// `ieum policy show`: the file, checked.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: words("정책 파일을 검사해 보인다.", "Checks the policy file and shows it."))

        @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
        var json = false

        func run() async throws {
            let file = PolicyFile.ofEnvironment()
            let policy = try file.readOrExplain()
            if json { return Terminal.line(policy.json.pretty()) }
            Terminal.line(Terminal.faint(file.path + (file.stamp == nil ? words(" (없음)", " (not there)") : "")))
            Terminal.line(
                words(
                    "모두 할 수 있는 사용자: uid:\(policy.owner)", "May do everything: uid:\(policy.owner), the gateway's user"))
            if policy.holders.isEmpty {
                return Terminal.line(words("그 밖에는 아무도 들어오지 못한다.", "Nobody else is admitted."))
            }
            Terminal.line(Show.roles(policy))
            Terminal.line()
            Terminal.line(Show.principals(policy))
        }

        private static func roles(_ policy: Policy) -> String {
            var table = Table([words("역할", "ROLE"), words("자격", "AS"), "SERVE", "CALL", "SUBSCRIBE"])
            for role in policy.roles {
                let lists = Permission.Kind.allCases.map { kind in
                    role.grants.filter { $0.kind == kind }.map { "\($0.pattern)" }.joined(separator: " ")
                }
                table.row([role.name, role.rank.rawValue] + lists)
            }
            return table.text
        }

        private static func principals(_ policy: Policy) -> String {
            var table = Table([words("누구", "PRINCIPAL"), words("역할", "ROLES")])
            for holder in policy.holders { table.row(["\(holder.who)", holder.roles.joined(separator: " ")]) }
            return table.text
        }
    }

    /// `ieum policy reload`: the gateway reads the file now, and says what is wrong with it.
    struct Reload: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: words("게이트웨이가 정책 파일을 바로 다시 읽게 한다.", "Makes the gateway read the policy file now."))

        @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
        var json = false

        func run() async throws {
            let policy = try await Line.open { try await $0.call("gateway.policy.reload") }
            if json { return Terminal.line(policy.pretty()) }
            let (roles, principals) = (policy["roles"]?.array?.count ?? 0, policy["principals"]?.array?.count ?? 0)
            Terminal.line(
                words(
                    "읽었다: 역할 \(roles)개, 주체 \(principals)개 (\(policy["path"]?.string ?? ""))",
                    "Read: \(roles) roles, \(principals) principals (\(policy["path"]?.string ?? ""))"))
        }
    }
}
