import Majordomo
import ServiceKit
import ZeroMQ

@testable import Gateway

/// A broker, its peers and both clocks, for one seed. BrokerSimulationTests says what must hold.
struct BrokerSimulation {
    struct Worker {
        let name: String
        let version: Version
        let service: String
        let credit: Int
        let announces: Bool
        /// What it was given and has not answered: the address, and the text of the request.
        var inHand: [(token: ByteKey, text: String)] = []
        var answered: [ByteKey] = []
        var isAlive = true
        var isRegistered = true
    }

    private var random: SeededNumbers
    private var stage: Stage
    private let limits: Limits
    private var workers: [Worker] = []
    private var clients: [(name: String, version: Version)] = []
    private var gone: Set<String> = []
    /// Requests without their end: text → client.
    private var open: [String: String] = [:]
    /// Errors of the broker for requests whose text is no JSON: they name nothing, and are counted.
    private var nameless: [String: Int] = [:]
    private var asked = 0
    private(set) var answered = 0
    private(set) var violations: [String] = []

    init(seed: UInt64) {
        random = SeededNumbers(seed: seed)
        var limits = Limits()
        limits.serviceRequests = random.number(in: 1...20)
        limits.clientRequests = random.number(in: 1...20)
        limits.serviceBytes = random.number(in: 60...2000)
        limits.services = random.number(in: 3...8)
        limits.deadlineDefault = 5000
        limits.stockExpiry = 20_000
        limits.deadlineMaximum = 30_000
        self.limits = limits
        stage = Stage(limits)
        for number in 0..<random.number(in: 1...4) {
            clients.append(("client\(number)", random.chance(50) ? .v01 : .v02))
        }
    }

    mutating func run() {
        for step in 0..<random.number(in: 20...80) {
            self.step()
            if step.isMultiple(of: 8) { checkBooks() }
        }
        // Everybody falls silent: whatever is open must end by time alone.
        for _ in 0..<16 { deliver(stage.pass(2500)) }
        for client in clients {
            let left = open.filter { $0.value == client.name }
            if left.count != nameless[client.name] ?? 0 || left.contains(where: { !$0.key.hasPrefix("plain") }) {
                violations.append("\(left.keys.sorted()) never ended, \(nameless[client.name] ?? 0) nameless errors")
            }
        }
        if stage.broker.requests.count != 0 { violations.append("\(stage.broker.requests.count) requests left") }
        if stage.broker.workers.count != 0 { violations.append("\(stage.broker.workers.count) workers left") }
        if stage.broker.clients.count != 0 { violations.append("a client's load was left") }
        if stage.broker.lines.count != 0 { violations.append("a line was left") }
        checkBooks()
    }

    private mutating func step() {
        switch random.number(in: 0...99) {
        case ..<36: ask()
        case ..<62: answer()
        case ..<72: startWorker()
        case ..<76: loseWorker()
        case ..<80: repeatReply()
        case ..<83: farewell()
        case ..<85: noise()
        case ..<87: loseClient()
        case ..<90: cancel()
        case ..<92: jumpClock()
        case ..<93: restart()
        case ..<94: stage.broker.isDraining.toggle()
        default: letTimePass(random.milliseconds(1...3000))
        }
    }

    // MARK: What peers do

    private mutating func ask() {
        let client = clients[random.index(of: clients)]
        asked += 1
        // Some are stock clients with bodies of their own, which may wait for a worker's coming.
        let text = random.chance(80) ? #"{"id":"\#(client.name)/\#(asked)"}"# : "plain \(client.name)/\(asked)"
        open[text] = client.name
        let headers = random.chance(25) ? #"{"deadline":\#(stage.now.unix + 2000)}"# : nil
        let services = ["red", "blue", "none"]
        deliver(
            stage.ask(
                text, from: client.name, services[min(2, random.number(in: 0...9) / 4)], client.version,
                headers: headers))
    }

    private mutating func startWorker() {
        let announces = random.chance(60)
        let worker = Worker(
            name: "worker\(workers.count)", version: random.chance(50) ? .v01 : .v02,
            service: random.chance(50) ? "red" : "blue", credit: announces ? random.number(in: 1...4) : 1,
            announces: announces)
        workers.append(worker)
        let cancels = random.chance(50)
        let announcement = announces ? #"{"credit":\#(worker.credit),"cancels":\#(cancels)}"# : nil
        deliver(stage.register(worker.name, worker.service, worker.version, announcing: announcement))
    }

    private mutating func answer() {
        guard let index = one(where: { $0.isAlive && !$0.inHand.isEmpty }) else { return }
        let place = random.index(of: workers[index].inHand)
        let (token, text) = workers[index].inHand[place]
        let isFinal = workers[index].version == .v01 || random.chance(75)
        if isFinal {
            workers[index].inHand.remove(at: place)
            workers[index].answered.append(token)
        }
        send(
            .reply(workers[index].version, address: token, body: [Array("done \(text)".utf8)], isFinal: isFinal), index)
    }

    /// An answer that was given already, or to what another worker was given.
    private mutating func repeatReply() {
        guard let index = one(where: \.isAlive),
            let other = one(where: { !$0.answered.isEmpty || !$0.inHand.isEmpty })
        else { return }
        let tokens = workers[other].answered + workers[other].inHand.filter { _ in other != index }.map(\.token)
        guard !tokens.isEmpty else { return }
        let token = tokens[random.index(of: tokens)]
        send(
            .reply(workers[index].version, address: token, body: [Array("stolen".utf8)], isFinal: random.chance(70)),
            index)
    }

    private mutating func loseWorker() {
        if let index = one(where: \.isAlive) { workers[index].isAlive = false }
    }

