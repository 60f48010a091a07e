import Foundation
import JSON
import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

/// Nothing that a peer sends may stop the gateway: over real sockets, and after each attack it still answers.
@Suite(.timeLimit(.minutes(5)), .serialized) struct HostileInputTests {
    private let one = [Array(#"{"id":1}"#.utf8)]

    /// Runs an attack, then checks that an honest client is served.
    private func attack(_ body: (House, borrowing RawPeer) async throws -> Void) async throws {
        let house = try House()
        defer { house.end() }
        let worker = try EchoWorker(house)
        defer { worker.end() }
        #expect(await worker.links.wait(for: .registered))
        let attacker = try RawPeer(house)
        try await body(house, attacker)
        let client = try RawPeer(house)
        #expect(try client.ask(one) == [#"{"id":1}"#])
    }

    private func drops(_ house: House, atLeast count: Int) async throws -> [String: Int] {
        for _ in 0..<1000 {
            guard let drops = await house.router.snapshot()?.broker.drops else { break }
            if drops.reduce(0, { $0 + $1.count }) >= count {
                return Dictionary(drops.map { ($0.reason, $0.count) }) { $0 + $1 }
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        return [:]
    }

    @Test func missingFramesAndWrongVersions() async throws {
        try await attack { house, attacker in
            let words: [[UInt8]] = [
                [], [1], [2], [3], [4], [5], [6], [7], [255], Array("MDPC01".utf8), Array("MDPC02".utf8),
                Array("MDPC03".utf8), Array("MDPW01".utf8), Array("MDPW02".utf8), Array("echo".utf8), [0xff, 0xfe],
            ]
            for first in words { try attacker.send(Multipart([first])) }
            for first in words { for second in words { try attacker.send(Multipart([first, second])) } }
            for second in words {
                for third in words { try attacker.send(Multipart([[], second, third])) }
                for third in words { try attacker.send(Multipart([Array("MDPW02".utf8), second, third])) }
            }
            let counted = try await drops(house, atLeast: 600)
            #expect(counted.count > 6, "\(counted)")
            #expect((counted["malformed.unknownProtocol"] ?? 0) > 0)
        }
    }

    @Test func aHundredThousandFrames() async throws {
        try await attack { house, attacker in
            let many = (0..<100_000).map { _ in [UInt8(1)] }
            try attacker.send(Multipart(many))
            try attacker.send(Multipart([Array("MDPC02".utf8), [1], Array("echo".utf8)] + one + many))
            #expect(try attacker.receive()?.text(3).contains("payloadTooLarge") ?? false)
            #expect(try await drops(house, atLeast: 2) == ["tooManyFrames": 2])
        }
    }

    @Test func tenMegabytes() async throws {
        try await attack { house, attacker in
            let body =
                Array(#"{"jsonrpc":"2.0","id":"big","method":"echo.x","params":""#.utf8)
                + [UInt8](repeating: 0x61, count: 10 << 20)
            try attacker.send(.request(.v02, service: "echo", body: [body]))
            let answer = try JSON(parsing: attacker.receive()?.text(3) ?? "")
            #expect(answer.at("/error/data/name") == "payloadTooLarge")
            #expect(answer.at("/error/data/limit")?.integer == 1 << 20)
            #expect(answer["id"] == "big")
            // The routing id, the service: every place may be the large one.
            try attacker.send(Multipart([[UInt8](repeating: 0, count: 10 << 20)]))
            try attacker.send(Multipart([Array("MDPC02".utf8), [1], [UInt8](repeating: 0x61, count: 2 << 20), [1]]))
            #expect(try await drops(house, atLeast: 3)["tooLarge"] == 3)
        }
    }

    /// Beyond the frame limit libzmq itself ends the connection.
    @Test func aFrameBeyondEverything() async throws {
        try await attack { _, attacker in
            try attacker.send(Multipart([[UInt8](repeating: 0, count: 40 << 20)]))
            #expect(try attacker.receive(milliseconds: 300) == nil)
        }
    }

    @Test func headersOfEveryKind() async throws {
        try await attack { _, attacker in
            let deep = #"{"a":"# + String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000) + "}"
            for text in [deep, String(repeating: "{\"a\":", count: 3000), "", "nonsense", #"{"deadline":"x"}"#, "{}{}"]
            {
                let answer = try attacker.ask(one + [Array(text.utf8)])
                #expect(answer?.first?.contains("-32600") ?? false, "\(text.prefix(20))")
            }
            let notText: [UInt8] = [0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]
            var answer = try attacker.ask(one + [notText])
            #expect(answer?.first?.contains("-32600") ?? false)
            let huge = #"{"deadline":1e308,"n":-0.0000000000000000000000000000000000000000001e-999}"#
            answer = try attacker.ask(one + [Array(huge.utf8)])
            #expect(answer?.first?.contains("-32600") ?? false)
            answer = try attacker.ask(one + [Array(#"{"deadline":9223372036854775807}"#.utf8)])
            #expect(answer == [#"{"id":1}"#])
            let past = try attacker.fault(one + [Array(#"{"deadline":-9223372036854775808}"#.utf8)])
            #expect(past == "deadlineExceeded")
        }
    }

    @Test func bodiesAreNotTheBrokersBusiness() async throws {
        try await attack { _, attacker in
            for body in [[], [0xff, 0xfe, 0x00], Array(String(repeating: "[", count: 100_000).utf8)] as [[UInt8]] {
                try attacker.send(.request(.v02, service: "echo", body: [body, Array("{}".utf8)]))
                // An empty body comes back as an empty reply, which an announced worker means as none.
                if !body.isEmpty { #expect(try attacker.receive()?.frames.last == body) }
            }
            for body in [[0xff], Array(String(repeating: "[", count: 100_000).utf8)] as [[UInt8]] {
                #expect(try attacker.fault([body], "nobody") == "noResponders")
            }
        }
    }

    @Test func falseWorkers() async throws {
        try await attack { _, attacker in
            try attacker.send(.ready(.v02, service: "gateway"))
            #expect(try attacker.receive() == .disconnect(.v02))
            try attacker.send(.heartbeat(.v01))
            #expect(try attacker.receive() == .disconnect(.v01))
            try attacker.send(.reply(.v02, address: ByteKey("guess"), body: [[1]]))
            #expect(try attacker.receive() == .disconnect(.v02))
            // One that takes a request and answers under every other name.
            try attacker.send(.ready(.v02, service: "trap", announcement: Array(#"{"credit":1}"#.utf8)))
            #expect(try attacker.receive() == .heartbeat(.v02))
            for number in 0..<100 {
                let token = ByteKey(UInt32(number), UInt64.random(in: 0 ... .max))
                try attacker.send(.reply(.v02, address: token, body: [[1]]))
            }
            try attacker.send(Multipart([Array("MDPW02".utf8), [99]]))
            #expect(try attacker.receive() == .disconnect(.v02))
        }
    }

    /// A reply that is too large ends its request with an error instead of silence.
    @Test func aWorkerThatAnswersTooMuch() async throws {
        try await attack { house, attacker in
            try attacker.send(.ready(.v02, service: "big", announcement: Array(#"{"credit":1}"#.utf8)))
            #expect(try attacker.receive() == .heartbeat(.v02))
            let client = try RawPeer(house)
            try client.send(.request(.v02, service: "big", body: one))
            guard let request = try attacker.receive() else {
                Issue.record("no request")
                return
            }
            try attacker.send(.reply(.v02, address: request.key(2), body: [[UInt8](repeating: 0, count: 2 << 20)]))
            #expect(try client.receive()?.text(3).contains("payloadTooLarge") ?? false)
        }
    }

    /// A client that asks and never reads costs a bounded queue, and others nothing.
    @Test func aClientThatDoesNotRead() async throws {
        try await attack { house, attacker in
            let body = [UInt8](repeating: 0x61, count: 1000)
            for _ in 0..<5000 { try attacker.send(.request(.v02, service: "echo", body: [body])) }
            let other = try RawPeer(house)
            for _ in 0..<100 { #expect(try other.ask(one) == [#"{"id":1}"#]) }
        }
    }

    @Test func eventsSocketTakesSubscriptionsOnly() async throws {
        try await attack { house, _ in
            let context = try Context()
            let subscriber = try Socket(.xsubscribe, in: context, linger: 500)
            try subscriber.connect("ipc://\(house.directory)/events.sock")
            for length in [0, 1, 256, 257, 3000] {
                _ = try subscriber.send(Multipart([[1] + [UInt8](repeating: 0x61, count: length)]))
            }
            for _ in 0..<1000 {
                if await house.router.snapshot()?.subscriptions == 3 { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(await house.router.snapshot()?.subscriptions == 3)
        }
    }
}
