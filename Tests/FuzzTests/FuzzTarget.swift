import JSON
import Majordomo
import ServiceKit
import ZeroMQ

/// What is fuzzed. Each takes any bytes and throws when a rule is broken that holds for every input; a trap is worse.
/// `make fuzz` runs them under libFuzzer from the inputs in `Corpus`, and `make test` runs those inputs again.
enum FuzzTarget: String, CaseIterable {
    /// Majordomo's frames: what is read is what is written.
    case frames
    /// A broker and its peers: it answers with messages that their receivers understand.
    case broker
    /// The headers frame and the JSON-RPC id, as the broker reads them without a parser.
    case headers
    /// The JSON parser and writer.
    case json
    /// The JSON-RPC layer: one well-formed response to anything.
    case rpc

    func run(_ bytes: [UInt8]) throws {
        switch self {
        case .frames: try FuzzFrames.run(bytes)
        case .broker: try FuzzBroker.run(bytes)
        case .headers: try FuzzHeaders.run(bytes)
        case .json: try FuzzJSON.run(bytes)
        case .rpc: try FuzzService.run(bytes)
        }
    }
}

/// A rule that does not hold.
struct BrokenRule: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

func require(_ holds: Bool, _ rule: @autoclosure () -> String) throws(BrokenRule) {
    if !holds { throw BrokenRule(rule()) }
}

/// Frames from an input: the length of each in a byte, then its bytes; what is missing is left out.
func frames(_ bytes: inout ArraySlice<UInt8>, upTo count: Int = 20) -> Multipart {
    var message = Multipart()
    while message.count < count, let length = bytes.popFirst() {
        message.append(Array(bytes.prefix(Int(length))))
        bytes = bytes.dropFirst(Int(length))
    }
    return message
}

enum FuzzFrames {
    static func run(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        let message = frames(&rest)
        if let command = try? ToBroker(message) {
            guard let written = write(command, message) else { return }
            try require(written == message, "\(message) was read as \(written)")
        }
        for version in Version.allCases {
            if case .request(let address, let body) = try? ToWorker(message, version) {
                var written = Multipart.workerRequest(version, address: message.key(address), reservingBytes: 0)
                written.append(body, of: message)
                try require(written == message, "\(message) was read as \(written)")
            }
            if let reply = try? ToClient(message, version) {
                var written = Multipart.clientReply(
                    version, envelope: nil, service: message.key(reply.service), isFinal: reply.isFinal,
                    reservingBytes: 0)
                written.append(reply.body, of: message)
                try require(written == message, "\(message) was read as \(written)")
            }
        }
    }

    /// The same command by our own writers; nil when they cannot say it (an envelope, a name that is no text, a reply
    /// without the empty frame behind its address).
    private static func write(_ command: ToBroker, _ message: Multipart) -> Multipart? {
        func text(_ index: Int) -> String? { String(validating: message[index], as: UTF8.self) }
        switch command {
        case .request(let version, let envelope, let service, let body):
            guard envelope == 0, let name = text(service) else { return nil }
            return .request(version, service: name, body: body.map { Array(message[$0]) })
        case .ready(let version, let service, let announcement):
            guard let name = text(service) else { return nil }
            return .ready(version, service: name, announcement: announcement.map { Array(message[$0]) })
        case .reply(let version, let address, let body, let isFinal):
            guard body.lowerBound == address + 2 else { return nil }
            return .reply(
                version, address: message.key(address), body: body.map { Array(message[$0]) }, isFinal: isFinal)
        case .heartbeat(let version): return .heartbeat(version)
        case .disconnect(let version): return .disconnect(version)
        }
    }
}

enum FuzzJSON {
    static func run(_ bytes: [UInt8]) throws {
        guard let value = try? JSON(parsing: bytes) else { return }
        let written = value.bytes
        let again: JSON
        do { again = try JSON(parsing: written) } catch {
            throw BrokenRule("\(String(decoding: written, as: UTF8.self)) was written and is not read: \(error)")
        }
        try require(again == value, "\(value) became \(again)")
        try require(again.bytes == written, "\(value) is written in two ways")
    }
}
