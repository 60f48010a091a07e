import JSON
import Majordomo
import ServiceKit
import Testing
import Vocabulary
import ZeroMQ

@testable import Gateway

/// What is ours beside RFC 9: whose a request is, what goes with it, what is refused, what becomes a dead letter.
@Suite(.timeLimit(.minutes(5))) struct TitanicTests {
    @Test func nobodyElseSeesOrClosesARequest() async throws {
        let post = try PostOffice()
        defer { post.end() }
        let uuid = await post.ask(.request, ["echo", "secret"])[1]
        #expect(await post.ask(.reply, [uuid], as: PostOffice.other) == ["400"])
        #expect(await post.ask(.close, [uuid], as: PostOffice.other) == ["200"])
        let worker = try EchoWorker(post.house)
        defer { worker.end() }
        #expect(await post.reply(uuid) == ["200", "secret"])
        #expect(await post.ask(.reply, [uuid], as: PostOffice.other) == ["400"])
    }

    @Test func aWorkerWithHeadersIsToldWhoAndWhich() async throws {
        let post = try PostOffice()
        defer { post.end() }
        let worker = try EchoWorker(post.house)
        defer { worker.end() }
        let uuid = await post.ask(.request, ["echo", "1"])[1]
        _ = await post.reply(uuid)
        let own = await post.ask(.request, ["echo", "2", #"{"idempotencyKey":"mine","traceparent":"00-1"}"#])[1]
        _ = await post.reply(own)
        let headers = try worker.requests.all.map { try JSON(parsing: $0[1]) }
        #expect(headers.map { $0["principal"] } == ["uid:1", "uid:1"])
        #expect(headers.map { $0["roles"] } == [["viewer", "member"], ["viewer", "member"]])
        #expect(headers.map { $0["idempotencyKey"] } == [.string("titanic-\(uuid)"), "mine"])
        #expect(headers[1]["traceparent"] == "00-1")
    }

    /// They wait in one line for a worker that takes one at a time.
    @Test func whatWaitsInOneLineKeepsItsOwnNameAndRoles() async throws {
        let post = try PostOffice()
        defer { post.end() }
        let clerk = Principal(name: "uid:1", roles: [.viewer])
        var uuids: [String] = []
        for number in 0..<12 {
            let sender = number % 2 == 0 ? PostOffice.person : clerk
            uuids.append(await post.ask(.request, ["echo", "\(number)"], as: sender)[1])
        }
        let worker = try EchoWorker(post.house, announcement: #"{"credit":1}"#)
        defer { worker.end() }
        for uuid in uuids { #expect(await post.reply(uuid)[0] == "200") }
        for request in worker.requests.all {
            let number = try #require(Int(request.text(0)))
            let headers = try JSON(parsing: request[1])
            #expect(headers["idempotencyKey"] == .string("titanic-\(uuids[number])"))
            #expect(headers["roles"] == (number % 2 == 0 ? ["viewer", "member"] : ["viewer"]))
        }
        #expect(worker.requests.all.count == 12)
    }

    @Test func aStockWorkerSeesTheBodyAlone() async throws {
        let post = try PostOffice()
        defer { post.end() }
        let worker = try RawPeer(post.house)
        try worker.send(.ready(.v01, service: "stock"))
        #expect(try worker.receive() == .heartbeat(.v01))
        let uuid = await post.ask(.request, ["stock", "one", "two"])[1]
        let request = try #require(try worker.receive())
        #expect(request.frames[5...].map { String(decoding: $0, as: UTF8.self) } == ["one", "two"])
        try worker.send(.reply(.v01, address: request.key(3), body: [[], [7]]))
        #expect(await post.reply(uuid) == ["200", "", "\u{7}"])
    }

    @Test(arguments: ["titanic.request", "mmi.service", "", "with space", String(repeating: "x", count: 129)])
    func nothingIsStoredForWhatIsNoService(name: String) async throws {
        let post = try PostOffice()
        defer { post.end() }
        let answer = await post.ask(.request, [name, "x"])
        #expect(answer[0] == "400")
        #expect(try JSON(parsing: Array(answer[1].utf8)).at("/data/name") == "invalidParams")
    }

    @Test func limitsAreOnesOwnAndEverybodys() async throws {
        var limits = Limits()
        limits.storedClientRequests = 2
        limits.storedRequests = 3
        limits.storedClientBytes = 10
        let post = try PostOffice(limits)
        defer { post.end() }
        func limit(_ answer: [String]) throws -> String? {
            #expect(answer[0] == "500")
            return try JSON(parsing: Array(answer[1].utf8)).at("/data/limit")?.string
        }
        #expect(try limit(await post.ask(.request, ["a", "more than ten"])) == "storedClientBytes")
        let first = await post.ask(.request, ["a", "1"])[1]
        #expect(await post.ask(.request, ["a", "2"])[0] == "200")
        #expect(try limit(await post.ask(.request, ["a", "3"])) == "storedClientRequests")
        #expect(await post.ask(.request, ["a", "4"], as: PostOffice.other)[0] == "200")
        #expect(try limit(await post.ask(.request, ["a", "5"], as: PostOffice.other)) == "storedRequests")
        #expect(await post.ask(.close, [first]) == ["200"])
        #expect(await post.ask(.request, ["a", "6"])[0] == "200")
    }

    @Test func pastItsDeadlineARequestIsNotBegun() async throws {
        let post = try PostOffice()
        defer { post.end() }
        let worker = try EchoWorker(post.house)
        defer { worker.end() }
        let answer = await post.ask(.request, ["echo", #"{"jsonrpc":"2.0","id":7}"#, #"{"deadline":1000}"#])
        let reply = await post.reply(answer[1])
        let response = try JSON(parsing: Array(reply[1].utf8))
        #expect(response["id"] == 7 && response.at("/error/data/name") == "deadlineExceeded")
        #expect(worker.requests.all.isEmpty)
    }

    /// The pauses after lost attempts: none, none, then from half of it to all of 1, 4, 16, … 300 s.
    @Test func pausesGrowAndAreBounded() {
        var titanic = Titanic(limits: Limits(), seed: 1)
        #expect(titanic.retryPause(after: 1) == .zero && titanic.retryPause(after: 2) == .zero)
        for (attempts, most) in [(3, 1), (4, 4), (5, 16), (6, 64), (7, 256), (8, 300), (40, 300)] {
            for _ in 0..<50 {
                let pause = titanic.retryPause(after: attempts)
                #expect(pause > .seconds(most) / 2 && pause <= .seconds(most), "\(attempts): \(pause)")
            }
        }
    }

    /// Which refusals of the broker count as attempts.
    @Test func onlyWhatMayHaveBegunCounts() throws {
        let now = Instant(milliseconds: 1_795_000_000_000)
        let faults: [(Fault, counts: Bool)] = [
            (Fault(.noResponders), false), (.overloaded(retryAfterMs: 100), false),
            (Fault(.deadlineExceeded, data: ["started": false]), false),
            (Fault(.deadlineExceeded, data: ["started": true]), true),
            (Fault(.workerLost, data: ["started": true]), true),
        ]
        for (fault, counts) in faults {
            var titanic = Titanic(limits: Limits(), seed: 1)
            _ = titanic.handle(.served("echo", true), now: now)
            let delivery = Delivery(
                uuid: "U", service: "echo", principal: "p", roles: [], body: [[1]], attempts: 1, deadline: nil,
                expiresAt: now.adding(seconds: 60))
            let claim = Titanic.Write.claim(service: "echo", limit: 1)
            _ = titanic.handle(.wrote(claim, Titanic.Written(deliveries: [delivery])), now: now)
            let effects = titanic.handle(.refused(uuid: "U", fault, body: []), now: now)
            let written = effects.compactMap { effect -> Bool? in
                if case .write(.putBack(_, _, _, let counts)) = effect { counts } else { nil }
            }
            #expect(written == [counts], "\(fault)")
        }
    }
}
