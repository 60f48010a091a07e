import Foundation
import JSON
import Testing

@testable import Permissions

/// Every mistake is told with its line, field and value.
@Suite struct PolicyReadingTests {
    private static let key = PolicyTests.key
    private static let role = "roles:\n  r: {call: [fund.*]}\n"

    @Test(arguments: [
        ("role: {}", 1, "", "role", "is not a known member; there are: reach, roles, principals"),
        ("- a", 1, "", nil, "must be a mapping with"),
        ("roles:\n  r:\n    cal: [fund.*]", 3, "roles.r", "cal", "there are: as, serve, call, subscribe"),
        (
            "roles:\n  r:\n    as: boss\n    call: [fund.*]", 3, "roles.r.as", "boss",
            "viewer, member, operator, service"
        ),
        ("roles:\n  r: {call: fund.*}", 2, "roles.r.call", "fund.*", "must be a list"),
        ("roles:\n  r: {call: []}", 2, "roles.r.call", nil, "at least one"),
        ("roles:\n  r: {call: [[a]]}", 2, "roles.r.call[0]", nil, "must be text"),
        ("roles:\n  r: {call: [fund]}", 2, "roles.r.call", "fund", "'fund.*'"),
        ("roles:\n  r: {call: [f*.get]}", 2, "roles.r.call", "f*.get", "only at its end"),
        ("roles:\n  r: {call: [\"fund. *\"]}", 2, "roles.r.call", "fund. *", "no spaces"),
        (
            "roles:\n  r:\n    call:\n      - fund.*\n      - fund.cases.get", 5, "roles.r.call", "fund.cases.get",
            "overlaps with fund.* in line 4"
        ),
        ("roles:\n  r: {call: [a.b, a.b]}", 2, "roles.r.call[1]", "a.b", "stands twice"),
        ("roles:\n  r: {subscribe: [ieum.fund.fund.created]}", 2, "roles.r.subscribe", "ieum.fund.fund.created", "'*'"),
        ("roles:\n  r: {serve: [gateway]}", 2, "roles.r.serve", "gateway", "serves itself"),
        ("roles:\n  r: {serve: [mmi.service]}", 2, "roles.r.serve", "mmi.service", "serves itself"),
        ("roles:\n  \"a b\": {call: [fund.*]}", 2, "roles", "a b", "1 to 64 letters"),
        ("roles:\n  r: {}\n  r: {}", 2, "", "r", "twice"),
        ("roles: [", 2, "", nil, "is not YAML"),
        ("principals: {}", 1, "principals", nil, "must be a list"),
        (role + "principals:\n  - roles: [r]", 4, "principals[0]", nil, "exactly one of uid, gid, user, group, key"),
        (role + "principals:\n  - {uid: 1, gid: 2, roles: [r]}", 4, "principals[0]", "uid, gid", "exactly one"),
        (role + "principals:\n  - {uid: -1, roles: [r]}", 4, "principals[0].uid", "-1", "a whole number"),
        (role + "principals:\n  - {uid: alice, roles: [r]}", 4, "principals[0].uid", "alice", "names go with user"),
        (
            role + "principals:\n  - {user: bob, roles: [r]}", 4, "principals[0].user", "bob",
            "not known on this machine"
        ),
        (role + "principals:\n  - {uid: 1}", 4, "principals[0]", nil, "needs a list roles:"),
        (role + "principals:\n  - {uid: 1, roles: [q]}", 4, "principals[0].roles", "q", "is no role; there are: r"),
        (role + "principals:\n  - {uid: 1, role: [r]}", 4, "principals[0]", "role", "is not a known member"),
        (role + "principals:\n  - {uid: 1, name: x, roles: [r]}", 4, "principals[0].name", "x", "goes with a key"),
        (role + "principals:\n  - {uid: 1000, roles: [r]}", 4, "principals[0]", "1000", "may do everything"),
        (role + "principals:\n  - {user: owner, roles: [r]}", 4, "principals[0]", "1000", "may do everything"),
        (
            role + "principals:\n  - {uid: 2001, roles: [r]}\n  - {user: alice, roles: [r]}", 5, "principals[1]", nil,
            "defined in line 4 already"
        ),
        (role + "principals:\n  - {key: abc, name: x, roles: [r]}", 4, "principals[0].key", "abc", "40 characters"),
        (role + "principals:\n  - {key: \"\(key)\", roles: [r]}", 4, "principals[0]", nil, "needs a name:"),
        (
            role + "principals:\n  - {key: \"\(key)\", name: \"a b\", roles: [r]}", 4, "principals[0].name", "a b",
            "1 to 64 letters"
        ),
        (
            role
                + "principals:\n  - {key: \"\(key)\", name: x, roles: [r]}\n  - {key: \"\(key)\", name: y, roles: [r]}",
            5, "principals[1]", nil, "defined in line 4 already"
        ),
        (
            role
                + "principals:\n  - {key: \"\(key)\", name: x, roles: [r]}\n  - {key: \"\(PolicyTests.other)\", name: x, roles: [r]}",
            5, "principals[1]", nil, "defined in line 4 already"
        ),
        ("reach: all", 1, "reach", "all", "must be everyone or {group: NAME}"),
        ("reach: {group: nowhere}", 1, "reach.group", "nowhere", "not known on this machine"),
        ("reach: {user: alice}", 1, "reach", "user", "is not a known member"),
    ])
    func aMistakeIsTold(_ text: String, _ line: Int, _ field: String, _ value: String?, _ rule: String) throws {
        let mistakes = try #require(throws: PolicyMistakes.self) { try PolicyTests.read(text) }
        let found = try #require(mistakes.list.first { $0.line == line && $0.field == field }, "\(mistakes)")
        #expect(found.value == value)
        #expect(found.rule.en.contains(rule), "\(found.rule.en)")
        #expect(found.rule.ko != found.rule.en)
        #expect(mistakes.text(.ko).contains("\(line)번째 줄"))
        #expect(mistakes.description.hasPrefix("policy.yaml: line "))
    }

    @Test func allMistakesAreToldAtOnceInTheOrderOfTheLines() throws {
        let text =
            "roles:\n  r: {as: x, call: [fund]}\nprincipals:\n  - {uid: x, roles: [r]}\n  - {uid: 2, roles: [s]}\n"
        let mistakes = try #require(throws: PolicyMistakes.self) { try PolicyTests.read(text) }
        #expect(mistakes.list.map(\.line) == [2, 2, 4, 5])
    }

    // MARK: The file

    @Test func aFileThatOthersCouldWriteIsNotTrusted() throws {
        let path = "/tmp/ieum-policy-\(UInt32.random(in: 0 ... .max)).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = PolicyFile(path: path)
        #expect(file.stamp == nil)
        #expect(try file.read() == Policy(owner: geteuid()))
        try "reach: everyone\n".write(toFile: path, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(try file.read().reach == .everyone)
        let stamp = file.stamp
        #expect(stamp != nil)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
        #expect(throws: PolicyMistakes.self) { try file.read() }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let foreign = PolicyFile(path: path, owner: geteuid() + 1)
        if geteuid() != 0 { #expect(throws: PolicyMistakes.self) { try foreign.read() } }
        try "reach: {}\n\n".write(toFile: path, atomically: false, encoding: .utf8)
        #expect(file.stamp != stamp)
    }
}
