import JSON
import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

private let announcement = #"{"credit":2,"instance":"i1","version":"1.0"}"#

@Suite struct BrokerRegistrationTests {
    private var stage = Stage()

    @Test mutating func readyTwiceSendsAway() {
        stage.register("w")
        #expect(stage.register("w") == [Sent("w", .disconnect(.v02))])
        #expect(stage.ask("{}")[0].json.at("/error/data/name") == "noResponders")
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
        #expect(stage.ask("{}").map { $0.json.at("/error/data/name") } == ["noResponders"])
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
