import JSON
import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

/// RFC 7 (MDP 0.1) and RFC 18 (MDP 0.2): what they ask of a broker, told by the frames that go in and out of ours.
@Suite struct RFC7And18BrokerTests {
    private var stage = Stage()
    private let announcement = #"{"credit":4}"#

    @Test("RFC 7, 18: the broker SHOULD serve clients on a fair basis")
    mutating func aFloodOfOneClientStarvesNoOther() {
        stage.register("w")
        var sent = stage.ask("0", from: "flood")
        for number in 1...20 { stage.ask("\(number)", from: "flood") }
        stage.ask("a", from: "other")
        var order: [String] = []
        while let request = sent.first(where: \.isRequest) {
            order.append(request.body[0])
            sent = stage.answer(request, "done")
        }
        #expect(order.count == 22)
        #expect(order.firstIndex(of: "a") ?? .max <= 2)
    }

    // MARK: Names without a worker

    @Test(
        "RFC 7, 18: the broker SHOULD queue requests for which no service has been registered",
        arguments: Version.allCases)
    mutating func unservedRequestsAreQueued(version: Version) {
        #expect(stage.ask("early", "later", version) == [])
        #expect(stage.pass(500) == [])
        let sent = stage.register("w", "later", version)
        #expect(sent.map(\.to) == ["w", "w"])
        #expect(sent[1].body == ["early"])
        #expect(stage.answer(sent[1], "at last", version).map(\.body) == [["at last"]])
        // JSON-RPC has an error for this, which is told at once; and nobody may wait in the broker's own names.
        for (body, service) in [("{}", "never"), (" [", "never"), ("x", "titanic.x"), ("x", "gateway")] {
            #expect(stage.ask(body, service, version)[0].json.at("/error/data/name") == "noResponders")
        }
    }

