import JSON
import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

private let announcement = #"{"credit":2,"instance":"i1","version":"1.0"}"#

@Suite struct BrokerRoutingTests {
    private var stage = Stage()

    @Test(arguments: Version.allCases, Version.allCases)
    mutating func anyClientReachesAnyWorker(client: Version, worker: Version) {
        #expect(stage.register("w", "echo", worker) == [Sent("w", .heartbeat(worker))])
        let asked = stage.send(
            .request(client, service: "echo", body: [Array("one".utf8), Array("two".utf8)]), from: "c")
        #expect(asked.map(\.to) == ["w"])
        #expect(asked.first?.body == ["one", "two"])
        guard let request = asked.first else { return }
        #expect(request.token(worker).count == ReplyToken.byteCount)
        let reply = stage.answer(request, "back", worker)
        #expect(reply.map(\.to) == ["c"])
        let frames = reply.first?.message
        switch client {
        case .v01: #expect(frames == Multipart("", "MDPC01", "echo", "back"))
        case .v02: #expect(frames == Multipart(["MDPC02", "\u{3}", "echo", "back"].map { Array($0.utf8) }))
        }
        #expect(stage.broker.requests.count == 0)
        #expect(stage.broker.clients.isEmpty)
    }

    @Test(arguments: 0...4) mutating func envelopesAreEchoed(count: Int) {
        stage.register("w")
        let envelope = (0..<count).map { Array("hop \($0)".utf8) }
        let tail = [[], Array("MDPC01".utf8), Array("echo".utf8), Array("x".utf8)]
        guard let request = stage.send(Multipart(envelope + tail), from: "c").first else {
            Issue.record("not routed")
            return
        }
        #expect(stage.answer(request, "y").first?.message == Multipart(envelope + tail.dropLast() + [[121]]))
    }

    @Test mutating func partialsComeBeforeTheFinal() {
        stage.register("w")
        let request = stage.ask("x")[0]
        #expect(stage.answer(request, "1", isFinal: false)[0].message.bytes[6] == 2)
        #expect(stage.answer(request, "2", isFinal: false)[0].body == ["2"])
        #expect(stage.answer(request, "3")[0].message.bytes[6] == 3)
        #expect(stage.answer(request, "4") == [])
        #expect(stage.drops(.unknownAddress) == 1)
    }

    @Test mutating func aStockClientGetsOneReply() {
        stage.register("w")
        let request = stage.ask("x", "echo", .v01)[0]
        #expect(stage.answer(request, "1", isFinal: false) == [])
        #expect(stage.answer(request, "2")[0].body == ["2"])
        #expect(stage.drops(.partialToStockClient) == 1)
    }

    @Test mutating func creditIsNeverExceeded() {
        stage.register("w", announcing: announcement)
        let sent = (1...4).flatMap { stage.ask("\($0)") }
        #expect(sent.map(\.body.first) == ["1", "2"])
        let next = stage.answer(sent[0], "done")
        #expect(next.map(\.to) == ["client", "w"])
        #expect(next[1].body.first == "3")
    }

    @Test mutating func stockWorkersGetOneRequestInTurn() {
        stage.register("a")
        stage.register("b")
        let sent = (1...3).flatMap { stage.ask("\($0)") }
        #expect(sent.map(\.to) == ["a", "b"])
        #expect(stage.answer(sent[1], "done").map(\.to) == ["client", "b"])
    }

    @Test mutating func tokensAreFreshAndRoutingIDsStayHere() {
        stage.register("worker-id")
        var tokens: Set<ByteKey> = []
        for _ in 0..<100 {
            let request = stage.ask("x", from: "client-id")[0]
            #expect(!request.message.description.contains("client-id"))
            tokens.insert(request.token())
            let reply = stage.answer(request, "y")[0]
            #expect(!reply.message.description.contains("worker-id"))
        }
        #expect(tokens.count == 100)
    }

    @Test mutating func anotherWorkersAddressIsOfNoUse() {
        stage.register("a")
        stage.register("b")
        let request = stage.ask("secret")[0]
        let stolen = Multipart.reply(.v02, address: request.token(), body: [[1]])
        #expect(stage.send(stolen, from: "b") == [])
        #expect(stage.drops(.foreignAddress) == 1)
        #expect(stage.answer(request, "right").map(\.to) == ["client"])
    }

    @Test mutating func notificationsAreSwallowedForClientsThatDoNotWait() {
        stage.register("w", announcing: announcement)
        let modern = stage.ask("note")[0]
        #expect(stage.answer(modern, "") == [])
        let stock = stage.ask("note", "echo", .v01)[0]
        #expect(stage.answer(stock, "").map(\.to) == ["client"])
        #expect(stage.broker.requests.count == 0)
    }

    @Test mutating func managementInterface() {
        stage.register("w")
        for (service, body, code) in [
            ("mmi.service", "echo", "200"), ("mmi.service", "fund", "404"), ("mmi.nothing", "echo", "501"),
        ] {
            for version in Version.allCases {
                #expect(stage.ask(body, service, version)[0].body == [code])
            }
        }
    }

