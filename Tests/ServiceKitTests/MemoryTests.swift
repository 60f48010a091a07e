import Foundation
import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

private struct Hidden: Codable, Sendable, Described {
    let text: String
    init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
    private init() { text = "" }
    static var sample: Hidden { Hidden() }
    static var schema: Schema { .string(maxLength: 20).secret }
}

private enum Looks {
    struct Look: Codable, Sendable {
        let at: String
        let answer: Hidden?
        let inner: Inner?
    }
    struct Inner: Codable, Sendable { let name: Hidden }
    struct Seen: Codable, Sendable { let number: Int }

    static let service = ServiceDefinition(
        name: "looks", title: Bilingual(ko: "열람", en: "Looks"),
        migrations: [Migration("looks-001", "CREATE TABLE looks (number BIGINT PRIMARY KEY)")],
        methods: [
            .command("looks.look", Bilingual(ko: "본다", en: "Looks"), remembers: .key) {
                (_: Look, w: Write) throws -> Seen in try look(w)
            },
            .command("looks.keep", Bilingual(ko: "적는다", en: "Keeps")) { (_: NoParameters, w: Write) throws -> Seen in
                try look(w)
            },
        ])

    private static func look(_ w: Write) throws -> Seen {
        let last: Int = try w.db.row("SELECT COUNT(*) AS n FROM looks")?.get("n") ?? 0
        try w.db.run("INSERT INTO looks VALUES (?)", last + 1)
        return Seen(number: last + 1)
    }
}

@Suite struct MemoryTests {
    let kit: TestService

    init() throws { kit = try TestService(Looks.service) }

    @Test func anAnswerThatIsNotKeptIsGivenAnew() async throws {
        let first = try await kit.call("looks.look", ["at": "a"], key: "k")
        let second = try await kit.call("looks.look", ["at": "a"], key: "k")
        #expect(first["number"] == 1 && second["number"] == 2)
        // The key still tells another request from this one.
        #expect(try await kit.fault("looks.look", ["at": "b"], key: "k").code == .conflict)
        let kept = try await kit.database.read { db in
            try db.rows("SELECT response FROM service_idempotency").map { try $0.get("response") as String }
        }
        #expect(kept == [""])
        let methods = try #require(try await kit.call("rpc.discover")["methods"]?.array)
        #expect(methods.first { $0["name"] == "looks.look" }?["x-remembers"] == "key")
        #expect(methods.first { $0["name"] == "looks.keep" }?["x-remembers"] == "answer")
    }

    @Test func keysAreForgottenAfterTheirTimeExceptThoseOfImports() async throws {
        for key in ["k", "import:set:1"] { #expect(try await kit.call("looks.keep", key: key)["number"] != 0) }
        try await kit.advance(seconds: 6 * 86_400)
        #expect(try await kit.call("looks.keep", key: "k")["number"] == 1)
        #expect(try await used("k"))
        try await kit.advance(seconds: 2 * 86_400)
        #expect(try await kit.call("service.key", ["key": "k"])["usedAt"] ?? .null == .null)
        #expect(
            try await kit.call("service.key", ["key": "import:set:1"], principal: "uid:2")["usedAt"] ?? .null == .null)
        #expect(try await kit.call("looks.keep", key: "k")["number"] == 3)
        #expect(try await kit.call("looks.keep", key: "import:set:1")["number"] == 2)
    }

    @Test func manyOldKeysAreForgottenInPartsSoThatWritersDoNotWait() async throws {
        for number in 1...1_500 { try await kit.call("looks.keep", key: "k\(number)") }
        try await kit.advance(seconds: 8 * 86_400)
        #expect(try await used("k1000") == false)
        #expect(try await used("k1001"))
        try await kit.advance(seconds: 1)
        #expect(try await used("k1500") == false)
    }

    private func used(_ key: String, by principal: String = "uid:1000") async throws -> Bool {
        try await kit.call("service.key", ["key": .string(key)], principal: principal)["usedAt"]?.string != nil
    }

