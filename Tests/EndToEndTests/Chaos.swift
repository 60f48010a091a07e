import Foundation
import JSON
import ServiceKit
import Synchronization

/// Random business of twelve clients while random processes die. What each client was told goes into the ledger.
final class Chaos: Sendable {
    static let clients = 12

    let crowd: Crowd
    let scene: Scene
    let fund: FundScene
    let resource: JSON
    let person: JSON
    let technologies: [JSON]
    let demand: JSON
    let ledger = ToldLedger()
    private let seed: UInt64
    private let echo: Mutex<Process?>

    static let capacity = 3
    static let share = 50
    static let hours = 30
    static let days = 10

    init(_ crowd: Crowd, seed: UInt64) async throws {
        self.crowd = crowd
        self.seed = seed
        scene = try await Scene(crowd.set)
        fund = try await FundScene(crowd, cash: 3_000, cases: 3, amount: 1_500)
        let site = try await crowd.make(
            "testbed.sites.register", ["name": ["ko": "혼돈", "en": "Chaos"], "kind": "institute"])
        resource = try await crowd.make(
            "testbed.resources.register",
            [
                "siteId": site, "kind": "equipment", "name": ["ko": "현미경", "en": "Microscope"],
                "capacity": .integer(Int64(Self.capacity)),
            ])
        person = try await crowd.person()
        var technologies: [JSON] = []
        for number in 0..<3 {
            technologies.append(try await crowd.published("technologies", "institute", "혼돈 기술 \(number)"))
        }
        self.technologies = technologies
        demand = try await crowd.published("demands", "company", "혼돈 수요")
        echo = Mutex(try Self.startEcho(crowd.set))
    }

    private static func startEcho(_ set: RunningSet) throws -> Process {
        try RunningSet.spawn("ieum", ["serve", "echo"], folder: set.folder, output: set.folder + "/echo.out")
    }

    /// Until the time is over, and then until every request has its answer and everything runs again.
    func reign(for time: Duration) async throws {
        let end = ContinuousClock.now + time
        try await withThrowingTaskGroup { group in
            for number in 0..<Self.clients {
                group.addTask { try await self.business(number, until: end) }
            }
            group.addTask { try await self.havoc(until: end) }
            try await group.waitForAll()
        }
        for service in RunningSet.services { try await crowd.set.untilAnswers(service) }
        for (_, hold) in await ledger.holds where hold.last == "held" {
            try await finish(hold, by: "void", crowd.set.client)
        }
    }

    /// The echo worker ends last: what was stored for it is delivered after the havoc.
    func end() { echo.withLock { $0 }?.end() }

    // MARK: Havoc

