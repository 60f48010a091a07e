import Glibc
import JSON
import ServiceKit
import Testing

/// Holds what the clients were told against the books.
struct ChaosAudit {
    private let chaos: Chaos
    private let set: RunningSet

    init(_ chaos: Chaos) {
        self.chaos = chaos
        set = chaos.crowd.set
    }

    private static let topics = [
        "testbed.reservations": "ieum.testbed.reservation.", "talent.engagements": "ieum.talent.engagement.",
        "fund.coinvestments": "ieum.fund.coinvestment.", "matching.technologies": "ieum.matching.hold.",
    ]
    private static let readers = [
        "ieum.testbed.reservation.": "testbed.reservations.get", "ieum.talent.engagement.": "talent.engagements.get",
        "ieum.fund.coinvestment.": "fund.coinvestments.get", "ieum.matching.hold.": "matching.technologies.holdStatus",
    ]

    func findings() async throws -> [String] {
        for flow in await chaos.ledger.flows {
            try await chaos.scene.checkEnd(of: flow, "a flow of the chaos")
        }
        try await chaos.scene.checkBooks()
        try await chaos.fund.checkLedger()
        let holds = await chaos.ledger.holds
        let refused = await chaos.ledger.refused
        return try await chaos.ledger.findings + stored(await chaos.ledger.stored) + acknowledged(holds)
            + once(holds, refused) + scarce() + events(holds)
    }

    /// Every stored request has its own reply by now, or is a dead letter because it lost its worker.
    private func stored(_ requests: [String: String]) async throws -> [String] {
        try await Stranger.talk(to: set) { stranger in
            var findings: [String] = []
            for (uuid, text) in requests {
                var reply: [String] = []
                for _ in 0..<1_500 {
                    try stranger.request("titanic.reply", [Array(uuid.utf8)])
                    reply = try stranger.receive()?.dropFirst(3).map { String(decoding: $0, as: UTF8.self) } ?? []
                    if reply.first != "300" { break }
                    usleep(20_000)
                }
                if reply != ["200", text], reply.first != "500" { findings.append("stored \(text), got \(reply)") }
            }
            return findings
        }
    }

    /// Every acknowledged hold, by its id.
    private func acknowledged(_ holds: [String: ToldHold]) async throws -> [String] {
        var findings: [String] = []
        for hold in holds.values {
            let method = Self.readers[Self.topics[hold.resource] ?? ""] ?? ""
            let found = try? await set.client.call(method, ["id": hold.id])["state"]?.string
            if found != hold.last { findings.append("\(hold.holder): told \(hold.last), found \(found ?? "nothing")") }
        }
        return findings
    }

    /// Each acknowledged holder stands in the lists exactly once, and no refused one.
    private func once(_ holds: [String: ToldHold], _ refused: Set<String>) async throws -> [String] {
        var findings: [String] = []
        for (resource, filter) in [
            ("testbed.reservations", ["resourceId": chaos.resource]),
            ("talent.engagements", ["personId": chaos.person]),
            ("fund.coinvestments", ["fundId": chaos.fund.fund]),
        ] as [(String, JSON)] {
            let entries = try await list("\(resource).list", filter)
            let counts = Dictionary(entries.map { ($0["holder"]?.string ?? "", 1) }, uniquingKeysWith: +)
            for (holder, count) in counts where count != 1 { findings.append("\(holder) is there \(count) times") }
            for holder in counts.keys where holds[holder]?.resource != resource {
                findings.append(
                    "\(holder) is in \(resource), which nobody was told; refused: \(refused.contains(holder))")
            }
            for (holder, hold) in holds where hold.resource == resource && counts[holder] == nil {
                findings.append("\(holder) is missing in \(resource)")
            }
        }
        return findings
    }

    /// What is posted, all together: the rest was voided.
    private func scarce() async throws -> [String] {
        var findings: [String] = []
        var hours: [String: Int64] = [:]
        for entry in try await list("testbed.reservations.list", ["resourceId": chaos.resource])
        where entry["state"] == "posted" {
            hours[entry["start"]?.string ?? "", default: 0] += entry["units"]?.integer ?? 0
        }
        for (hour, units) in hours where units > Int64(Chaos.capacity) { findings.append("\(units) units at \(hour)") }
        var days: [String: Int64] = [:]
        for entry in try await list("talent.engagements.list", ["personId": chaos.person])
        where entry["state"] == "posted" {
            days[entry["start"]?.string ?? "", default: 0] += entry["share"]?.integer ?? 0
        }
        for (day, share) in days where share > Int64(Chaos.share) { findings.append("\(share) % on \(day)") }
        var invested: Int64 = 0
        for entry in try await list("fund.coinvestments.list", ["fundId": chaos.fund.fund])
        where entry["state"] == "posted" {
            invested += entry["postedAmount"]?.integer ?? 0
        }
        if invested > 3_000 { findings.append("\(invested) won invested of 3000") }
        return findings
    }

    private func events(_ holds: [String: ToldHold]) async throws -> [String] {
        var findings: [String] = []
        var events: [JSON] = []
        // The outboxes may still be emptying.
        for _ in 0..<200 {
            events = try await readEvents()
            let told = Set(events.compactMap { $0["subject"]?.string })
            if holds.values.allSatisfy({ told.contains($0.id.string ?? "") }) { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        for (place, event) in events.enumerated() where event["sequence"]?.integer != Int64(place + 1) {
            findings.append("event \(place + 1) has the number \(event["sequence"] ?? .null)")
            break
        }
        let ids = Set(events.compactMap { $0["id"]?.string })
        if ids.count != events.count { findings.append("\(events.count - ids.count) events have another's id") }
        let changes = Dictionary(
            events.map { ("\($0["type"]?.string ?? "") \($0["subject"]?.string ?? "")", 1) }, uniquingKeysWith: +)
        for hold in holds.values {
            let topic = Self.topics[hold.resource] ?? ""
            for state in Set(["held", hold.last]) {
                let count = changes["\(topic)\(state) \(hold.id.string ?? "")"] ?? 0
                if count != 1 { findings.append("\(hold.holder): \(count) events \(topic)\(state)") }
            }
        }
        return findings + (try await facts(of: events))
    }

    /// Whatever an event is about is there.
    private func facts(of events: [JSON]) async throws -> [String] {
        var findings: [String] = []
        var seen: Set<JSON> = []
        for event in events {
            guard let type = event["type"]?.string, let subject = event["subject"], !seen.contains(subject),
                let reader = Self.readers.first(where: { type.hasPrefix($0.key) })?.value
            else { continue }
            seen.insert(subject)
            let found = try? await set.client.call(reader, ["id": subject])
            if found?["id"] != subject { findings.append("\(type) tells of \(subject), which is not there") }
        }
        return findings
    }

    private func readEvents() async throws -> [JSON] {
        var events: [JSON] = []
        while true {
            let after = events.last?["sequence"]?.integer ?? 0
            let page = try await set.client.call("gateway.events.read", ["after": .integer(after), "limit": 1_000])
            let items = page["items"]?.array ?? []
            events += items
            if items.isEmpty || page["next"]?.integer == nil { return events }
        }
    }

    private func list(_ method: String, _ filter: JSON) async throws -> [JSON] {
        var items: [JSON] = []
        var after: JSON = .null
        repeat {
            let place: JSON = after.isNull ? [:] : ["after": after]
            let page = try await set.client.call(method, filter.merging(["limit": 200]).merging(place))
            items += page["items"]?.array ?? []
            after = page["next"] ?? .null
        } while !after.isNull
        return items
    }
}