    @Test("RFC 7, 18: … and SHOULD expire them after a reasonable and configurable time", arguments: Version.allCases)
    mutating func unservedRequestsExpire(version: Version) {
        var limits = Limits()
        limits.unservedWait = 700
        limits.services = 4
        stage = Stage(limits)
        #expect(stage.ask("early", "later", version) == [])
        #expect(stage.pass(699) == [])
        #expect(stage.pass(1).map { $0.json.at("/error/data/name") } == ["noResponders"])
        #expect(stage.broker.requests.count == 0)
        // Names that clients make up never take the room of those that workers serve.
        #expect(stage.ask("x", "one", version) == [])
        #expect(stage.ask("x", "two", version)[0].json.at("/error/data/name") == "noResponders")
        for name in ["three", "four"] { #expect(stage.register(name, name, version).count == 1) }
    }

    // MARK: Opening and closing

    @Test(
        "RFC 7, 18: after DISCONNECT the broker MUST send no further commands to that worker",
        arguments: Version.allCases)
    mutating func nothingIsSentToWhoLeft(version: Version) {
        stage.register("w", "echo", version)
        stage.ask("{}", "echo", version)
        // Its client is told, the worker nothing, not even the end of a wait.
        #expect(stage.send(.disconnect(version), from: "w").map(\.to) == ["client"])
        #expect(stage.ask("{}", "echo", version).map(\.to) == ["client"])
        for _ in 0..<40 { #expect(stage.pass(500) == []) }
        // Also before READY.
        #expect(stage.send(.disconnect(version), from: "nobody") == [])
        #expect(stage.pass(60_000) == [])
        // A worker with an announcement may end what it holds, and gets no other request.
        stage.register("v", "echo", version, announcing: announcement)
        let request = stage.ask("last")[0]
        stage.send(.disconnect(version), from: "v")
        stage.ask("more")
        #expect(!stage.pass(1000).contains { $0.isRequest })
        #expect(stage.answer(request, "done", version).map(\.to) == ["client"])
        for _ in 0..<40 { #expect(!stage.pass(500).contains { $0.to == "v" }) }
    }

    @Test(
        "RFC 7, 18: the broker MUST respond to any valid but unexpected command by sending DISCONNECT and then no further commands",
        arguments: Version.allCases)
    mutating func theUnexpectedIsSentAway(version: Version) {
        let other: Version = version == .v01 ? .v02 : .v01
        let token = ByteKey("nobody's")
        let unexpected: [(String, Multipart)] = [
            ("a second READY", .ready(version, service: "echo")),
            ("an answer to nothing", .reply(version, address: token, body: [[1]])),
            ("the other version", .heartbeat(other)),
        ]
        for (what, command) in unexpected {
            stage.register("w", "echo", version)
            #expect(stage.send(command, from: "w") == [Sent("w", .disconnect(version))], "\(what)")
            for _ in 0..<20 { #expect(stage.pass(500) == [], "\(what)") }
        }
        // Before READY.
        for command in [Multipart.heartbeat(version), .reply(version, address: token, body: [[1]])] {
            #expect(stage.send(command, from: "stranger") == [Sent("stranger", .disconnect(version))])
            #expect(stage.pass(5000) == [])
        }
        // By a worker with an announcement, which has several requests in hand, it may have been too late: dropped.
        stage.register("w", "echo", .v02, announcing: announcement)
        let request = stage.ask("x")[0]
        stage.answer(request, "done")
        #expect(stage.answer(request, "late", isFinal: false) == [])
        #expect(stage.drops(.unknownAddress) == 2)
    }

    @Test(
        "RFC 7, 18: the broker SHOULD respond to invalid messages by dropping them and treating that peer as invalid",
        arguments: Version.allCases)
    mutating func theInvalidIsDropped(version: Version) {
        let worker = version == .v01 ? ["", "MDPW01"] : ["MDPW02"]
        let invalid = [
            worker, worker + ["\u{1}"], worker + ["\u{9}"], worker + ["\u{3}", "address"],
            worker + ["\u{3}", "address", "not empty", "body"], worker + ["\u{3}", "address", ""], ["MDPW03", "\u{1}"],
        ]
        for frames in invalid {
            stage.register("w", "echo", version)
            let message = Multipart(frames.map { Array($0.utf8) })
            #expect(stage.send(message, from: "w") == [Sent("w", .disconnect(version))], "\(message)")
            #expect(stage.broker.workers.count == 0)
        }
        // A client has no standing that it could lose: its message is dropped, and counted with peer and reason.
        #expect(stage.send(Multipart("MDPC01", "echo", "no empty frame"), from: "c") == [])
        #expect(stage.broker.statistics.dropped == invalid.count + 1)
    }

    // MARK: Requests and replies

    @Test(
        "RFC 18: after a FINAL the broker SHALL not send any further commands to the client",
        arguments: Version.allCases)
    mutating func afterTheFinalComesNothing(worker: Version) {
        stage.register("w", "echo", worker)
        let request = stage.ask("x")[0]
        #expect(stage.answer(request, "done", worker).filter { $0.to == "client" }.count == 1)
        for isFinal in [false, true] {
            let again = stage.answer(request, "again", worker, isFinal: isFinal)
            #expect(!again.contains { $0.to == "client" })
        }
        for _ in 0..<100 { #expect(!stage.pass(1000).contains { $0.to == "client" }) }
    }

    @Test("RFC 18: the worker SHALL send zero or more PARTIAL, followed by exactly one FINAL")
    mutating func partialsAndOneFinal() {
        stage.register("w")
        for count in [0, 1, 5] {
            let request = stage.ask("x")[0]
            var kinds: [UInt8] = []
            for number in 0...count {
                let sent = stage.answer(request, "\(number)", isFinal: number == count)
                kinds += sent.filter { $0.to == "client" }.compactMap { $0.message[1].first }
            }
            #expect(kinds == Array(repeating: 2, count: count) + [3])
        }
    }

    @Test(
        "RFC 7, 18: REQUEST, REPLY, PARTIAL and FINAL MUST contain precisely one client address frame",
        arguments: Version.allCases)
    mutating func oneAddressFrame(version: Version) throws {
        stage.register("w", "echo", version)
        // Whatever envelope the client has: the worker sees one address, which is the broker's.
        let envelope = ["hop 1", "hop 2", "", "MDPC01", "echo", "body"]
        let request = stage.send(Multipart(envelope.map { Array($0.utf8) }), from: "c")[0]
        let start = version == .v01 ? 3 : 2
        #expect(request.message.count == start + 3)
        #expect(request.message.byteCount(of: start) == ReplyToken.byteCount)
        #expect(request.message.text(start + 2) == "body")
        // What a worker writes is read the same way: the first frame is the address, and no second one.
        for isFinal in [true, false] where isFinal || version == .v02 {
            let reply = Multipart.reply(version, address: ByteKey("a"), body: [[1], [2]], isFinal: isFinal)
            let read = try ToBroker(reply)
            #expect(read == .reply(version, address: start, body: start + 2..<start + 4, isFinal: isFinal))
        }
        let worker = version == .v01 ? ["", "MDPW01", "\u{3}"] : ["MDPW02", "\u{4}"]
        let second = Multipart((worker + ["a", "b", "", "x"]).map { Array($0.utf8) })
        if version == .v01 {
            // A body, of a worker that leaves the delimiter out (below).
            #expect(try ToBroker(second) == .reply(.v01, address: 3, body: 4..<7, isFinal: true))
        } else {
            #expect(throws: Malformed(.addressNotDelimited, worker: .v02)) { try ToBroker(second) }
        }
    }

    @Test("RFC 7, 18: this frame MUST be followed by an empty (zero sized) frame", arguments: Version.allCases)
    mutating func theAddressIsDelimited(version: Version) {
        stage.register("w", "echo", version)
        let request = stage.ask("x", "echo", version)[0]
        let address = version == .v01 ? 3 : 2
        #expect(request.message.byteCount(of: address + 1) == 0)
        var reply = request.message.frames
        reply[address - 1] = [version == .v01 ? 3 : 4]
        reply[address + 1] = [0]
        // The PHP worker of the ZeroMQ guide leaves it out, and all brokers of the guide bear that.
        let isBorne = version == .v01
        #expect(stage.send(Multipart(reply), from: "w").map(\.to) == (isBorne ? ["client"] : ["client", "w"]))
        #expect(stage.drops(.malformed("addressNotDelimited")) == (isBorne ? 0 : 1))
    }

    // MARK: Heartbeating

    @Test(
        "RFC 7, 18: peers SHOULD NOT send HEARTBEAT commands while also sending other commands",
        arguments: Version.allCases)
    mutating func commandsAreHeartbeats(version: Version) {
        stage.register("w", "echo", version)
        var heartbeats = 0
        for _ in 0..<50 {
            let request = stage.ask("x", "echo", version)[0]
            heartbeats += stage.pass(400).count
            stage.answer(request, "y", version)
        }
        #expect(heartbeats == 0)
        // The worker's own commands count for it as well: it was never found silent in these twenty seconds.
        #expect(stage.broker.workers.count == 1)
        #expect(stage.pass(1000) == [Sent("w", .heartbeat(version))])
    }

    @Test(
        "RFC 7, 18: both broker and worker MUST send heartbeats at regular and agreed-upon intervals",
        arguments: Version.allCases)
    mutating func bothSidesHeartbeat(version: Version) {
        stage.register("w", "echo", version)
        var session = WorkerSession(service: "echo", announcement: nil, version: version)
        var actions: [WorkerSession.Action] = []
        session.start(now: 0, &actions)
        actions = []
        var brokers: [Int] = []
        var workers: [Int] = []
        for time in 1...100 {
            if !stage.pass(100).isEmpty { brokers.append(time) }
            session.receive(.heartbeat(version), now: Int64(time) * 100, &actions)
            actions = []
            session.tick(now: Int64(time) * 100, &actions)
            if actions == [.send(.heartbeat(version))] { workers.append(time) }
            stage.send(.heartbeat(version), from: "w")
        }
        let seconds = Array(stride(from: 10, through: 100, by: 10))
        #expect(brokers == seconds)
        #expect(workers == seconds)
    }

    @Test(
        "RFC 7, 18: a peer MUST consider the other disconnected if no heartbeat arrives within some multiple",
        arguments: Version.allCases)
    mutating func silenceIsDisconnection(version: Version) {
        let multiple = Limits().expiry / Limits().heartbeat
        #expect((3...10).contains(multiple))
        stage.register("w", "echo", version)
        for _ in 0..<7 { #expect(stage.pass(1000) == [Sent("w", .heartbeat(version))]) }
        #expect(stage.pass(500).last == Sent("w", .disconnect(version)))
        #expect(stage.ask("{}").map { $0.json.at("/error/data/name") } == ["noResponders"])

        var session = WorkerSession(service: "echo", announcement: nil, version: version)
        var actions: [WorkerSession.Action] = []
        session.start(now: 0, &actions)
        for now in stride(from: Int64(500), through: 7000, by: 500) { session.tick(now: now, &actions) }
        #expect(!actions.contains(.close))
        session.tick(now: 7500, &actions)
        #expect(actions.contains(.close))
    }

    @Test(
        "RFC 7, 18: if the broker detects a disconnected worker, it SHOULD stop sending it messages of any type",
        arguments: Version.allCases)
    mutating func aLostWorkerGetsNothingMore(version: Version) {
        stage.register("w", "echo", version)
        // A DISCONNECT tells it so, should it be there after all; that is the last.
        var sent: [Sent] = []
        for _ in 0..<8 { sent += stage.pass(1000) }
        #expect(sent.last == Sent("w", .disconnect(version)))
        stage.register("other", "echo", version)
        for number in 0..<100 {
            #expect(!stage.ask("\(number)", "echo", version).contains { $0.to == "w" })
            #expect(!stage.pass(100).contains { $0.to == "w" })
        }
    }

}