    private func havoc(until end: ContinuousClock.Instant) async throws {
        var random = ChaosNumbers(seed: seed)
        while ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(random.number(in: 100...1_500)))
            let victim = (RunningSet.services + ["echo"])[random.number(in: 0...RunningSet.services.count)]
            guard
                let pid = victim == "echo" ? echo.withLock({ $0?.processIdentifier }) : crowd.set.processID(of: victim)
            else { continue }
            let kind = random.number(in: 0...9)
            await ledger.note(kind < 6 ? "killed" : kind < 8 ? "terminated" : "frozen")
            switch kind {
            case ..<6: kill(pid, SIGKILL)
            case ..<8: kill(pid, SIGTERM)
            default:
                kill(pid, SIGSTOP)
                // Mostly shorter than a worker may be silent, sometimes longer.
                try await Task.sleep(for: .milliseconds(random.number(in: kind == 8 ? 100...2_000 : 100...9_000)))
                kill(pid, SIGCONT)
            }
            if victim == "echo", kind < 8 {
                let process = try Self.startEcho(crowd.set)
                echo.withLock { $0 = process }
            }
        }
    }

    // MARK: Business

    private func business(_ number: Int, until end: ContinuousClock.Instant) async throws {
        var random = ChaosNumbers(seed: seed &+ UInt64(number) &* 7919)
        let client = crowd.client(number)
        var mine: [ToldHold] = []
        var turn = 0
        while ContinuousClock.now < end {
            turn += 1
            let name = "chaos-\(number)-\(turn)"
            switch random.number(in: 0...99) {
            case ..<45:
                let (resource, wish) = self.wish(&random)
                let parameters = wish.merging(["holder": .string(name), "ttlSeconds": 86_400])
                if let told = try await insist(client, "\(resource).hold", parameters, key: name).held {
                    mine.append(await ledger.add(ToldHold(resource: resource, holder: name, told: told)))
                }
            case ..<75 where !mine.isEmpty:
                let hold = mine.remove(at: random.number(in: 0...mine.count - 1))
                // A technology is posted by its deal, and then gone for good: the flows do that.
                let posts = random.number(in: 0...9) == 0 && hold.resource != "matching.technologies"
                try await finish(hold, by: posts ? "post" : "void", client)
            case ..<90:
                try await repeatOne(client, &random)
            case ..<93:
                try await store(name)
            case ..<97:
                let sent: JSON = ["who": .string(name)]
                let answer = try? await client.call("echo.say", sent, deadline: .seconds(2))
                if let answer, answer != sent { await ledger.find("echo answered \(answer) to \(sent)") }
                await ledger.note(answer == nil ? "echoes lost" : "echoes")
            default:
                let flow = try await scene.startFlow(gates: [])
                await ledger.add(flow: flow)
            }
        }
    }

    /// A request for the echo worker, kept by the gateway (RFC 9). Without an answer nothing was promised.
    private func store(_ name: String) async throws {
        let answer = try? await Stranger.talk(to: crowd.set) { stranger in
            try stranger.request("titanic.request", [Array("echo".utf8), Array(name.utf8)])
            return try stranger.receive(within: 3_000)?.map { String(decoding: $0, as: UTF8.self) } ?? []
        }
        if let answer, answer.count == 5, answer[3] == "200" {
            await ledger.store(answer[4], name)
        } else {
            await ledger.note("stores lost")
        }
    }

    /// Something that others want as well.
    private func wish(_ random: inout ChaosNumbers) -> (String, JSON) {
        switch random.number(in: 0...3) {
        case 0:
            let hour = Int64(48 + 2 * random.number(in: 0...Self.hours - 1))
            return ("testbed.reservations", Crowd.hours(from: hour, to: hour + 1).merging(["resourceId": resource]))
        case 1:
            let day = Double(30 + random.number(in: 0...Self.days - 1))
            return (
                "talent.engagements",
                ["personId": person, "start": Crowd.day(day), "end": Crowd.day(day + 1), "share": 20]
            )
        case 2:
            let item = fund.cases[random.number(in: 0...fund.cases.count - 1)]
            return ("fund.coinvestments", ["caseId": item, "amount": 100])
        default:
            let technology = technologies[random.number(in: 0...technologies.count - 1)]
            return ("matching.technologies", ["technologyId": technology, "demandId": demand])
        }
    }

    private func finish(_ hold: ToldHold, by action: String, _ client: Client) async throws {
        let key = "\(hold.holder)-\(action)"
        let answer = try await insist(client, "\(hold.resource).\(action)", ["id": hold.id], key: key)
        let state = answer.held?["state"]?.string ?? ""
        if state != (action == "post" ? "posted" : "voided") {
            await ledger.find("\(hold.holder): \(action) was answered \(answer)")
        }
        await ledger.change(hold, to: state)
    }

    /// The same request once more: the same answer, whatever has happened since.
    private func repeatOne(_ client: Client, _ random: inout ChaosNumbers) async throws {
        guard let told = await ledger.acknowledged(random.number(in: 0...999_999)) else { return }
        let again = try await insist(client, told.method, told.parameters, key: told.key)
        if again.held != told.result { await ledger.find("\(told.key) got \(again) after \(told.result)") }
        await ledger.note("repeated")
    }

    enum Answer {
        case held(JSON), refused(Fault)
        var held: JSON? { if case .held(let value) = self { value } else { nil } }
    }

    /// Asks until the answer is one that settles the matter.
    private func insist(
        _ client: Client, _ method: String, _ parameters: JSON, key: String
    ) async throws -> Answer {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            do {
                let result = try await client.call(method, parameters, key: key, deadline: .seconds(3))
                await ledger.acknowledge(Told(key: key, method: method, parameters: parameters, result: result))
                return .held(result)
            } catch let fault as Fault {
                guard [.noResponders, .workerLost, .deadlineExceeded, .overloaded].contains(fault.code) else {
                    await ledger.refuse(key, fault)
                    return .refused(fault)
                }
                await ledger.note("asked again")
                if ContinuousClock.now > end { throw fault }
                try await Task.sleep(for: .milliseconds(40))
            }
        }
    }
}

/// Numbers that are the same for the same seed (SplitMix64).
struct ChaosNumbers {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func number(in range: ClosedRange<Int>) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return range.lowerBound + Int((value ^ value >> 31) % UInt64(range.count))
    }
}