    @Test func theAgeOfKeysIsASetting() throws {
        #expect(try Configuration(environment: [:]).keyAge == .seconds(7 * 86_400))
        #expect(try Configuration(environment: ["IEUM_IDEMPOTENCY_DAYS": "30"]).keyAge == .seconds(30 * 86_400))
        for wrong in ["0", "-1", "3651", "soon", "1.5"] {
            #expect(throws: Configuration.Refused.self, "\(wrong)") {
                try Configuration(environment: ["IEUM_IDEMPOTENCY_DAYS": wrong]).keyAge
            }
        }
    }

    @Test(arguments: [
        #"{"at": "x", "anser": "hunter2"}"#, #"{"at": "x", "answer": ["hunter2"]}"#,
        #"{"at": "x", "answer": "hunter2 hunter2 hunter2 hunter2"}"#, #"{"at": "x", "inner": {"nam": "hunter2"}}"#,
        #"{"at": "x", "inner": "hunter2"}"#, #"["hunter2"]"#, #""hunter2""#,
    ])
    func secretsAreNeverRepeated(_ text: String) async throws {
        let fault = try await kit.fault("looks.look", try JSON(parsing: text))
        #expect(fault.code == .invalidParams)
        #expect(!fault.json.text.contains("hunter2"), "\(fault.json.text)")
    }

    @Test func whatIsNoSecretIsStillShown() async throws {
        let fault = try await kit.fault("looks.look", ["at": 7])
        #expect(fault.data["fields"]?.at("/0/value") == 7)
        let methods = try #require(try await kit.call("rpc.discover")["methods"]?.array)
        let parameters = methods.first { $0["name"] == "looks.look" }?["params"]
        #expect(parameters?.at("/1/schema/writeOnly")?.bool == true)
        #expect(parameters?.at("/0/schema/writeOnly") == nil)
    }
}

@Suite struct BackupMethodTests {
    private func place() throws -> String {
        let place = NSTemporaryDirectory() + "/ieum-kit-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        return place
    }

    @Test func aServiceCopiesItsDatabase() async throws {
        let place = try place()
        defer { try? FileManager.default.removeItem(atPath: place) }
        let kit = try TestService(Looks.service, path: place + "/live.sqlite")
        try await kit.call("looks.keep")
        let copy = try await kit.call("service.backup", ["directory": .string(place)])
        #expect(copy["file"] == "looks.sqlite")
        #expect(copy["bytes"]?.integer ?? 0 > 0)
        #expect(copy["migrations"]?.array?.contains("looks-001") == true)
        #expect(try DatabaseCopy(path: place + "/looks.sqlite").verify().contains("looks-001"))
        kit.database.close()
    }

    @Test func wrongPlacesAreNamed() async throws {
        let place = try place()
        defer { try? FileManager.default.removeItem(atPath: place) }
        let kit = try TestService(Looks.service, path: place + "/looks.sqlite")
        try await kit.call("looks.keep")
        for (wrong, rule) in [
            ("here", "absolute"), ("../x", "absolute"), ("", "empty"), (place + "/none", "does not exist"),
            (place + "/looks.sqlite", "not a directory"), (place, "already"), ("/proc", "cannot be written"),
        ] {
            let fault = try await kit.fault("service.backup", ["directory": .string(wrong)])
            #expect(["invalidParams", "failedPrecondition"].contains(fault.code.name), "\(wrong)")
            guard wrong != "/proc" else { continue }
            let field = fault.data["fields"]?.at("/0")
            #expect(field?["pointer"]?.string == "/directory", "\(wrong)")
            #expect(field?.at("/rule/en")?.string?.contains(rule) == true, "\(wrong)")
        }
        await #expect(throws: Fault.self) {
            try await kit.call("service.backup", ["directory": .string(place)], roles: [.viewer, .member])
        }
        let memory = try TestService(Looks.service)
        #expect(try await memory.fault("service.backup", ["directory": .string(place)]).code == .invalidParams)
        kit.database.close()
    }
}
