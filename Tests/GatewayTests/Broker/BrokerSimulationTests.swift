import JSON
import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

/// Thousands of short lives of a broker among peers that lose messages, repeat replies, vanish and come back. Each run
/// follows from its seed.
@Suite struct BrokerSimulationTests {
    @Test(arguments: 0..<8) func nothingIsLostOrAnsweredTwice(batch: UInt64) {
        for run in 0..<300 {
            var simulation = Simulation(seed: batch << 32 | UInt64(run))
            simulation.run()
            #expect(simulation.violations == [], "seed \(batch << 32 | UInt64(run))")
            if !simulation.violations.isEmpty { return }
        }
    }
}

private struct Simulation {
    struct Worker {
        var name: String
        var version: Version
        var service: String
        var credit: Int
        var inHand: [ByteKey] = []
        var isAlive = true
        var isRegistered = false
        var answered: [ByteKey] = []
    }

    private var random: SplitMix
    private var stage: Stage
    private var workers: [Worker] = []
    private var clients: [String: Version] = [:]
    private var gone: Set<String> = []
    private var open: [String: String] = [:]  // request text → client
    private var finals: [String: Int] = [:]
    private var asked = 0
    private(set) var violations: [String] = []

    init(seed: UInt64) {
        random = SplitMix(state: seed)
        var limits = Limits()
        limits.serviceRequests = Int.random(in: 1...20, using: &random)
        limits.clientRequests = Int.random(in: 1...20, using: &random)
        limits.deadlineDefault = 5000
        limits.stockExpiry = 20_000
        limits.deadlineMaximum = 30_000
        stage = Stage(limits)
        for number in 0..<Int.random(in: 1...4, using: &random) {
            clients["client\(number)"] = Bool.random(using: &random) ? .v01 : .v02
        }
    }

    mutating func run() {
        for _ in 0..<Int.random(in: 20...80, using: &random) { step() }
        // Everybody falls silent: whatever is open must end by time alone.
        for _ in 0..<80 { deliver(stage.pass(500)) }
        for (request, client) in open where !gone.contains(client) {
            violations.append("\(request) was never answered")
        }
        if stage.broker.requests.count != 0 { violations.append("\(stage.broker.requests.count) requests left") }
        if !stage.broker.clients.isEmpty { violations.append("a client's load was left") }
        checkBalance()
    }

    private mutating func step() {
        switch Int.random(in: 0..<100, using: &random) {
        case ..<40: ask()
        case ..<65: answer()
        case ..<75: startWorker()
        case ..<80: loseWorker()
        case ..<84: repeatReply()
        case ..<87: farewell()
        case ..<90: noise()
        case ..<92: loseClient()
        default:
            for worker in workers
            where worker.isAlive && worker.isRegistered && Int.random(in: 0..<10, using: &random) > 0 {
                deliver(stage.send(.heartbeat(worker.version), from: worker.name))
            }
            deliver(stage.pass(Int64.random(in: 1...3000, using: &random)))
        }
        checkBalance()
    }

    // MARK: What peers do

    private mutating func ask() {
        guard let client = clients.keys.sorted().randomElement(using: &random), let version = clients[client] else {
            return
        }
        asked += 1
        let text = #"{"id":"\#(client)/\#(asked)"}"#
        open[text] = client
        let service = Bool.random(using: &random) ? "red" : "blue"
        let headers = Int.random(in: 0..<4, using: &random) == 0 ? #"{"deadline":\#(stage.now.unix + 2000)}"# : nil
        deliver(stage.ask(text, from: client, service, version, headers: headers))
    }

    private mutating func startWorker() {
        let worker = Worker(
            name: "worker\(workers.count)", version: Bool.random(using: &random) ? .v01 : .v02,
            service: Bool.random(using: &random) ? "red" : "blue", credit: Int.random(in: 1...4, using: &random))
        workers.append(worker)
        workers[workers.count - 1].isRegistered = true
        let announcement = worker.credit > 1 ? #"{"credit":\#(worker.credit)}"# : nil
        deliver(stage.register(worker.name, worker.service, worker.version, announcing: announcement))
    }

    private mutating func answer() {
        guard
            let index = workers.indices.filter({ workers[$0].isAlive && !workers[$0].inHand.isEmpty })
                .randomElement(using: &random)
        else { return }
        let worker = workers[index]
        let token = worker.inHand[Int.random(in: 0..<worker.inHand.count, using: &random)]
        let isFinal = worker.version == .v01 || Int.random(in: 0..<4, using: &random) > 0
        if isFinal {
            workers[index].inHand.removeAll { $0 == token }
            workers[index].answered.append(token)
        }
        deliver(
            stage.send(
                .reply(worker.version, address: token, body: [Array("ok".utf8)], isFinal: isFinal), from: worker.name))
    }

    private mutating func repeatReply() {
        guard let worker = workers.filter({ $0.isAlive && !$0.answered.isEmpty }).randomElement(using: &random),
            let token = worker.answered.randomElement(using: &random)
        else { return }
        deliver(stage.send(.reply(worker.version, address: token, body: [[1]], isFinal: true), from: worker.name))
    }

