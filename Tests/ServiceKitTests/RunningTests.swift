import JSON
import ServiceKit
import Storage
import Synchronization
import Testing
import Vocabulary

/// What a handler of these tests has been told, and what it waits for.
private final class Stand: Sendable {
    let hasBegun = Signal()
    let mayEnd = Signal()
    let ran = Mutex<[String]>([])
    let heard = Mutex<[JSON]>([])

    func note(_ name: String) { ran.withLock { $0.append(name) } }
    func hear(_ value: JSON) { heard.withLock { $0.append(value) } }

    struct Many: Codable, Sendable { let count: Int }
    struct Numbers: Codable, Sendable {
        let items: [Int]
        let next: Int?
    }

    /// Long enough for any deadline here; a handler that is not cancelled would hold the test up.
    static func sleep() async throws { try await Task.sleep(for: .seconds(600)) }

    var definition: ServiceDefinition {
        ServiceDefinition(
            name: "long", title: Bilingual(ko: "긴 일", en: "Long work"), migrations: [],
            methods: [
                .action("long.wait", Bilingual(ko: "기다린다", en: "Waits")) { [self] (_: NoParameters, _) -> Int in
                    hasBegun.send()
                    try await Stand.sleep()
                    return 1
                },
                .action("long.stubborn", Bilingual(ko: "고집", en: "Does not listen")) {
                    [self] (_: NoParameters, _) -> Int in
                    hasBegun.send()
                    await mayEnd.wait()
                    return 2
                },
                .action("long.failing", Bilingual(ko: "실패", en: "Fails")) { [self] (_: NoParameters, _) -> Int in
                    hasBegun.send()
                    do { try await Stand.sleep() } catch { throw Fault.notFound(kind: "thing", id: "x") }
                    return 3
                },
                .command("long.write", Bilingual(ko: "쓴다", en: "Writes")) { [self] (_: NoParameters, w) -> Int in
                    note("write")
                    hasBegun.send()
                    mayEnd.block()
                    return 4
                },
                .query("long.read", Bilingual(ko: "읽는다", en: "Reads")) { [self] (_: NoParameters, r) -> Int in
                    note("read")
                    return 5
                },
                .query("long.count", Bilingual(ko: "센다", en: "Counts")) { [self] (_: NoParameters, r) -> Int in
                    hasBegun.send()
                    // Minutes of work, unless it is ended.
                    let sql = """
                        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)
                        SELECT COUNT(*) AS c FROM n
                        """
                    return try r.db.row(sql)?.get("c") ?? 0
                },
                .action("long.steps", Bilingual(ko: "단계", en: "Steps")) { (p: Many, call) -> Int in
                    for step in 0...p.count {
                        call.progress(Int64(step), of: Int64(p.count), Bilingual(ko: "\(step)단계", en: "step \(step)"))
                    }
                    return p.count
                },
                .stream("long.numbers", Bilingual(ko: "수", en: "Numbers")) {
                    (p: Many, _, items: Items<Int>) async throws -> Numbers in
                    for number in 0..<p.count where try await !items.send(number) {
                        return Numbers(items: items.rest, next: number + 1)
                    }
                    return Numbers(items: items.rest, next: nil)
                },
                .stream("long.endless", Bilingual(ko: "끝없는 글", en: "Endless text")) {
                    (_: NoParameters, _, items: Items<String>) async throws -> Int in
                    let text = String(repeating: "x", count: 10_000)
                    var sent = 1
                    while try await items.send(text) { sent += 1 }
                    return sent
                },
            ])
    }
}

/// One event that is waited for: by a task, or by a thread that may block.
private final class Signal: Sendable {
    private let isSent = Atomic(false)
    func send() { isSent.store(true, ordering: .releasing) }
    func wait() async { while !isSent.load(ordering: .acquiring) { await Task.yield() } }
    func block() { while !isSent.load(ordering: .acquiring) {} }
}

