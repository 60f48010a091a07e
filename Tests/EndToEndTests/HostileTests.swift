import Foundation
import Glibc
import JSON
import ServiceKit
import Testing

/// What a peer may send that it should not. Each gets the documented error or is dropped and counted; afterwards every
/// process answers and is the one that it was.
@Suite(.timeLimit(.minutes(5))) struct HostileTests {
    /// Runs `body` and looks whether the set is unharmed.
    static func unharmed(
        _ limits: [String: String] = [:], _ body: (RunningSet) async throws -> Void
    ) async throws {
        try await RunningSet.with(limits) { set in
            let before = RunningSet.services.map { set.processID(of: $0) }
            try await body(set)
            for service in RunningSet.services { try await set.untilAnswers(service) }
            #expect(RunningSet.services.map { set.processID(of: $0) } == before)
        }
    }

    /// The gateway's drops so far, by reason.
    static func drops(_ set: RunningSet) async throws -> [String: Int64] {
        let stats = try await set.client.call("gateway.stats")
        var counts: [String: Int64] = [:]
        for drop in stats["drops"]?.array ?? [] {
            counts[drop["reason"]?.string ?? "", default: 0] += drop["count"]?.integer ?? 0
        }
        return counts
    }

    // MARK: Frames

    private static let malformed: [(frames: [String], reason: String)] = [
        ([""], "unknownProtocol"), (["", ""], "unknownProtocol"), (["", "MDPC01"], "noService"),
        (["", "MDPC01", ""], "noService"), (["", "MDPC01", "fund"], "noBody"),
        (["", "MDPC09", "fund", "{}"], "unknownProtocol"),
        (["", "mdpc01", "fund", "{}"], "unknownProtocol"),
        (["a", "b", "c", "d", "e", "", "MDPC01", "fund", "{}"], "noDelimiter"),
        (["MDPC02"], "noCommand"), (["MDPC02", "\u{1}"], "noService"), (["MDPC02", "\u{1}", ""], "noService"),
        (["MDPC02", "\u{1}", "fund"], "noBody"), (["MDPC02", "\u{2}", "fund", "{}"], "unknownCommand"),
        (["MDPC02", "", "fund", "{}"], "unknownCommand"), (["MDPC02", "\u{1}\u{1}", "fund", "{}"], "unknownCommand"),
        (["MDPC03", "\u{1}", "fund", "{}"], "unknownProtocol"), (["GET / HTTP/1.1"], "noDelimiter"),
        (["{\"jsonrpc\":\"2.0\"}"], "noDelimiter"), (["MDPW02"], "noCommand"), (["MDPW02", "\u{1}"], "noService"),
        (["MDPW02", "\u{1}", "x", "{}", "{}"], "trailingFrames"), (["MDPW02", "\u{4}"], "noAddress"),
        (["MDPW02", "\u{4}", "address"], "addressNotDelimited"), (["MDPW02", "\u{4}", "address", ""], "noBody"),
        (["MDPW02", "\u{5}", "more"], "trailingFrames"), (["", "MDPW01", "\u{4}", "more"], "trailingFrames"),
        (["MDPW02", "\u{9}"], "unknownCommand"), (["", "MDPW01", "\u{9}"], "unknownCommand"),
        (["", "MDPW01"], "noCommand"),
    ]

    @Test func malformedFramesAreDroppedAndCounted() async throws {
        try await Self.unharmed { set in
            let before = try await Self.drops(set)
            try await Stranger.talk(to: set) { stranger in
                for (frames, _) in Self.malformed { try stranger.send(frames.map { Array($0.utf8) }) }
                try stranger.send([[0xFF, 0xFE, 0x00], [0x80]])
                try stranger.settle()
            }
            let after = try await Self.drops(set)
            var expected = Dictionary(Self.malformed.map { ("malformed.\($0.reason)", Int64(1)) }, uniquingKeysWith: +)
            expected["malformed.noDelimiter", default: 0] += 1
            for (reason, count) in expected {
                #expect((after[reason] ?? 0) - (before[reason] ?? 0) == count, "\(reason): \(after)")
            }
        }
    }

    @Test func aMessageOfAHundredThousandFramesIsRefused() async throws {
        try await Self.unharmed { set in
            let answer = try await Stranger.talk(to: set) { stranger in
                try stranger.ask("fund", Array(repeating: [0x7B, 0x7D], count: 100_000))
            }
            #expect(answer.at("/error/code")?.integer == Fault.Code.payloadTooLarge.rawValue)
            #expect(answer.at("/error/data/limit") == 16)
            #expect(try await Self.drops(set)["tooManyFrames"] == 1)
            // Frames of nothing at all have nobody to be answered.
            try await Stranger.talk(to: set) { stranger in
                try stranger.send(Array(repeating: [0x61], count: 100_000))
                try stranger.settle()
            }
            #expect(try await Self.drops(set)["tooManyFrames"] == 2)
        }
    }

    // MARK: Who serves what

    @Test func namesThatAreNotToBeTakenAreRefused() async throws {
        try await Self.unharmed { set in
            let names: [[UInt8]] = [
                Array("gateway".utf8), Array("mmi.service".utf8), Array("mmi.anything".utf8),
                Array("titanic.request".utf8), Array(repeating: 0x61, count: 1_000), [0xFF, 0xFE], [0x00],
            ]
            for name in names {
                let command = try await Stranger.talk(to: set) { try $0.serve(name) }
                #expect(command == 6, "\(String(decoding: name.prefix(20), as: UTF8.self)) was not refused")
            }
            for announcement in ["", "{", "[]", #"{"credit":0}"#, #"{"credit":-1}"#, #"{"credit":"many"}"#] {
                let command = try await Stranger.talk(to: set) {
                    try $0.serve(Array("fair".utf8), announcement: Array(announcement.utf8))
                }
                #expect(command == 6, "\(announcement) was not refused")
            }
            // The gateway still answers itself, and says who is there.
            #expect(try await set.client.call("gateway.flows.definitions")["items"]?.array?.isEmpty == false)
            let drops = try await Self.drops(set)
            #expect(
                drops["reservedName"] == 4 && drops["invalidName"] == 3 && drops["invalidAnnouncement"] == 6, "\(drops)"
            )
        }
    }

    @Test func aWorkerReachesNobodyItWasNotGiven() async throws {
        // DISCONNECT; a heartbeat may come before it.
        @Sendable func sentAway(_ worker: inout Stranger) throws {
            _ = try worker.receive { $0.first == Array("MDPW02".utf8) && $0[1] == [6] }
        }
        try await Self.unharmed { set in
            let answer = try await Stranger.talk(to: set) { worker in
                // Before READY, and after, with addresses that were never given.
                try worker.reply(to: Array("nobody".utf8), "{}")
                try sentAway(&worker)
                for address in [
                    [], [0], Array("nobody".utf8), Array(repeating: 0x31, count: 32), Array(repeating: 0xFF, count: 5),
                ] {
                    guard try worker.serve(Array("shady".utf8)) == 5 else { return "not registered" }
                    try worker.reply(to: address, "{}")
                    try sentAway(&worker)
                }
                // A second READY ends it as well.
                guard try worker.serve(Array("shady".utf8)) == 5 else { return "not registered" }
                if try worker.serve(Array("shady".utf8)) == 6 { return "sent away" }
                try sentAway(&worker)
                return "sent away"
            }
            #expect(answer == "sent away")
            let drops = try await Self.drops(set)
            #expect(drops["notRegistered"] == 1 && drops["readyTwice"] == 1, "\(drops)")
            let unknown = (drops["unknownAddress"] ?? 0) + (drops["malformed.noAddress"] ?? 0)
            #expect(unknown == 5, "\(drops)")
        }
    }

    @Test func anotherWorkersAddressIsOfNoUse() async throws {
        try await Self.unharmed { set in
            let answer = try await Stranger.talk(to: set) { worker in
                var thief = try worker.another()
                var client = try worker.another()
                guard try worker.serve(Array("honest".utf8)) == 5, try thief.serve(Array("thief".utf8)) == 5 else {
                    return JSON.null
                }
                try client.request("honest", [Array("work".utf8)])
                let (address, body) = try worker.work()
                #expect(body == Array("work".utf8))
                try thief.reply(to: address, "\"stolen\"")
                try thief.settle()
                try worker.reply(to: address, "\"earned\"")
                // Twice is once too often, and reaches nobody.
                try worker.reply(to: address, "\"twice\"")
                try worker.settle()
                let answer = try JSON(parsing: client.receive()?.last ?? [])
                #expect(try client.receive(within: 0) == nil)
                return answer
            }
            #expect(answer == "earned")
            let drops = try await Self.drops(set)
            #expect(drops["foreignAddress"] == 1 && drops["unknownAddress"] == 1, "\(drops)")
        }
    }
}
