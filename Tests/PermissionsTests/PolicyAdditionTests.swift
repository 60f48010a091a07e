import Testing
import ZeroMQ

@testable import Permissions

/// A key goes into the file without anything else in it changing.
@Suite struct PolicyAdditionTests {
    private let file = PolicyFile(path: "policy.yaml", owner: 1000, accounts: PolicyTests.accounts)

    private func add(_ text: String, roles: [String] = ["r"]) throws -> String {
        try file.adding(key: try #require(CurveKey(PolicyTests.key)), name: "lab", roles: roles, to: text)
    }

    private static let entry = "- key: \"\(PolicyTests.key)\"\n"

    @Test(arguments: [
        (
            "roles: {r: {call: [a.b]}}  # kept\n",
            "roles: {r: {call: [a.b]}}  # kept\nprincipals:\n  \(entry)    name: lab\n    roles: [r]\n"
        ),
        (
            "roles: {r: {call: [a.b]}}\nprincipals:\n- uid: 7\n  roles: [r]\n\n\n",
            "roles: {r: {call: [a.b]}}\nprincipals:\n- uid: 7\n  roles: [r]\n\(entry)  name: lab\n  roles: [r]\n"
        ),
        (
            "principals:\n    - uid: 7\n      roles: [r]\n# of roles\nroles: {r: {call: [a.b]}}\n",
            "principals:\n    - uid: 7\n      roles: [r]\n# of roles\n    \(entry)      name: lab\n      roles: [r]\nroles: {r: {call: [a.b]}}\n"
        ),
    ])
    func itStandsAtTheEndOfThePrincipals(_ before: String, _ after: String) throws {
        let text = try add(before)
        #expect(text == after)
        let policy = try file.policy(of: text)
        #expect(policy.standing(of: .key(PolicyTests.key))?.name == "key:lab")
        #expect(policy.holders.count == (try file.policy(of: before)).holders.count + 1)
    }

    @Test(arguments: [
        "", "roles: {q: {call: [a.b]}}\n", "roles: {r: {call: [a.b]}}\nprincipals: []\n", "roles: {r: {call: [a]}}\n",
        "roles: {r: {call: [a.b]}}\nprincipals:\n  - {key: \"\(PolicyTests.other)\", name: lab, roles: [r]}\n",
    ])
    func whatWouldBeWrongIsToldInstead(_ before: String) {
        #expect(throws: PolicyMistakes.self) { try add(before) }
    }
}