@Suite(.timeLimit(.minutes(5))) struct RunningTests {
    private let stand = Stand()
    private let kit: TestService

    init() throws { kit = try TestService(stand.definition) }

    private func fault(_ method: String, id: String = "r1", deadline: Instant? = nil) async throws -> Fault {
        let fault = await #expect(throws: Fault.self) {
            try await kit.call(method, deadline: deadline, requestId: id)
        }
        return try #require(fault)
    }

    @Test func aHandlerIsCancelledAtItsDeadline() async throws {
        let fault = try await fault("long.wait", deadline: Instant(milliseconds: kit.now.milliseconds + 50))
        #expect(fault.code == .deadlineExceeded)
        #expect(fault.data["started"] == true)
    }

    @Test func whatComesAfterTheDeadlineIsStillTheOneAnswer() async throws {
        async let answer = kit.call(
            "long.stubborn", deadline: Instant(milliseconds: kit.now.milliseconds + 1), requestId: "r1")
        await stand.hasBegun.wait()
        try await Task.sleep(for: .milliseconds(5))
        stand.mayEnd.send()
        #expect(try await answer == 2)
    }

    @Test func aHandlerIsCancelledByItsCaller() async throws {
        async let fault = fault("long.wait", deadline: Instant(milliseconds: kit.now.milliseconds + 60_000))
        await stand.hasBegun.wait()
        kit.cancel(requestId: "other")
        kit.cancel(requestId: "r1")
        #expect(try await fault.code == .cancelled)
        #expect(try await fault.data["started"] == true)
        // After its end there is nothing to cancel.
        kit.cancel(requestId: "r1")
        #expect(try await kit.call("long.read", requestId: "r1") == 5)
    }

    @Test func aFaultOfTheHandlersOwnIsNotHidden() async throws {
        async let fault = fault("long.failing")
        await stand.hasBegun.wait()
        kit.cancel(requestId: "r1")
        #expect(try await fault.code == .notFound)
    }

    @Test func whatWaitsIsDroppedAndWhatHasBegunCommits() async throws {
        async let first = kit.call("long.write", requestId: "w1")
        await stand.hasBegun.wait()
        // The one writer is busy with the first.
        async let second = fault("long.write", id: "w2")
        while stand.waiting(kit) == 0 { await Task.yield() }
        kit.cancel(requestId: "w1")
        kit.cancel(requestId: "w2")
        stand.mayEnd.send()
        #expect(try await first == 4)
        #expect(try await second.code == .cancelled)
        #expect(try await second.data["started"] == false)
        #expect(stand.ran.withLock { $0 } == ["write"])
    }

    @Test func aLongReadEndsWithItsCallerAndAtItsDeadline() async throws {
        async let fault = fault("long.count")
        await stand.hasBegun.wait()
        kit.cancel(requestId: "r1")
        #expect(try await fault.code == .cancelled)
        let deadline = Instant(milliseconds: kit.now.milliseconds + 1_000)
        async let late = self.fault("long.count", id: "r2", deadline: deadline)
        try await kit.advance(seconds: 2)
        #expect(try await late.code == .deadlineExceeded)
        // The connection is as good as before.
        #expect(try await kit.call("long.read") == 5)
    }

    @Test func aBatchIsCancelledAsOne() async throws {
        let body = #"[{"jsonrpc":"2.0","id":1,"method":"long.wait"},{"jsonrpc":"2.0","id":2,"method":"long.wait"}]"#
        let headers = #"{"principal":"p","roles":["member"],"requestId":"b"}"#
        async let answer = kit.send(Array(body.utf8), headers: Array(headers.utf8))
        await stand.hasBegun.wait()
        kit.cancel(requestId: "b")
        let answers = try JSON(parsing: await answer ?? []).array ?? []
        #expect(answers.compactMap { $0.at("/error/data/name")?.string } == ["cancelled", "cancelled"])
    }

    @Test func progressIsToldToThoseWhoWantIt() async throws {
        #expect(try await kit.call("long.steps", ["count": 1000]) == 1000)
        let heard = Stand()
        let result = try await kit.call("long.steps", ["count": 1000], onPartial: { heard.hear($0) })
        #expect(result == 1000)
        let values = heard.heard.withLock { $0 }
        #expect(values.first == ["done": 0, "ko": "0단계", "en": "step 0", "total": 1000])
        #expect(values.last == ["done": 1000, "ko": "1000단계", "en": "step 1000", "total": 1000])
        // Not every step: a thousand of them take no time.
        #expect(values.count < 500)
    }

    @Test func itemsOfAllPartialsAndOfTheResultAreTheWhole() async throws {
        let whole = (0..<20_000).map { JSON.integer(Int64($0)) }
        #expect(try await kit.call("long.numbers", ["count": 20_000]) == ["items": .array(whole)])
        let heard = Stand()
        let rest = try await kit.call("long.numbers", ["count": 20_000], onPartial: { heard.hear($0) })
        let batches = heard.heard.withLock { $0.compactMap { $0["items"]?.array } }
        #expect(batches.count > 1)
        #expect(batches.flatMap { $0 } + (rest["items"]?.array ?? []) == whole)
    }

    @Test func aCallIsBounded() async throws {
        #expect(try await kit.call("long.endless").integer ?? 0 < 60)
        let heard = Stand()
        let sent = try await kit.call("long.endless", onPartial: { heard.hear($0) })
        #expect((400..<440).contains(sent.integer ?? 0))
        #expect(heard.heard.withLock { $0 }.allSatisfy { $0.bytes.count < 100_000 })
    }

    @Test func theDescriptionSaysWhatStreams() async throws {
        let document = try await kit.call("rpc.discover")
        let streams = document["methods"]?.array?.filter { $0["x-stream"] == true }.compactMap { $0["name"]?.string }
        #expect(streams == ["long.endless", "long.numbers"])
    }
}

extension Stand {
    fileprivate func waiting(_ kit: TestService) -> Int { kit.database.counts.waitingWrites }
}
