import JSON
import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

private let announcement = #"{"credit":2,"cancels":true}"#

private func request(_ id: String) -> String { #"{"jsonrpc":"2.0","id":\#(id),"method":"echo.x"}"# }

private func cancellation(_ id: String) -> String {
    #"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":\#(id)}}"#
}

@Suite struct BrokerCancelTests {
    private var stage = Stage()

    private var cancels: Int { stage.broker.services[0].counts.cancels }

    @Test mutating func aWaitingRequestIsAnsweredAtOnce() {
        stage.register("w")
        let held = stage.ask(request("1"))[0]
        stage.ask(request("2"))
        stage.ask(request("3"))
        let told = stage.ask(cancellation("2"))
        #expect(told.map(\.to) == ["client"])
        #expect(told[0].json["id"] == 2)
        #expect(told[0].json.at("/error/code") == -32800)
        #expect(told[0].json.at("/error/data/name") == "cancelled")
        #expect(told[0].json.at("/error/data/started") == false)
        // The line goes on with the third.
        #expect(stage.answer(held, "done").map(\.json["id"]).last == 3)
        #expect(cancels == 1)
        #expect(stage.broker.services[0].waitingBytes == 0)
    }

    @Test mutating func theWorkerThatHoldsItIsTold() {
        stage.register("a", announcing: announcement)
        stage.register("b", announcing: announcement)
        let held = stage.ask(request(#""x""#)) + stage.ask(request(#""y""#))
        #expect(held.map(\.to) == ["a", "b"])
        let told = stage.ask(cancellation(#""y""#))
        #expect(told.map(\.to) == ["b"])
        #expect(told[0].json["method"] == "$/cancelRequest")
        #expect(told[0].json.at("/params/id") == "y")
        let headers = try? JSON(parsing: told[0].body[1])
        let name = try? JSON(parsing: held[1].body[1])["requestId"]
        #expect(name != nil && headers?["cancels"] == name)
        // Its address leads nowhere: a worker that answers it harms nobody.
        #expect(stage.answer(told[0], "") == [])
        #expect(stage.drops(.unknownAddress) == 1)
        // What the client gets is the worker's own answer, and it costs no credit.
        #expect(stage.answer(held[1], "stopped").map(\.body) == [["stopped"]])
        #expect(stage.broker.workers.indices.allSatisfy { stage.broker.workers[$0]?.inFlight ?? 0 < 2 })
    }

    @Test(arguments: [nil, #"{"credit":2}"#])
    mutating func aWorkerThatDoesNotUnderstandItIsLeftAlone(announcement: String?) {
        stage.register("w", announcing: announcement)
        let held = stage.ask(request("1"))[0]
        let told = stage.ask(cancellation("1"))
        #expect(told.map(\.to) == ["client"])
        #expect(told[0].json.at("/error/data/started") == true)
        #expect(stage.broker.workers[0]?.inFlight == 1)
        #expect(stage.answer(held, "late") == [])
        #expect(stage.drops(.lateReply) == 1)
        #expect(stage.broker.workers[0]?.inFlight == 0)
        #expect(stage.broker.requests.count == 0)
    }

    @Test mutating func onlyTheConnectionThatAskedMayCancel() {
        stage.register("w", announcing: announcement)
        stage.register("v", "other", announcing: announcement)
        let held = stage.ask(request("1"))[0]
        #expect(stage.ask(cancellation("1"), from: "stranger") == [])
        #expect(stage.ask(cancellation("1"), "other") == [])
        #expect(stage.ask(cancellation("2")) == [])
        #expect(cancels == 0)
        #expect(stage.answer(held, "done").map(\.body) == [["done"]])
        #expect(stage.ask(cancellation("1")) == [])
        #expect(stage.broker.requests.count == 0)
    }

    @Test mutating func whatHasNoIDCannotBeNamed() {
        stage.register("w", announcing: announcement)
        stage.ask(#"{"jsonrpc":"2.0","method":"echo.x"}"#)
        #expect(stage.ask(cancellation("null")) == [])
        #expect(stage.ask(#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{}}"#) == [])
        #expect(stage.ask(#"{"jsonrpc":"2.0","method":"$/cancelRequest"}"#) == [])
    }

    @Test mutating func everySpellingIsUnderstood() {
        stage.register("w", announcing: announcement)
        stage.ask(request("1"))
        let escaped = #" { "params" : {"reason":"x", "id" : 1 }, "method": "$\/cancelRequest", "jsonrpc":"2.0"}"#
        #expect(stage.ask(escaped).map(\.to) == ["w"])
        #expect(cancels == 1)
    }

    @Test(arguments: [
        #"{"jsonrpc":"2.0","id":9,"method":"$/cancelRequest","params":{"id":1}}"#,
        #"{"jsonrpc":"2.0","id":9,"method":"echo.x","params":{"id":1,"text":"$/cancelRequest"}}"#,
        "$/cancelRequest", #"["$/cancelRequest"]"#,
        #"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1,"x":""#
            + String(repeating: "x", count: 512) + #""}}"#,
    ])
    mutating func whatOnlyContainsTheWordIsARequest(body: String) {
        stage.register("w", announcing: announcement)
        stage.ask(request("1"))
        #expect(stage.ask(body).map(\.body.first) == [body])
        #expect(cancels == 0)
    }

    @Test mutating func aCancellationReadsNoMoreThanItsShare() {
        stage.register("w")
        let large = #"{"params":""# + String(repeating: "x", count: 50_000) + #"","id":"#
        for number in 1...5 { stage.ask(large + "\(number)}") }
        #expect(stage.ask(cancellation("3")).map { $0.json["id"] } == [3])
        #expect(stage.ask(cancellation("5")) == [])
        // Many that have their ids in front are found.
        for number in 1...4_000 { stage.ask(request("\(number)"), from: "other") }
        #expect(stage.ask(cancellation("4000"), from: "other").map { $0.json["id"] } == [4_000])
    }

    @Test mutating func nobodyForgesACancellation() {
        stage.register("w", announcing: announcement)
        let sent = stage.ask(request("1"), headers: #"{"cancels":"00","cancel\u0073":"1","mine":1}"#)
        let headers = try? JSON(parsing: sent[0].body[1])
        #expect(headers?["cancels"] == nil && headers?["mine"] == 1)
    }

    @Test mutating func aLostCancellationIsNoRequestThatMayRunAgain() {
        stage.register("a", announcing: announcement)
        stage.ask(request("1"))
        let told = stage.ask(cancellation("1"))[0]
        stage.register("b", announcing: announcement)
        let after = stage.undelivered(told)
        #expect(after.map(\.to) == ["client"])
        #expect(after.first?.json.at("/error/data/name") == "workerLost")
    }

    @Test mutating func aDeadlineAndAClientThatIsGoneStopTheWorker() {
        stage.register("w", announcing: announcement)
        stage.ask(request("1"), headers: #"{"deadline":\#(Stage.start.unix + 100)}"#)
        let late = stage.pass(700)
        #expect(late.contains { $0.to == "w" && $0.json.at("/params/id") == 1 })
        let held = stage.ask(request("2"), from: "leaver") + stage.ask(request("3"), from: "leaver")
        let lost = stage.answer(held[0], "partial", isFinal: false)[0]
        #expect(stage.undelivered(lost).map { $0.json.at("/params/id") } == [2])
    }
}

/// PARTIALs: wanted or not, and more than a client takes.
@Suite struct BrokerPartialTests {
    private var stage = Stage()

    @Test mutating func theWorkerKnowsWhetherPartialsAreWanted() {
        stage.register("w", announcing: #"{"credit":9}"#)
        let wish = #"{"partials":true}"#
        let sent = stage.ask("{}", headers: wish) + stage.ask("{}", "echo", .v01, headers: wish) + stage.ask("{}")
        let headers = sent.map { (try? JSON(parsing: $0.body[1])) ?? .null }
        // A 0.1 client can take one reply, whatever it says.
        #expect(headers.map { $0["partials"] } == [true, nil, nil])
        #expect(headers.map { $0["principal"] } == ["uid:1000", "uid:1000", "uid:1000"])
    }

    @Test mutating func aStreamThatItsClientDoesNotTakeEnds() {
        stage.register("w", announcing: announcement)
        let held = stage.ask(request("7"))[0]
        let other = stage.ask(request("8"))[0]
        let partial = #"{"jsonrpc":"2.0","method":"$/progress","params":{"token":7,"value":{"items":[1]}}}"#
        let lost = stage.answer(held, partial, isFinal: false)[0]
        let after = stage.undelivered(lost, isGone: false)
        #expect(after.map(\.to) == ["w", "client"])
        #expect(after[0].json.at("/params/id") == 7)
        #expect(after[1].isFinalReply)
        #expect(after[1].json.at("/error/data/name") == "overloaded")
        #expect(stage.drops(.clientTooSlow) == 1)
        #expect(stage.answer(held, "late") == [])
        #expect(stage.answer(other, "fine").map(\.body) == [["fine"]])
    }

    @Test func aStreamLeavesRoomForItsEnd() {
        var limits = Limits()
        limits.outgoingBytes = 100
        var backlog = Backlog(limits)
        let peer = ByteKey("p")
        let message = Multipart([[UInt8](repeating: 1, count: 30)])
        let taken = [true, true, false, false, false].map { isPartial in
            backlog.append(message, for: peer, isPartial: isPartial)
        }
        #expect(taken == [true, false, true, true, false])
    }
}
