import JSON
import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

private let announcement = #"{"credit":2,"instance":"i1","version":"1.0"}"#

@Suite struct BrokerFaultTests {
    private var stage = Stage()

    private func name(_ sent: Sent?) -> String? { sent?.json.at("/error/data/name")?.string }

    @Test mutating func nobodyServesTheName() {
        let sent = stage.ask(#"{"jsonrpc":"2.0","method":"x.y","id":42}"#, "fund")
        #expect(sent.map(\.to) == ["client"])
        #expect(sent[0].json["id"] == 42)
        #expect(sent[0].json.at("/error/code")?.integer == -32008)
        #expect(sent[0].json.at("/error/data/retryable") == true)
        #expect(sent[0].json.at("/error/data/service") == "fund")
        #expect(stage.ask("{not json", "fund", .v01)[0].json["id"] == .null)
    }

    @Test mutating func theIDIsFoundWhereverItStands() {
        for (body, id) in [
            (#"{"params":{"id":1},"id":"abc"}"#, JSON.string("abc")), (#"{"id":1.5e3,"x":[}"#, 1500.0),
            (#"{"id":{"a":1}}"#, .null), (#"{"x":"id"}"#, .null), (#"[{"id":1}]"#, .null), ("{", .null),
            (#"{"id":null}"#, .null), (#"{"id":-7}"#, -7),
        ] {
            #expect(stage.ask(body, "nobody")[0].json["id"] == id, "\(body)")
        }
    }

    @Test mutating func aLostWorkersRequestsAreAnswered() {
        stage.register("w", announcing: announcement)
        let sent = stage.ask(#"{"id":1}"#) + stage.ask(#"{"id":2}"#, from: "other", "echo", .v01)
        stage.ask(#"{"id":3}"#)
        let ends = stage.undelivered(Sent("w", .heartbeat(.v02)))
        #expect(Set(ends.map(\.to)) == ["client", "other"])
        #expect(ends.map(name) == ["workerLost", "workerLost", "noResponders"])
        #expect(ends.compactMap { $0.json["id"]?.integer } == [1, 2, 3])
        #expect(ends[0].json.at("/error/data/retryable") == false)
        #expect(stage.answer(sent[0], "late") == [Sent("w", .disconnect(.v02))])
    }

    /// What certainly did not start goes to another worker; what was in hand is lost.
    @Test mutating func anUndeliveredRequestMovesOn() {
        stage.register("a")
        let request = stage.ask(#"{"id":1}"#)[0]
        stage.register("b")
        let moved = stage.undelivered(request)
        #expect(moved.map(\.to) == ["b"])
        #expect(moved[0].body == [#"{"id":1}"#])
        #expect(stage.answer(moved[0], "ok").map(\.to) == ["client"])
        let second = stage.ask(#"{"id":2}"#)[0]
        #expect(stage.undelivered(second).map(name) == ["noResponders"])
    }

    @Test mutating func silenceMakesAWorkerLost() {
        stage.register("w", announcing: announcement)
        stage.ask(#"{"id":1}"#)
        var sent: [Sent] = []
        for _ in 0..<16 { sent += stage.pass(500) }
        #expect(sent.filter { $0.message == .heartbeat(.v02) }.count == 7)
        #expect(sent.last == Sent("w", .disconnect(.v02)))
        #expect(sent.compactMap(name) == ["workerLost"])
        #expect(stage.ask("{}").map(name) == ["noResponders"])
    }

    @Test mutating func heartbeatsKeepIt() {
        stage.register("w")
        for _ in 0..<100 {
            stage.send(.heartbeat(.v02), from: "w")
            #expect(!stage.pass(500).contains(Sent("w", .disconnect(.v02))))
        }
    }

    /// A stock worker works in its only thread: it is silent, not gone.
    @Test mutating func aBusyStockWorkerMayBeSilent() {
        stage.register("w", "echo", .v01)
        let request = stage.ask(#"{"id":1}"#)[0]
        for _ in 0..<40 { #expect(!stage.pass(500).contains(Sent("w", .disconnect(.v01)))) }
        #expect(stage.answer(request, "at last", .v01).map(\.to) == ["client"])
        for _ in 0..<14 { _ = stage.pass(500) }
        #expect(stage.pass(1000).contains(Sent("w", .disconnect(.v01))))
    }

    @Test mutating func aLateLoopLosesNobody() {
        stage.register("w")
        _ = stage.pass(1000)
        #expect(stage.pass(100_000) == [Sent("w", .heartbeat(.v02))])
    }

    @Test mutating func deadlinesInTheQueueAndAfter() {
        stage.register("w", announcing: #"{"credit":1}"#)
        let soon = #"{"deadline":\#(stage.now.unix + 1000)}"#
        let first = stage.ask(#"{"id":1}"#, headers: soon)[0]
        stage.ask(#"{"id":2}"#, headers: soon)
        stage.ask(#"{"id":3}"#)
        #expect(stage.ask(#"{"id":4}"#, headers: #"{"deadline":\#(stage.now.unix)}"#).map(name) == ["deadlineExceeded"])
        let queued = stage.pass(1000).filter { $0.to == "client" }
        #expect(queued.map(name) == ["deadlineExceeded"])
        #expect(queued[0].json["id"] == 2)
        #expect(queued[0].json.at("/error/data/started") == false)
        let started = stage.pass(500).filter { $0.to == "client" }
        #expect(started.map { $0.json.at("/error/data/started") } == [true])
        // The worker still holds it: no more credit until it answers, and the answer goes nowhere.
        let freed = stage.answer(first, "late")
        #expect(freed.map(\.to) == ["w"])
        #expect(freed[0].body[0] == #"{"id":3}"#)
        #expect(stage.drops(.lateReply) == 1)
    }

    @Test mutating func aWaitWithoutADeadlineEndsToo() {
        stage.register("w", announcing: #"{"credit":1}"#)
        stage.ask(#"{"id":1}"#)
        stage.ask(#"{"id":2}"#)
        var ends: [Sent] = []
        for _ in 0..<31 {
            stage.send(.heartbeat(.v02), from: "w")
            ends += stage.pass(1000).filter { $0.to == "client" }
        }
        #expect(ends.map { $0.json["id"] } == [2])
    }

    @Test mutating func queuesAreLimited() {
        var limits = Limits()
        limits.serviceRequests = 2
        limits.clientRequests = 4
        stage = Stage(limits)
        stage.register("w")
        #expect(stage.ask("1", from: "a").map(\.to) == ["w"])
        #expect(stage.ask("2", from: "a") + stage.ask("3", from: "a") == [])
        let refused = stage.ask(#"{"id":9}"#, from: "a")
        #expect(refused.map(name) == ["overloaded"])
        #expect(refused[0].json.at("/error/data/retryAfterMs")?.integer == 100)
        #expect(refused[0].json["id"] == 9)
        stage.register("x", "other", announcing: #"{"credit":100}"#)
        #expect(stage.ask("4", from: "a", "other").map(\.to) == ["x"])
        #expect(stage.ask("5", from: "a", "other").map(name) == ["overloaded"])
        #expect(stage.ask("5", from: "b", "other").map(\.to) == ["x"])
    }

    @Test mutating func aCrowdIsNotedOnce() {
        var limits = Limits()
        limits.serviceRequests = 10
        stage = Stage(limits)
        stage.register("w")
        for _ in 0..<8 { stage.ask("x") }
        #expect(stage.broker.statistics.crowded == [])
        stage.ask("x")
        #expect(stage.broker.statistics.crowded == ["echo"])
        stage.broker.statistics.crowded = []
        stage.ask("x")
        #expect(stage.broker.statistics.crowded == [])
    }

    @Test mutating func queuesAreLimitedByBytes() {
        var limits = Limits()
        limits.serviceBytes = 1000
        stage = Stage(limits)
        stage.register("w")
        stage.ask("in hand")
        #expect(stage.ask(String(repeating: "x", count: 900)) == [])
        #expect(stage.ask(String(repeating: "x", count: 900)).map(name) == ["overloaded"])
    }

    /// However many clients there are.
    @Test mutating func allOpenRequestsTogetherAreLimitedByBytes() {
        var limits = Limits()
        limits.openBytes = 1000
        stage = Stage(limits)
        stage.register("w", announcing: #"{"credit":8}"#)
        let first = stage.ask(String(repeating: "x", count: 400), from: "a")[0]
        let second = stage.ask(String(repeating: "x", count: 400), from: "b")
        #expect(second.map(\.to) == ["w"])
        let third = stage.ask(String(repeating: "x", count: 400), from: "c")
        #expect(third.map(name) == ["overloaded"])
        stage.answer(first, "done")
        let fourth = stage.ask(String(repeating: "x", count: 400), from: "c")
        #expect(fourth.map(\.to) == ["w"])
        #expect(stage.broker.openBytes <= 1000)
    }

    /// What comes after a hole in a stream must not look like its end.
    @Test mutating func anOversizedPartialEndsItsStream() {
        stage.register("w", announcing: #"{"credit":2,"cancels":true}"#)
        let request = stage.ask(#"{"id":1}"#)[0]
        var out: [Outgoing] = []
        let start = Multipart(Multipart.reply(.v02, address: request.token(), body: [], isFinal: false).frames)
        stage.broker.handleOversized(
            start, tooManyFrames: false, from: Stage.peer("w"), principal: Stage.person, now: stage.now, &out)
        #expect(out.map(Sent.init).map(\.to) == ["w", "client"])
        #expect(Sent(out[1]).json.at("/error/data/name") == "payloadTooLarge")
        let late = stage.answer(request, "the end")
        #expect(late == [])
        #expect(stage.drops(.lateReply) == 1)
    }

    @Test mutating func oversizedRequestsAreAnsweredAndCounted() {
        stage.register("w")
        var out: [Outgoing] = []
        let start = Multipart(["MDPC02", "\u{1}", "echo"].map { Array($0.utf8) })
        stage.broker.handleOversized(
            start, tooManyFrames: false, from: Stage.peer("c"), principal: Stage.person, now: stage.now, &out)
        #expect(out.map(Sent.init).map(name) == ["payloadTooLarge"])
        #expect(Sent(out[0]).json.at("/error/data/limit")?.integer == 1 << 20)
        #expect(stage.drops(.tooLarge) == 1)
    }

    @Test mutating func anOversizedReplyEndsItsRequest() {
        stage.register("w")
        let request = stage.ask(#"{"id":1}"#)[0]
        stage.ask(#"{"id":2}"#)
        var out: [Outgoing] = []
        var start = Multipart.reply(.v02, address: request.token(), body: [])
        start = Multipart(start.frames)
        stage.broker.handleOversized(
            start, tooManyFrames: false, from: Stage.peer("w"), principal: Stage.person, now: stage.now, &out)
        #expect(out.map(Sent.init).map(\.to) == ["client", "w"])
        #expect(name(Sent(out[0])) == "payloadTooLarge")
    }

    @Test mutating func anOversizedReplyThatIsTooLateIsNobodys() {
        stage.register("w", announcing: #"{"credit":1}"#)
        let request = stage.ask(#"{"id":1}"#, headers: #"{"deadline":\#(stage.now.unix + 10)}"#)[0]
        #expect(stage.pass(600).contains { name($0) == "deadlineExceeded" })
        // Another client has the place of the former one.
        #expect(stage.ask(#"{"id":2}"#, from: "other") == [])
        var out: [Outgoing] = []
        let start = Multipart.reply(.v02, address: request.token(), body: [])
        stage.broker.handleOversized(
            start, tooManyFrames: false, from: Stage.peer("w"), principal: Stage.person, now: stage.now, &out)
        let sent = out.map(Sent.init)
        #expect(sent.map(\.to) == ["w"])
        #expect(stage.answer(sent[0], "done").map(\.to) == ["other"])
        #expect(stage.broker.requests.count == 0 && stage.broker.clients.isEmpty)
    }

    @Test mutating func whatIsCountedOfPeersNamesIsBounded() {
        let long = "e" + String(repeating: "\u{301}", count: 100_000)
        var out: [Outgoing] = []
        stage.broker.handleOversized(
            .request(.v02, service: long, body: [[]]), tooManyFrames: true, from: Stage.peer("c"),
            principal: Stage.person, now: stage.now, &out)
        stage.register("w", long)
        #expect(stage.broker.statistics.drops.count == 2)
        #expect(stage.broker.statistics.drops.allSatisfy { $0.key.service.utf8.count < 200 })
    }

    /// RFC 9: a status stands first.
    @Test mutating func storeAndForwardRefusesInItsOwnForm() {
        var limits = Limits()
        limits.clientRequests = 1
        stage = Stage(limits)
        let titanic = TitanicService.request
        var out: [Outgoing] = []
        let ready = Multipart.ready(
            .v02, service: titanic.rawValue, announcement: Array(#"{"credit":9,"headers":false}"#.utf8))
        stage.broker.handle(ready, from: titanic.peer, principal: .gateway, now: stage.now, &out)
        stage.ask("echo", titanic.rawValue)
        #expect(stage.ask("echo", titanic.rawValue)[0].body.first == "500")
        out = []
        stage.broker.end(&out)
        #expect(Sent(out[0]).body.first == "400")
    }

    @Test mutating func aClientThatIsGoneLeavesNothingBehind() {
        stage.register("w", announcing: #"{"credit":1}"#)
        let request = stage.ask("1")[0]
        stage.ask("2")
        let partial = stage.answer(request, "part", isFinal: false)[0]
        #expect(stage.undelivered(partial) == [])
        #expect(stage.broker.clients.isEmpty)
        #expect(stage.answer(request, "end") == [])
        #expect(stage.broker.requests.count == 0)
        #expect(stage.drops(.clientGone) == 1)
        #expect(stage.broker.services[0].counts.clientsGone == 2)
    }
}
