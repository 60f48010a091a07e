import Testing
import ZeroMQ

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct SlowSubscriberTests {
    private static let events = 6_000

    @Test func whoDoesNotReadIsCutOffAndTheOthersGetEverything() async throws {
        let house = try House()
        defer { house.end() }
        let context = try Context()
        let slow = try subscriber(context, house, receives: 10)
        let fast = try subscriber(context, house, receives: 0)
        while try #require(await house.router.snapshot()).subscriptions < 2 {
            try await Task.sleep(for: .milliseconds(5))
        }
        for number in 1...Self.events {
            let body = Array("\(number)".utf8) + [UInt8](repeating: 0x20, count: 1_000)
            #expect(house.router.publish(topic: "ieum.test", event: body))
        }
        #expect(try read(fast, until: Self.events) == Array(1...Self.events))
        let counts = try #require(await house.router.snapshot()).publication
        #expect(counts.cutOff >= 1 && counts.skipped == 0 && counts.waiting == 0)

        // The slow one has a gap. It comes again by itself, as soon as it reads.
        var seen: [Int] = []
        while try #require(await house.router.snapshot()).subscriptions < 2 {
            try read(slow, into: &seen)
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(house.router.publish(topic: "ieum.test", event: Array("\(Self.events + 1)".utf8)))
        seen += try read(slow, until: Self.events + 1)
        #expect(seen.count < Self.events && seen == seen.sorted())
    }

    private func subscriber(_ context: Context, _ house: House, receives limit: Int32) throws -> Socket {
        let socket = try Socket(.subscribe, in: context)
        try socket.set(.receiveHighWaterMark, limit)
        try socket.subscribe(Array("ieum.".utf8))
        try socket.connect("ipc://\(house.directory)/events.sock")
        return socket
    }

    private func read(_ socket: borrowing Socket, until last: Int) throws -> [Int] {
        var poll = Poll()
        _ = poll.watch(socket)
        var seen: [Int] = []
        while seen.last != last {
            try poll.wait(milliseconds: 1_000)
            try read(socket, into: &seen)
        }
        return seen
    }

    private func read(_ socket: borrowing Socket, into seen: inout [Int]) throws {
        var message = Multipart()
        while try socket.receive(into: &message) == .message {
            let text = String(decoding: message[1].prefix { $0 != 0x20 }, as: UTF8.self)
            seen.append(try #require(Int(text)))
        }
    }
}