    private mutating func farewell() {
        guard let index = one(where: { $0.isAlive && $0.isRegistered }) else { return }
        workers[index].isRegistered = false
        send(.disconnect(workers[index].version), index)
    }

    private mutating func loseClient() {
        guard clients.count > 1 else { return }
        gone.insert(clients.remove(at: random.index(of: clients)).name)
    }

    private mutating func noise() {
        let words: [[UInt8]] = [[], [1], [4], [9], Array("MDPC02".utf8), Array("MDPW02".utf8), Array("red".utf8)]
        var frames: [[UInt8]] = []
        for _ in 0..<random.number(in: 0...6) { frames.append(words[random.index(of: words)]) }
        deliver(stage.send(Multipart(frames), from: "noise"))
    }

    private mutating func cancel() {
        let client = clients[random.index(of: clients)]
        let number = random.number(in: 0...asked)
        let body = #"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"\#(client.name)/\#(number)"}}"#
        // Nobody answers a notification, unless there is nobody to cancel it.
        guard client.version == .v02, let service = workers.first(where: \.isRegistered)?.service else { return }
        deliver(
            stage.ask(body, from: client.name, service).filter {
                $0.to != client.name || $0.body[0].contains(#""id":""#)
            })
    }

    // MARK: Time

    private mutating func letTimePass(_ milliseconds: Int64) {
        for index in workers.indices where workers[index].isAlive && workers[index].isRegistered && random.chance(90) {
            send(.heartbeat(workers[index].version), index)
        }
        deliver(stage.pass(milliseconds))
    }

    /// The clock on the wall is set, forwards or back; or the machine slept and everything is late.
    private mutating func jumpClock() {
        if random.chance(50) {
            stage.now.unix += random.milliseconds(-3_600_000...3_600_000)
        } else {
            letTimePass(random.milliseconds(4000...60_000))
        }
    }

    /// The broker is started anew: it knows nobody, and what was open is lost with it, as its clients see by their
    /// broken connections. Workers notice when they next say something.
    private mutating func restart() {
        stage.broker = Broker(limits: limits, seed: random.next())
        open = [:]
        nameless = [:]
    }

    // MARK: What arrives

    private mutating func send(_ message: Multipart, _ index: Int) {
        deliver(stage.send(message, from: workers[index].name))
    }

    private mutating func one(where fits: (Worker) -> Bool) -> Int? {
        let found = workers.indices.filter { fits(workers[$0]) }
        return found.isEmpty ? nil : found[random.index(of: found)]
    }

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
        case .request(let address, let body):
            let text = sent.message.text(body.lowerBound)
            if text.contains("$/cancelRequest") { return [] }
            let (token, isStranger) = (sent.message.key(address), open[text] == nil)
            if isStranger { violations.append("\(text) was given to a worker after its end") }
            if workers.contains(where: { $0.isAlive && $0.inHand.contains { $0.text == text } }) {
                violations.append("\(text) is in two hands")
            }
            workers[index].inHand.append((token, text))
            if workers[index].inHand.count > workers[index].credit { violations.append("\(sent.to): credit exceeded") }
            let shown = token.description
            if (clients.map(\.name) + gone).contains(where: shown.contains) { violations.append("a routing id left") }
        case .disconnect:
            workers[index].isRegistered = false
            workers[index].inHand = []
        case .heartbeat: break
        case nil: violations.append("not a worker's message: \(sent)")
        }
        return []
    }

    private mutating func toClient(_ sent: Sent) {
        guard let version = clients.first(where: { $0.name == sent.to })?.version,
            let reply = try? ToClient(sent.message, version)
        else { return violations.append("not a client's message: \(sent)") }
        let body = sent.message.text(reply.body.lowerBound)
        if body.hasPrefix("done ") {
            let text = String(body.dropFirst(5))
            if open[text] != sent.to { violations.append("\(sent.to) got \(body)") }
            guard reply.isFinal else { return }
            open[text] = nil
            answered += 1
        } else if let id = body.split(separator: #""id":""#).dropFirst().first?.split(separator: "\"").first {
            let text = #"{"id":"\#(id)"}"#
            if open.removeValue(forKey: text) != sent.to { violations.append("\(sent.to) got the end of \(text)") }
        } else {
            nameless[sent.to, default: 0] += 1
            if body == "stolen" { violations.append("\(sent.to) got what was stolen") }
        }
    }

    private mutating func checkBooks() {
        let broker = stage.broker
        let inside = broker.requests.indices.compactMap { broker.requests[$0] }
        for (number, entry) in broker.services.enumerated() {
            let counts = entry.counts
            var (here, waiting, bytes) = (0, 0, 0)
            for request in inside where request.service == number {
                if case .abandoned = request.state { continue }
                here += 1
                if request.state == .waiting { (waiting, bytes) = (waiting + 1, bytes + request.byteCount) }
            }
            if counts.requests != counts.replies + counts.faults + counts.clientsGone + here {
                violations.append("\(entry.name): counts do not balance: \(counts), \(here) inside")
            }
            if entry.waitingBytes != bytes { violations.append("\(entry.name): waiting bytes do not balance") }
            if waiting > limits.serviceRequests || bytes > limits.serviceBytes {
                violations.append("\(entry.name): \(waiting) wait with \(bytes) bytes")
            }
        }
        var loads: [Int: Int] = [:]
        for request in inside {
            if case .abandoned = request.state { continue }
            loads[request.client, default: 0] += 1
        }
        for client in broker.clients.indices where broker.clients[client]?.requests ?? 0 != loads[client] ?? 0 {
            violations.append("clients' loads do not balance")
        }
        if loads.values.contains(where: { $0 > limits.clientRequests }) {
            violations.append("a client has too much open")
        }
        if broker.services.count > limits.services { violations.append("too many names") }
    }
}
