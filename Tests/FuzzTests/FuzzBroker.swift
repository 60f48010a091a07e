import JSON
import Majordomo
import ServiceKit
import ZeroMQ

#if canImport(Gateway)
    @testable import Gateway
#endif

/// The input is a script: a byte says who speaks, or that time passes or a message is lost; then come frames. A 0xFF as
/// a frame of its own stands for the address that this peer was given last.
enum FuzzBroker {
    private static let names = ["red", "blue", "green", "black"].map { PeerID.remote(ByteKey($0)) }
    private static let somebody = Principal(name: "uid:1000", roles: [.member])

    static func run(_ bytes: [UInt8]) throws {
        var limits = Limits()
        (limits.serviceRequests, limits.clientRequests, limits.services, limits.workers) = (5, 5, 4, 3)
        var broker = Broker(limits: limits, seed: 1)
        var now = Moment(monotonic: 0, unix: 1_795_000_000_000)
        var given: [PeerID: [UInt8]] = [:]
        var last: Outgoing?
        var rest = bytes[...]
        while let control = rest.popFirst() {
            var out: [Outgoing] = []
            let peer = names[Int(control & 3)]
            switch control >> 2 & 7 {
            case 0:
                now.monotonic += Int64(control >> 5) * 1500
                now.unix += Int64(control >> 5) * 1500
                broker.tick(now: now, &out)
            case 1: if let last { broker.undelivered(last, isGone: control & 32 != 0, now: now, &out) }
            case 2: broker.probe(now: now, &out)
            case 3:
                broker.handleOversized(
                    frames(&rest, upTo: 4), tooManyFrames: control & 32 != 0, from: peer, principal: somebody,
                    now: now, &out)
            default:
                let message = frames(&rest, upTo: Int(control >> 5) + 1)
                let spoken = message.frames.map { $0 == [0xFF] ? given[peer] ?? $0 : $0 }
                broker.handle(Multipart(spoken), from: peer, principal: somebody, now: now, &out)
            }
            for sent in out {
                let isForWorker = Version.allCases.contains { version in
                    guard let command = try? ToWorker(sent.message, version) else { return false }
                    if case .request(let address, _) = command { given[sent.peer] = Array(sent.message[address]) }
                    return true
                }
                // A 0.1 client gets its envelope back in front of the empty frame.
                let isForClient =
                    (try? ToClient(sent.message, .v02)) != nil
                    || sent.message.frames.contains { $0 == Array("MDPC01".utf8) }
                try require(isForWorker || isForClient, "nobody understands \(sent.message)")
                last = sent
            }
        }
        // Silence ends everything that is left, within the longest time of all.
        for _ in 0..<400 where broker.requests.count + broker.workers.count > 0 {
            var out: [Outgoing] = []
            now.monotonic += 3000
            broker.tick(now: now, &out)
        }
        try require(broker.requests.count == 0, "\(broker.requests.count) requests are left")
        try require(broker.workers.count == 0, "\(broker.workers.count) workers are left")
        try require(broker.clients.count == 0, "\(broker.clients.count) clients are left")
    }
}

/// Any bytes as a headers frame and as a body.
enum FuzzHeaders {
    static func run(_ bytes: [UInt8]) throws {
        let parsed = try? JSON(parsing: bytes)
        try checkID(bytes, parsed)
        let deadline: Int64?
        do { deadline = try Headers.deadline(bytes[...]) } catch {
            // What a parser takes for an object may be refused for its deadline alone.
            let isRefused = parsed?.object == nil || parsed?["deadline"] != nil
            return try require(isRefused, "headers were refused")
        }
        guard let parsed else { return }  // the scan does not look for members that stand twice
        try require(parsed.object != nil, "headers that are no object were taken")
        if let whole = parsed["deadline"]?.integer {
            try require(deadline == whole, "the deadline is \(deadline ?? -1)")
        }

        let somebody = Principal(name: "uid:1000", roles: [.viewer])
        var message = Multipart()
        var scratch: [UInt8] = []
        Headers.append(
            to: &message, client: bytes[...], principal: somebody, requestID: 0xABC, receivedAt: 7,
            takesPartials: true, trace: nil, scratch: &scratch)
        let written = try JSON(parsing: message[0])
        try require(written["principal"] == "uid:1000", "the principal is \(written["principal"] ?? .null)")
        try require(written["roles"] == ["viewer"], "the roles are \(written["roles"] ?? .null)")
        try require(written["requestId"] == "0000000000000abc", "the request id is not the gateway's")
        try require(written["receivedAt"] == 7, "the time is not the gateway's")
        try require(written["cancels"] == nil, "a client cancels as the gateway does")
        for (name, value) in parsed.object ?? JSON.Members() where !Headers.reserved.contains(name) {
            try require(written[name] == value, "\(name) became \(written[name] ?? .null)")
        }
    }

    /// The id that a broker's own error names is the request's.
    private static func checkID(_ bytes: [UInt8], _ parsed: JSON?) throws {
        let found = Broker.requestID(of: bytes[...])
        // A number beyond all range is a sender's own affair: it gets it back as it wrote it.
        guard let parsed, parsed.object != nil else { return }
        let id = try JSON(parsing: found)
        switch parsed["id"] {
        case .string, .integer, .number:
            // A name with escapes is not looked for, and an id of more than a kilobyte is none.
            try require(id == parsed["id"] || id.isNull, "the id became \(id)")
        default: try require(id.isNull, "an id was made up: \(id)")
        }
    }
}
