import JSON
import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

@Suite struct BrokerDrainTests {
    private var stage = Stage()
    private static let two = #"{"credit":2,"instance":"i1"}"#
    private static let other = #"{"credit":2,"instance":"i2"}"#

    private mutating func drain(_ instance: String? = nil, wait: Int64? = nil) -> (held: [Int]?, sent: [Sent]) {
        var out: [Outgoing] = []
        let drained = stage.broker.drain(ByteKey("echo"), instance: instance, wait: wait, stage.now, &out)
        return (drained?.map(\.inFlight), out.map(Sent.init))
    }

    @Test mutating func aDrainedWorkerFinishesAndGetsNoMore() {
        stage.register("a", announcing: Self.two)
        let request = stage.ask("1")[0]
        #expect(drain().held == [1])
        #expect(stage.ask("{}")[0].json.at("/error/data/name") == "noResponders")
        #expect(stage.answer(request, "done").map(\.body) == [["done"]])
        #expect(drain().held == [0])
        #expect(stage.ask("{}")[0].json.at("/error/data/name") == "noResponders")
        // Still a worker: its heartbeat is answered with nothing, not with DISCONNECT.
        #expect(stage.send(.heartbeat(.v02), from: "a") == [])
    }

    @Test mutating func theOthersServeMeanwhile() {
        stage.register("a", announcing: Self.two)
        stage.register("b", announcing: Self.other)
        #expect(drain("i1").held == [0])
        for body in ["1", "2"] { #expect(stage.ask(body).map(\.to) == ["b"]) }
        #expect(stage.ask("3") == [])
    }

    @Test mutating func requestsWaitForTheSuccessor() {
        stage.register("a", announcing: Self.two)
        let held = stage.ask("1")[0]
        #expect(drain(wait: 5_000).held == [1])
        #expect(stage.ask("2") == [])
        #expect(stage.answer(held, "done").map(\.body) == [["done"]])
        #expect(stage.send(.disconnect(.v02), from: "a") == [])
        #expect(stage.ask("3") == [])
        #expect(stage.register("b", announcing: Self.other).filter(\.isRequest).map { $0.body[0] } == ["2", "3"])
        // It has come: from now on its absence is no secret.
        #expect(stage.send(.disconnect(.v02), from: "b") == [])
        #expect(stage.broker.services[0].awaited == nil)
    }

    @Test mutating func theWaitIsBounded() {
        stage.register("a", announcing: Self.two)
        _ = drain(wait: 1_000)
        stage.send(.disconnect(.v02), from: "a")
        #expect(stage.ask(#"{"id":7}"#) == [])
        #expect(stage.pass(999) == [])
        let failed = stage.pass(1)
        #expect(failed.map { $0.json.at("/error/data/name") } == ["noResponders"])
        #expect(failed[0].json["id"] == 7)
        #expect(stage.ask("{}")[0].json.at("/error/data/name") == "noResponders")
    }

    @Test mutating func deadlinesHoldWhileNobodyServes() {
        stage.register("a", announcing: Self.two)
        _ = drain(wait: 10_000)
        stage.send(.disconnect(.v02), from: "a")
        stage.ask("{}", headers: #"{"deadline":\#(stage.now.unix + 100)}"#)
        #expect(stage.pass(100).map { $0.json.at("/error/data/name") } == ["deadlineExceeded"])
    }

    @Test mutating func resumedWorkersTakeWhatWaits() {
        stage.register("a", announcing: Self.two)
        _ = drain(wait: 5_000)
        #expect(stage.ask("1") == [])
        var out: [Outgoing] = []
        #expect(stage.broker.resume(ByteKey("echo"), instance: nil, stage.now, &out))
        #expect(out.map { Sent($0).body[0] } == ["1"])
        #expect(!stage.broker.resume(ByteKey("echo"), instance: nil, stage.now, &out))
    }

    @Test mutating func nobodyIsNotDrained() {
        #expect(drain().held == nil)
    }
}
