import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Testbed

/// Never more units at one instant than there are, whatever comes in whatever order.
@Suite struct CapacityTests {
    @Test func fiftyAtOnceForThreeUnits() async throws {
        let house = try await House()
        let resource = try await house.resource(["capacity": 3])
        let faults = try await withThrowingTaskGroup(of: Fault?.self) { group in
            for index in 0..<50 {
                group.addTask {
                    do {
                        try await house.hold(resource, 60, 120, ["holder": .string("flow-\(index)")])
                        return nil
                    } catch let fault as Fault {
                        return fault
                    }
                }
            }
            return try await group.reduce(into: [Fault]()) { if let fault = $1 { $0.append(fault) } }
        }
        #expect(faults.count == 47)
        for fault in faults {
            #expect(fault.code == .conflict)
            #expect(try House.minutes(fault.data["free"]).contains([120, 180, 3]))
        }
        let held = try await house.kit.call("testbed.reservations.list", ["state": "held", "limit": 200])
        #expect(held["items"]?.array?.count == 3)
    }

    @Test func theSameKeyHoldsOnce() async throws {
        let house = try await House()
        let resource = try await house.resource(["capacity": 3])
        let wish = House.wish(resource, 60, 120)
        let ids = try await withThrowingTaskGroup(of: JSON?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await house.kit.call("testbed.reservations.hold", wish, key: "flow-1/step-1")["id"]
                }
            }
            return try await group.reduce(into: Set<JSON?>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        #expect(try await house.free(resource, 60, 120) == [[60, 120, 2]])
    }

    /// Random holds, posts, voids, cancellations, closures and waiting, against a grid of ten-minute steps.
    @Test(arguments: 0..<12 as Range<UInt64>)
    func randomTrafficAgainstAGrid(_ seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let house = try await House()
        let capacity = Int.random(in: 1...4, using: &random)
        let buffer = [0, 10, 20].randomElement(using: &random) ?? 0
        let resource = try await house.resource([
            "capacity": .integer(Int64(capacity)), "bufferSeconds": .integer(Int64(buffer * 60)),
        ])
        var model = Model(capacity: capacity, buffer: buffer / 10)
        for _ in 0..<80 {
            let roll = Int.random(in: 0..<10, using: &random)
            if roll < 6 {
                let start = Int.random(in: model.now + 1..<70, using: &random)
                let end = start + Int.random(in: 1...12, using: &random)
                let units = Int.random(in: 1...capacity, using: &random)
                let ttl = Int.random(in: 1...4, using: &random)
                let parameters = House.wish(
                    resource, start * 10, end * 10,
                    ["units": .integer(Int64(units)), "ttlSeconds": .integer(Int64(ttl * 600))])
                let fits = model.fits(start, end, units)
                do {
                    let held = try await house.kit.call("testbed.reservations.hold", parameters)
                    #expect(fits, "seed \(seed): granted \(start)..<\(end) × \(units)")
                    model.add(try #require(held["id"]?.string), start, end, units, expires: model.now + ttl)
                } catch let fault as Fault {
                    #expect(!fits, "seed \(seed): refused \(start)..<\(end) × \(units)")
                    #expect(fault.code == .conflict)
                    for slot in try House.minutes(fault.data["free"]) {
                        #expect(slot[1] - slot[0] == (end - start) * 10)
                        let fits = model.fits(slot[0] / 10, slot[1] / 10, units)
                        #expect(fits, "seed \(seed): offered \(slot)")
                    }
                }
            } else if roll < 8, let id = model.held.randomElement(using: &random) {
                let action = roll == 6 ? "post" : "void"
                try await house.kit.call("testbed.reservations.\(action)", ["id": .string(id)])
                if action == "post" { model.post(id) } else { model.remove(id) }
            } else if roll == 8, let id = model.posted.randomElement(using: &random) {
                try await house.kit.call("testbed.reservations.cancel", ["id": .string(id)])
                model.cancel(id)
            } else if model.now < 50 {
                try await house.kit.advance(seconds: 600)
                model.tick()
            }
            #expect(model.peak <= capacity)
        }
        let free = try await house.free(resource, 0, 1_000)
        var left = [Int](repeating: 0, count: 100)
        for slot in free { for step in slot[0] / 10..<slot[1] / 10 { left[step] += slot[2] } }
        #expect(left == (0..<100).map { $0 < model.now ? 0 : model.left(at: $0) }, "seed \(seed)")
    }
}

/// What should be true, by counting.
private struct Model {
    struct Entry {
        var start: Int
        /// With the buffer.
        var end: Int
        var units: Int
        var expires: Int?
    }

    let capacity: Int
    let buffer: Int
    var now = 0
    var entries: [String: Entry] = [:]

    init(capacity: Int, buffer: Int) {
        self.capacity = capacity
        self.buffer = buffer
    }

    var held: [String] { entries.filter { $0.value.expires != nil }.keys.sorted() }
    /// Those that may still be given back.
    var posted: [String] { entries.filter { $0.value.expires == nil && !$0.key.hasPrefix("done") }.keys.sorted() }

    func used(at step: Int) -> Int {
        entries.values.reduce(0) { $1.start <= step && step < $1.end ? $0 + $1.units : $0 }
    }

    var peak: Int { (0..<120).map(used).max() ?? 0 }

    func fits(_ start: Int, _ end: Int, _ units: Int) -> Bool {
        (start..<end + buffer).allSatisfy { used(at: $0) + units <= capacity }
    }

    func left(at step: Int) -> Int { capacity - ((step...step + buffer).map(used).max() ?? 0) }

    mutating func add(_ id: String, _ start: Int, _ end: Int, _ units: Int, expires: Int) {
        entries[id] = Entry(start: start, end: end + buffer, units: units, expires: expires)
    }

    mutating func post(_ id: String) { entries[id]?.expires = nil }
    mutating func remove(_ id: String) { entries[id] = nil }

    mutating func cancel(_ id: String) {
        guard var entry = entries.removeValue(forKey: id) else { return }
        entry.end = min(entry.end, max(entry.start, now))
        // Over, but what it took is still part of the past.
        entries["done " + id] = entry
        entries["done " + id]?.units = entry.start < entry.end ? entry.units : 0
    }

    mutating func tick() {
        now += 1
        entries = entries.filter { $0.value.expires.map { $0 > now } ?? true }
    }
}