    private mutating func loseWorker() {
        guard let index = workers.indices.filter({ workers[$0].isAlive }).randomElement(using: &random) else { return }
        workers[index].isAlive = false
    }

    private mutating func farewell() {
        guard
            let index = workers.indices.filter({ workers[$0].isAlive && workers[$0].isRegistered })
                .randomElement(using: &random)
        else { return }
        workers[index].isRegistered = false
        deliver(stage.send(.disconnect(workers[index].version), from: workers[index].name))
    }

    private mutating func loseClient() {
        guard clients.count > 1, let client = clients.keys.sorted().randomElement(using: &random) else { return }
        clients[client] = nil
        gone.insert(client)
    }

    private mutating func noise() {
        let words: [[UInt8]] = [[], [1], [4], [9], Array("MDPC02".utf8), Array("MDPW02".utf8), Array("red".utf8)]
        let frames = (0..<Int.random(in: 0...6, using: &random)).map { _ in words[Int.random(in: 0..<7, using: &random)]
        }
        deliver(stage.send(Multipart(frames), from: "noise"))
    }

    // MARK: What arrives

    private mutating func deliver(_ list: [Sent]) {
        var queue = list[...]
        while let sent = queue.popFirst() {
            if sent.to.hasPrefix("worker") {
                queue += toWorker(sent)
            } else if gone.contains(sent.to) {
                queue += stage.undelivered(sent)
            } else if sent.to.hasPrefix("client") {
                toClient(sent)
            }
        }
    }

    private mutating func toWorker(_ sent: Sent) -> [Sent] {
        guard let index = workers.firstIndex(where: { $0.name == sent.to }) else { return [] }
        guard workers[index].isAlive else {
            // Half of the dead are noticed when something is sent to them, the others by their silence.
            return index.isMultiple(of: 2) ? stage.undelivered(sent) : []
        }
        switch try? ToWorker(sent.message, workers[index].version) {
        case .request:
            workers[index].inHand.append(sent.token(workers[index].version))
            if workers[index].inHand.count > workers[index].credit { violations.append("\(sent.to): credit exceeded") }
            for name in Array(clients.keys) + Array(gone)
            where sent.token(workers[index].version).description.contains(name) {
                violations.append("a routing id left")
            }
        case .disconnect:
            workers[index].isRegistered = false
            workers[index].inHand = []
        case .heartbeat: break
        case nil: violations.append("not a worker's message: \(sent)")
        }
        return []
    }

    private mutating func toClient(_ sent: Sent) {
        guard let version = clients[sent.to], let reply = try? ToClient(sent.message, version) else {
            return violations.append("not a client's message: \(sent)")
        }
        guard reply.isFinal else { return }
        // Replies by workers do not name their request: count them. The broker's own do.
        let key = sent.json["id"]?.string.map { #"{"id":"\#($0)"}"# }
        if let key {
            if open.removeValue(forKey: key) == nil { violations.append("\(key) answered twice") }
        } else {
            finals[sent.to, default: 0] += 1
        }
    }

    private mutating func checkBalance() {
        // A worker's reply settles one request of that client, whichever; the counts must agree.
        let inside = stage.broker.requests.indices.compactMap { stage.broker.requests[$0] }
        for service in stage.broker.services.indices {
            let entry = stage.broker.services[service]
            let counts = entry.counts
            let here = inside.filter { $0.service == service }
            let abandoned = here.filter { if case .abandoned = $0.state { true } else { false } }.count
            if counts.requests != counts.replies + counts.faults + counts.clientsGone + here.count - abandoned {
                violations.append("\(entry.name): counts do not balance: \(counts), \(here.count) inside")
            }
            if entry.waitingBytes != here.filter({ $0.state == .waiting }).reduce(0, { $0 + $1.byteCount }) {
                violations.append("\(entry.name): waiting bytes do not balance")
            }
        }
        let perClient = Dictionary(
            grouping: inside.filter { if case .abandoned = $0.state { false } else { true } },
            by: { stage.broker.clients[$0.client]?.peer ?? Stage.peer("nobody") })
        let clients = stage.broker.clients.indices.compactMap { stage.broker.clients[$0] }
        let loads = Dictionary(uniqueKeysWithValues: clients.map { ($0.peer, $0.requests) })
        if perClient.mapValues(\.count) != loads {
            violations.append("clients' loads do not balance")
        }
        settleReplies(perClient)
    }

    /// Removes from `open` as many of a client's requests as workers have answered: those the broker holds no more.
    private mutating func settleReplies(_ inside: [PeerID: [Broker.Request]]) {
        for client in clients.keys {
            let held = Set((inside[Stage.peer(client)] ?? []).map { $0.body.text($0.bodyStart) })
            let settled = open.filter { $0.value == client && !held.contains($0.key) }
            if settled.count != finals[client] ?? 0 {
                violations.append("\(client): \(settled.count) requests ended, \(finals[client] ?? 0) answers came")
            }
            for request in settled.keys { open[request] = nil }
            finals[client] = 0
        }
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
