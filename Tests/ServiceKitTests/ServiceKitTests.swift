import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary

private enum NoteKind: IDKind { static let prefix = "nte" }

private enum Notes {
    struct Create: Codable, Sendable, Constrained {
        let title: String
        let amount: Won
        static let constraints: [String: Schema.Constraint] = ["title": .length(1...10)]
    }
    struct Note: Codable, Sendable {
        let id: ID<NoteKind>
        let title: String
        let amount: Won
    }

    static let service = ServiceDefinition(
        name: "notes", title: Bilingual(ko: "쪽지", en: "Notes"),
        migrations: [Migration("notes-001", "CREATE TABLE notes (id TEXT PRIMARY KEY, title TEXT, amount BIGINT)")],
        methods: [
            .command("notes.create", Bilingual(ko: "쓴다", en: "Writes")) { (p: Create, w: Write) throws -> Note in
                let note = Note(id: .new(at: w.now), title: p.title, amount: p.amount)
                try w.db.run("INSERT INTO notes VALUES (?, ?, ?)", note.id, note.title, note.amount)
                try w.emit("notes.note.created", subject: note.id.description, note)
                if p.title == "no" {
                    throw Fault.failedPrecondition(rule: "title.no", Bilingual(ko: "안 됩니다", en: "not this title"))
                }
                return note
            },
            .query("notes.count", Bilingual(ko: "센다", en: "Counts")) { (_: NoParameters, r: Read) throws -> Int in
                try r.db.row("SELECT COUNT(*) AS n FROM notes")?.get("n") ?? 0
            },
            .command("notes.purge", Bilingual(ko: "지운다", en: "Purges"), role: .operator) {
                (_: NoParameters, w: Write) throws -> Int in try w.db.run("DELETE FROM notes")
            },
            .action("notes.break", Bilingual(ko: "망가진다", en: "Breaks")) { (_: NoParameters, _) async throws -> Int in
                struct Secret: Error { let password = "hunter2" }
                throw Secret()
            },
        ],
        jobs: [
            Job(name: "tick", every: .seconds(1)) { w in
                try w.emit("notes.ticked", subject: "clock", ["at": w.now.description])
            }
        ])
}

@Suite struct ServiceTests {
    let kit: TestService

    init() throws { kit = try TestService(Notes.service) }

    private func raw(_ text: String) async throws -> JSON? {
        let headers: JSON = ["principal": "uid:1", "roles": ["viewer", "member"]]
        return try await kit.send(Array(text.utf8), headers: headers.bytes).map { try JSON(parsing: $0) }
    }

    @Test func aCommandLeavesRowEventAndAuditTogether() async throws {
        let note = try await kit.call("notes.create", ["title": "a", "amount": 5])
        #expect(try await kit.call("notes.count") == 1)
        let event = try #require(try await kit.events.first)
        #expect(event["type"] == "ieum.notes.note.created")
        #expect(event["subject"] == note["id"])
        #expect(event["specversion"] == "1.0")
        let audit = try await kit.call("service.audit", ["subject": note["id"] ?? .null])
        #expect(audit.at("/items/0/method") == "notes.create")
        #expect(audit.at("/items/0/principal") == "uid:1000")
    }

    @Test func aCommandThatThrowsLeavesNothing() async throws {
        let fault = try await kit.fault("notes.create", ["title": "no", "amount": 5], key: "k")
        #expect(fault.code == .failedPrecondition)
        #expect(fault.data["rule"] == "title.no")
        #expect(try await kit.call("notes.count") == 0)
        #expect(try await kit.events.isEmpty)
        #expect(try await kit.call("service.audit").at("/items") == [])
    }

    @Test func theSameKeyAnswersTheSameAndChangesNothing() async throws {
        let first = try await kit.call("notes.create", ["title": "a", "amount": 5], key: "k1")
        let again = try await kit.call("notes.create", ["amount": 5, "title": "a"], key: "k1")
        #expect(first == again)
        #expect(try await kit.call("notes.count") == 1)
        #expect(try await kit.events.count == 1)
        let other = try await kit.fault("notes.create", ["title": "b", "amount": 5], key: "k1")
        #expect(other.code == .conflict)
        // Another principal's key is another key.
        _ = try await kit.call("notes.create", ["title": "b", "amount": 5], key: "k1", principal: "uid:2")
        #expect(try await kit.call("notes.count") == 2)
    }