    @Test mutating func theGatewaysOwnPartsNeedNoSocket() {
        var out: [Outgoing] = []
        let ready = Multipart.ready(.v02, service: "gateway", announcement: Array(#"{"credit":100}"#.utf8))
        stage.broker.handle(ready, from: .internal(1), principal: .gateway, now: stage.now, &out)
        #expect(out == [Outgoing(peer: .internal(1), message: .heartbeat(.v02))])
        let asked = stage.ask("{}", "gateway")
        #expect(asked.map(\.to) == ["internal 1"])
        out = []
        let reply = Multipart.reply(.v02, address: asked[0].token(), body: [[1]])
        stage.broker.handle(reply, from: .internal(1), principal: .gateway, now: stage.now, &out)
        #expect(out.map(\.peer) == [Stage.peer("client")])
        #expect(stage.pass(60_000) == [])
        // A client inside.
        stage.register("w")
        out = []
        let request = Multipart.request(.v02, service: "echo", body: [[1]])
        stage.broker.handle(request, from: .internal(2), principal: .gateway, now: stage.now, &out)
        #expect(stage.answer(Sent(out[0]), "x").map(\.to) == ["internal 2"])
    }
}

@Suite struct BrokerHeadersTests {
    private var stage = Stage()

    private mutating func headers(_ client: String?) -> JSON {
        stage.register("w", announcing: #"{"credit":100}"#)
        let sent = stage.ask("{}", headers: client)
        return sent.first.flatMap { try? JSON(parsing: $0.body[1]) } ?? .null
    }

    @Test mutating func theGatewaySaysWhoCalls() {
        let written = headers(nil)
        #expect(written["principal"] == "uid:1000")
        #expect(written["roles"] == ["viewer", "member"])
        #expect(written["receivedAt"] == .integer(Stage.start.unix))
        #expect(written["requestId"]?.string?.count == 16)
    }

    @Test mutating func whatAClientClaimsIsRemoved() {
        let written = headers(
            #" { "principal" : "root", "traceparent":"00-1", "roles":["operator"], "requestId":{"a":[1]}, "#
                + #""receivedAt":0, "princip\u0061l":"root", "mine":{"deep":[1,2,{"x":null}]}, "deadline": null } "#)
        #expect(written["principal"] == "uid:1000")
        #expect(written["roles"] == ["viewer", "member"])
        #expect(written["traceparent"] == "00-1")
        #expect(written["mine"] == ["deep": [1, 2, ["x": .null]]])
        #expect(written.object?.keys.count == 7)
    }

    @Test mutating func furtherBodyFramesAreKept() {
        stage.register("w", announcing: "{}")
        let sent = stage.send(
            .request(.v02, service: "echo", body: ["{}", "{}", "three", "four"].map { Array($0.utf8) }), from: "c")
        #expect(sent[0].body.count == 4)
        #expect(sent[0].body[2...] == ["three", "four"])
    }

    @Test(arguments: [
        "", "null", "[]", "7", "{", "{}x", #"{"a":1,}"#, #"{"a" 1}"#, #"{'a':1}"#, #"{"a":01}"#, #"{"a":+1}"#,
        #"{"deadline":"soon"}"#, #"{"deadline":true}"#, #"{"deadline":1e400}"#, #"{"a":"\x"}"#, "{\"a\":\"\u{1}\"}",
        #"{"a":\#(String(repeating: "[", count: 40))\#(String(repeating: "]", count: 40))}"#,
    ])
    mutating func whatIsNoObjectIsRefused(text: String) {
        stage.register("w", announcing: "{}")
        let sent = stage.ask(#"{"id":"a"}"#, headers: text)
        #expect(sent.map(\.to) == ["client"])
        #expect(sent.first?.json.at("/error/code")?.integer == -32600)
        #expect(sent.first?.json["id"] == "a")
    }

    @Test mutating func invalidTextIsRefused() {
        stage.register("w", announcing: "{}")
        let frame = Array(#"{"a":""#.utf8) + [0xc3, 0x28] + Array(#""}"#.utf8)
        let sent = stage.send(.request(.v02, service: "echo", body: [Array("{}".utf8), frame]), from: "c")
        #expect(sent.first?.json.at("/error/code")?.integer == -32600)
    }

    @Test mutating func tooLongHeadersAreRefused() {
        stage.register("w", announcing: "{}")
        let sent = stage.ask("{}", headers: #"{"a":"\#(String(repeating: "x", count: 20_000))"}"#)
        #expect(sent.first?.json.at("/error/data/name") == "payloadTooLarge")
    }

    /// Whatever a stock worker's client sends as a second frame is its own business.
    @Test mutating func stockWorkersGetTheFramesUntouched() {
        stage.register("w")
        #expect(stage.ask("plain text", headers: "{not json")[0].body == ["plain text", "{not json"])
    }
}

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
        #expect(stage.ask("not json", "fund", .v01)[0].json["id"] == .null)
    }

    @Test mutating func theIDIsFoundWhereverItStands() {
        for (body, id) in [
            (#"{"params":{"id":1},"id":"abc"}"#, JSON.string("abc")), (#"{"id":1.5e3,"x":[}"#, 1500.0),
            (#"{"id":{"a":1}}"#, .null), (#"{"x":"id"}"#, .null), (#"[{"id":1}]"#, .null), ("", .null),
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

    @Test mutating func queuesAreLimitedByBytes() {
        var limits = Limits()
        limits.serviceBytes = 1000
        stage = Stage(limits)
        stage.register("w")
        stage.ask("in hand")
        #expect(stage.ask(String(repeating: "x", count: 900)) == [])
        #expect(stage.ask(String(repeating: "x", count: 900)).map(name) == ["overloaded"])
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

@Suite struct BrokerRegistrationTests {
    private var stage = Stage()

    @Test mutating func readyTwiceSendsAway() {
        stage.register("w")
        #expect(stage.register("w") == [Sent("w", .disconnect(.v02))])
        #expect(stage.ask("x")[0].json.at("/error/data/name") == "noResponders")
        #expect(stage.register("w") == [Sent("w", .heartbeat(.v02))])
    }

    @Test(arguments: ["gateway", "mmi.service", "mmi.x", "titanic.request", "a b", "a\u{1}", "\u{7f}"])
    mutating func someNamesAreRefused(service: String) {
        for version in Version.allCases {
            #expect(stage.register("w", service, version) == [Sent("w", .disconnect(version))])
        }
        #expect(stage.broker.workers.count == 0)
    }

    @Test(arguments: ["", "null", "[]", #"{"credit":0}"#, #"{"credit":-1}"#, #"{"credit":"many"}"#, "{"])
    mutating func badAnnouncementsAreRefused(text: String) {
        #expect(stage.register("w", announcing: text) == [Sent("w", .disconnect(.v02))])
        #expect(stage.drops(.invalidAnnouncement) == 1)
    }

    @Test mutating func strangersAreToldToRegister() {
        for version in Version.allCases {
            #expect(stage.send(.heartbeat(version), from: "w") == [Sent("w", .disconnect(version))])
            let reply = Multipart.reply(version, address: ByteKey("t"), body: [[1]])
            #expect(stage.send(reply, from: "w") == [Sent("w", .disconnect(version))])
            #expect(stage.send(.disconnect(version), from: "w") == [])
        }
    }

    @Test mutating func unknownCommandsSendAway() {
        stage.register("w")
        #expect(stage.send(Multipart([Array("MDPW02".utf8), [9]]), from: "w") == [Sent("w", .disconnect(.v02))])
        #expect(stage.broker.workers.count == 0)
        #expect(stage.drops(.malformed("unknownCommand")) == 1)
    }

    @Test mutating func malformedMessagesAreCountedByPeerAndReason() {
        #expect(stage.send(Multipart("hello"), from: "x") == [])
        #expect(stage.send(Multipart(), from: "x") == [])
        #expect(stage.broker.statistics.dropped == 2)
        let reasons = stage.broker.snapshot.drops.map { "\($0.peer) \($0.reason) \($0.count)" }
        #expect(Set(reasons) == ["uid:1000 malformed.noDelimiter 1", "uid:1000 malformed.noFrames 1"])
    }

    @Test mutating func aWorkerThatLeavesMayFinish() {
        stage.register("a", announcing: announcement)
        let request = stage.ask("1")[0]
        #expect(stage.send(.disconnect(.v02), from: "a") == [])
        #expect(stage.ask("2").map { $0.json.at("/error/data/name") } == ["noResponders"])
        #expect(stage.answer(request, "done").map(\.to) == ["client"])
        #expect(stage.broker.workers.count == 0)
    }

    @Test mutating func aStockWorkerThatLeavesDoesNotAnswer() {
        stage.register("a", "echo", .v01)
        stage.ask(#"{"id":1}"#)
        #expect(stage.send(.disconnect(.v01), from: "a").map { $0.json.at("/error/data/name") } == ["workerLost"])
    }

    @Test mutating func drainingRefusesNewRequests() {
        stage.register("w")
        stage.broker.isDraining = true
        #expect(stage.ask("x")[0].json.at("/error/data/name") == "overloaded")
    }

    @Test mutating func namesMayBeManyOverTime() {
        var limits = Limits()
        limits.services = 3
        stage = Stage(limits)
        for number in 0..<10 {
            stage.register("w", "service\(number)")
            #expect(stage.ask("x", "service\(number)").map(\.to) == ["w"])
            stage.send(.disconnect(.v02), from: "w")
        }
        for number in 0..<4 { stage.register("w\(number)", "s\(number)") }
        #expect(stage.broker.workers.count == 3)
    }

    @Test func everyLimitIsInTheTable() throws {
        let count = Mirror(reflecting: Limits()).children.count
        #expect(Limits.table.count == count)
        #expect(Set(Limits.table.map(\.variable)).count == count)
        let limits = try Limits(environment: ["IEUM_LIMIT_MESSAGE_BYTES": "2048", "OTHER": "x"])
        #expect(limits.messageBytes == 2048)
        #expect(throws: Limits.Refused.self) { try Limits(environment: ["IEUM_LIMIT_FRAMES": "-1"]) }
    }
}
