import Foundation
import Glibc
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

/// Who is let in before a handshake, over real sockets: libzmq asks the `Door` in this process too.
@Suite(.timeLimit(.minutes(5)), .serialized) struct DoorTests {
    @Test func aProcessHasItsShareOfTheConnections() async throws {
        var limits = Limits()
        limits.processConnections = 8
        let house = try House(limits)
        defer { house.end() }
        let events = "\(house.directory)/events.sock"
        // Both sockets count, and whether anything is said does not matter.
        var silent = (0..<12).map { silentConnection(to: $0 % 2 == 0 ? events : "\(house.directory)/gateway.sock") }
        // What was ever taken is counted, not who is inside: a silent peer is let go after two seconds, which may be
        // over before a busy machine looks.
        var counts = try await counts(of: house) { $0.taken + $0.refusedForProcess == 12 }
        #expect(counts.taken == 8)
        #expect(counts.refusedForProcess == 4)
        #expect(counts.lastRefused == getpid())
        // They are gone, and their places are free again, also for the same descriptors.
        for round in 1...20 {
            for descriptor in silent { close(descriptor) }
            counts = try await self.counts(of: house) { $0.open == 0 }
            silent = (0..<8).map { _ in silentConnection(to: events) }
            counts = try await self.counts(of: house) { $0.taken == 8 * (round + 1) }
            #expect(counts.refusedForProcess == 4, "round \(round)")
        }
        for descriptor in silent { close(descriptor) }
        let client = try RawPeer(house)
        #expect(try client.fault([Array("{}".utf8)]) == "noResponders")
    }

    /// Those inside stay; the next ones come in as soon as somebody leaves.
    @Test func aFullHouseTakesNobody() async throws {
        var limits = Limits()
        limits.connections = 5
        let house = try House(limits)
        defer { house.end() }
        let client = try RawPeer(house)
        #expect(try client.fault([Array("{}".utf8)]) == "noResponders")
        let silent = (0..<6).map { _ in silentConnection(to: "\(house.directory)/events.sock") }
        var counts = try await counts(of: house) { $0.taken + $0.refusedForLimit == 7 }
        #expect(counts.refusedForLimit == 2)
        #expect(try client.fault([Array("{}".utf8)]) == "noResponders")
        for descriptor in silent { close(descriptor) }
        counts = try await self.counts(of: house) { $0.open == 1 }
        let next = try RawPeer(house)
        #expect(try next.fault([Array("{}".utf8)]) == "noResponders")
    }

    @Test func whoSaysNothingIsLetGoAfterTheTimeForAHandshake() async throws {
        let house = try House()
        defer { house.end() }
        let silent = (0..<50).map { _ in silentConnection(to: "\(house.directory)/gateway.sock") }
        defer { for descriptor in silent { close(descriptor) } }
        _ = try await counts(of: house) { $0.taken == 50 }
        _ = try await counts(of: house) { $0.open == 0 }
    }

    @Test func theShareIsAQuarterUnlessItIsSet() throws {
        #expect(try Limits(environment: [:]).processConnections == 1024)
        #expect(try Limits(environment: ["IEUM_LIMIT_CONNECTIONS": "60"]).processConnections == 15)
        let both = ["IEUM_LIMIT_CONNECTIONS": "60", "IEUM_LIMIT_PROCESS_CONNECTIONS": "50"]
        #expect(try Limits(environment: both).processConnections == 50)
    }

    /// The process must not live on without its sockets: `Gateway` ends it then.
    @Test func aReactorThatFailsSaysSo() async throws {
        let context = try Context()
        let failures = Recorder<Int32>()
        let house = try House(in: context) { failures.add($0.code) }
        defer { house.end() }
        #expect(await house.router.snapshot() != nil)
        context.shutDown()
        #expect(await failures.wait().count == 1)
        house.router.stop()
        #expect(await house.router.snapshot() == nil)
        #expect(failures.all.count == 1)
    }

    @Test func anOrderlyEndIsNoFailure() throws {
        let failures = Recorder<Int32>()
        let house = try House { failures.add($0.code) }
        house.end()
        #expect(failures.all.isEmpty)
    }

    private func silentConnection(to path: String) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let result = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(result == 0)
        return descriptor
    }

    private func counts(of house: House, _ holds: (Door.Counts) -> Bool) async throws -> Door.Counts {
        for _ in 0..<1000 {
            if let counts = await house.router.snapshot()?.door, holds(counts) { return counts }
            try await Task.sleep(for: .milliseconds(10))
        }
        let last = await house.router.snapshot()?.door
        Issue.record("waited in vain: \(last.debugDescription)")
        return last ?? Door.Counts()
    }
}