    @Test func manyAtOnceWithOneKeyRunOnce() async throws {
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask { [kit] in try await kit.call("notes.create", ["title": "a", "amount": 1], key: "same") }
            }
            var answers: Set<JSON> = []
            for try await answer in group { answers.insert(answer) }
            #expect(answers.count == 1)
        }
        #expect(try await kit.call("notes.count") == 1)
    }

    @Test func allFieldErrorsComeAtOnce() async throws {
        let fault = try await kit.fault("notes.create", ["title": "", "amount": "x", "colour": 1])
        #expect(fault.code == .invalidParams)
        let places = fault.data["fields"]?.array?.compactMap { $0["pointer"]?.string }
        #expect(places == ["/title", "/amount", "/colour"])
        #expect(fault.data["fields"]?.at("/0/rule/ko")?.string?.isEmpty == false)
    }

    @Test func rolesAreChecked() async throws {
        let fault = await #expect(throws: Fault.self) { try await kit.call("notes.purge", roles: [.viewer, .member]) }
        #expect(fault?.code == .forbidden)
        #expect(fault?.data["permission"] == "operator")
        #expect(try await kit.call("notes.purge") == 0)
    }

    @Test func withoutAPrincipalNothingIsAnswered() async throws {
        let body: JSON = ["jsonrpc": "2.0", "id": 1, "method": "notes.count"]
        let answer = try #require(await kit.send(body.bytes, headers: nil))
        #expect(try JSON(parsing: answer).at("/error/code") == -32001)
    }

    @Test func thePastDeadlineIsNotStarted() async throws {
        let past = Instant(milliseconds: kit.now.milliseconds - 1)
        let fault = await #expect(throws: Fault.self) {
            try await kit.call("notes.create", ["title": "a", "amount": 1], deadline: past)
        }
        #expect(fault?.code == .deadlineExceeded)
        #expect(fault?.data["started"] == false)
        #expect(try await kit.call("notes.count") == 0)
    }

    @Test func internalErrorsTellNothing() async throws {
        let fault = try await kit.fault("notes.break")
        #expect(fault.code == .internalError)
        #expect(!fault.json.text.contains("hunter2"))
    }

    @Test(arguments: [
        ("{", -32700), ("\u{feff}{}", -32700), ("[]", -32600), ("5", -32600), ("{}", -32600),
        (#"{"jsonrpc":"1.0","id":1,"method":"notes.count"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":{},"method":"notes.count"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":"notes.nothing"}"#, -32601),
        (#"{"jsonrpc":"2.0","id":1,"method":"notes.count","params":[1]}"#, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"notes.count","params":"x"}"#, -32602),
    ])
    func theProtocolIsKept(_ text: String, _ code: Int64) async throws {
        let answer = try #require(try await raw(text))
        #expect(answer.at("/error/code") == .integer(code))
        #expect(answer.at("/error/data/name")?.string != nil)
        #expect(answer.at("/error/data/retryable")?.bool != nil)
    }

    @Test func notificationsAreDoneAndNotAnswered() async throws {
        #expect(try await raw(#"{"jsonrpc":"2.0","method":"notes.create","params":{"title":"n","amount":1}}"#) == nil)
        #expect(try await raw(#"{"jsonrpc":"2.0","method":"notes.nothing"}"#) == nil)
        #expect(try await kit.call("notes.count") == 1)
    }

    @Test func aBatchIsAnsweredTogether() async throws {
        let answer = try await raw(
            """
            [{"jsonrpc":"2.0","id":"a","method":"notes.count"},{"jsonrpc":"2.0","method":"notes.count"},7]
            """)
        let list = try #require(answer?.array)
        #expect(list.count == 2)
        #expect(list.contains { $0["id"] == "a" && $0["result"] == 0 })
        #expect(try await raw(#"[{"jsonrpc":"2.0","method":"notes.count"}]"#) == nil)
        let many = "[" + Array(repeating: "1", count: 101).joined(separator: ",") + "]"
        #expect(try await raw(many)?.at("/error/code") == -32600)
    }

    @Test func aBatchWithOneKeyIsDoneOnceRequestByRequest() async throws {
        let headers: JSON = ["principal": "uid:1", "roles": ["member"], "idempotencyKey": "batch-1"]
        let body = """
            [{"jsonrpc":"2.0","id":1,"method":"notes.create","params":{"title":"a","amount":1}},
             {"jsonrpc":"2.0","id":2,"method":"notes.create","params":{"title":"b","amount":2}}]
            """
        var answers: [JSON] = []
        for _ in 0..<2 {
            let answer = try #require(await kit.send(Array(body.utf8), headers: headers.bytes))
            answers.append(try JSON(parsing: answer))
        }
        #expect(answers[0].array?.allSatisfy { $0["result"] != nil } == true)
        #expect(Set(answers[0].array ?? []) == Set(answers[1].array ?? []))
        #expect(try await kit.call("notes.count") == 2)
    }

    @Test func discoveryDescribesEveryMethod() async throws {
        let document = try await kit.call("rpc.discover")
        let methods = try #require(document["methods"]?.array)
        let create = try #require(methods.first { $0["name"] == "notes.create" })
        #expect(create.at("/params/0/name") == "title")
        #expect(create.at("/params/0/schema/maxLength") == 10)
        #expect(create.at("/result/schema/properties/amount/type") == "integer")
        #expect(create["x-role"] == "member")
        #expect(methods.allSatisfy { $0["summary"]?.string?.isEmpty == false && $0["x-summary-ko"] != nil })
    }

    @Test func statisticsCountCallsAndErrors() async throws {
        _ = try await kit.call("notes.count")
        _ = try await kit.fault("notes.count", ["x": 1])
        _ = try await kit.fault("notes.made.up.\(1)")
        let methods = try #require(try await kit.call("service.stats")["methods"]?.array)
        let count = try #require(methods.first { $0["method"] == "notes.count" })
        #expect(count["count"] == 2 && count["errors"] == 1)
        #expect(count["p99Us"]?.integer != nil)
        #expect(methods.contains { $0["method"] == "(unknown)" && $0["count"] == 1 })
    }

    @Test func jobsRunInTransactionsOfTheirOwn() async throws {
        try await kit.advance(seconds: 5)
        let event = try #require(try await kit.events.last)
        #expect(event["type"] == "ieum.notes.ticked")
        #expect(event["principal"] == "service:notes")
        #expect(event.at("/data/at")?.string == kit.now.description)
    }

    @Test func keysAreBounded() async throws {
        let long = String(repeating: "k", count: 201)
        #expect(try await kit.fault("notes.create", ["title": "a", "amount": 1], key: long).code == .invalidParams)
        // One that is no text must not be taken for none.
        for key in ["5", "true", #"["k"]"#, #""""#] {
            let answer = await kit.send(
                Array(#"{"jsonrpc":"2.0","id":1,"method":"notes.create","params":{"title":"a","amount":1}}"#.utf8),
                headers: Array(#"{"principal":"uid:1000","roles":["member"],"idempotencyKey":\#(key)}"#.utf8))
            #expect(try JSON(parsing: answer ?? []).at("/error/data/name") == "invalidParams", "\(key)")
        }
    }

    @Test func anUnknownMethodIsToldWhereToGo() async throws {
        let expected = [
            "notes.nothing": "there is no method 'notes.nothing'; see rpc.discover",
            "notes.all.create": "there is no method 'notes.all.create'; see notes.create",
            "fund.create": "'notes' has no method 'fund.create'; send it to the service 'fund'",
            "nothing": "there is no method 'nothing'; see rpc.discover",
            "": "there is no method ''; see rpc.discover",
            "$/cancelRequest": "'$/cancelRequest' is a notification; send it without an id",
        ]
        for (method, message) in expected { #expect(try await kit.fault(method).message.en == message) }
    }
}
