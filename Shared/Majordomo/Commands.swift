public import ZeroMQ

/// The two Majordomo versions: RFC 7 (0.1) and RFC 18 (0.2).
public enum Version: Sendable, Hashable, CaseIterable { case v01, v02 }

/// A message that is not Majordomo, and why. Nothing of it was acted upon.
public struct Malformed: Error, Hashable, Sendable {
    public enum Reason: String, Sendable, CaseIterable {
        case noFrames, noDelimiter, unknownProtocol, noCommand, unknownCommand, noService, noAddress
        case addressNotDelimited, noBody, trailingFrames
    }
    public let reason: Reason
    /// The version when the sender spoke as a worker: an unknown command of a worker is answered with DISCONNECT.
    public let worker: Version?

    public init(_ reason: Reason, worker: Version? = nil) {
        self.reason = reason
        self.worker = worker
    }
}

/// What a peer sends to a broker, as positions in its message; no frame is copied. Strict: what the tables of RFC 7
/// and RFC 18 do not show is malformed, except for what clients and workers in use are known to do. The message is
/// without the routing id.
public enum ToBroker: Hashable, Sendable {
    /// The envelope is the frames `0..<envelope` in front of `"" MDPC01` or `MDPC02`, and is to be echoed. A REQ with
    /// ZMQ_REQ_CORRELATE, and each proxy on the way, puts a frame there; a REQ that speaks 0.2, for which RFC 18 has
    /// DEALER only, its delimiter.
    case request(Version, envelope: Int, service: Int, body: Range<Int>)
    case ready(Version, service: Int, announcement: Int?)
    case reply(Version, address: Int, body: Range<Int>, isFinal: Bool)
    case heartbeat(Version)
    case disconnect(Version)

    public static let envelopeFramesMaximum = 4

    public init(_ message: Multipart) throws(Malformed) {
        guard message.count > 0 else { throw Malformed(.noFrames) }
        if message.frame(0, equals: "MDPC02") {
            self = try Self.clientRequest(message, envelope: 0)
        } else if message.frame(0, equals: "MDPW02") {
            self = try Self.workerCommand(message, .v02, header: 0)
        } else {
            let searched = min(message.count, Self.envelopeFramesMaximum + 1)
            guard let empty = (0..<searched).first(where: { message.byteCount(of: $0) == 0 }) else {
                throw Malformed(message.byteCount(of: 0) == 6 ? .unknownProtocol : .noDelimiter)
            }
            let header = empty + 1
            guard header < message.count else { throw Malformed(.unknownProtocol) }
            if message.frame(header, equals: "MDPC01") {
                self = try Self.stockRequest(message, envelope: empty)
            } else if message.frame(header, equals: "MDPC02") {
                self = try Self.clientRequest(message, envelope: header)
            } else if empty == 0, message.frame(header, equals: "MDPW01") {
                self = try Self.workerCommand(message, .v01, header: header)
            } else {
                throw Malformed(.unknownProtocol)
            }
        }
    }

    /// `envelope… MDPC02 01 service body+`
    private static func clientRequest(_ message: Multipart, envelope: Int) throws(Malformed) -> ToBroker {
        guard message.count > envelope + 1 else { throw Malformed(.noCommand) }
        guard message.command(envelope + 1) == 1 else { throw Malformed(.unknownCommand) }
        let service = envelope + 2
        guard message.count > service, message.byteCount(of: service) > 0 else { throw Malformed(.noService) }
        guard message.count > service + 1 else { throw Malformed(.noBody) }
        return .request(.v02, envelope: envelope, service: service, body: service + 1..<message.count)
    }

    /// `envelope… "" MDPC01 service body+`
    private static func stockRequest(_ message: Multipart, envelope: Int) throws(Malformed) -> ToBroker {
        let service = envelope + 2
        guard message.count > service, message.byteCount(of: service) > 0 else { throw Malformed(.noService) }
        guard message.count > service + 1 else { throw Malformed(.noBody) }
        return .request(.v01, envelope: envelope, service: service, body: service + 1..<message.count)
    }

    private static func workerCommand(
        _ message: Multipart, _ version: Version, header: Int
    ) throws(Malformed) -> ToBroker {
        guard message.count > header + 1 else { throw Malformed(.noCommand, worker: version) }
        let first = header + 2
        switch (version, message.command(header + 1)) {
        case (_, 1): return try ready(message, version, service: first)
        case (.v01, 3): return try reply(message, version, address: first, isFinal: true)
        case (.v02, 3): return try reply(message, version, address: first, isFinal: false)
        case (.v02, 4): return try reply(message, version, address: first, isFinal: true)
        case (.v01, 4), (.v02, 5):
            guard message.count == first else { throw Malformed(.trailingFrames, worker: version) }
            return .heartbeat(version)
        case (.v01, 5), (.v02, 6):
            guard message.count == first else { throw Malformed(.trailingFrames, worker: version) }
            return .disconnect(version)
        default: throw Malformed(.unknownCommand, worker: version)
        }
    }

    private static func ready(_ message: Multipart, _ version: Version, service: Int) throws(Malformed) -> ToBroker {
        guard message.count > service, message.byteCount(of: service) > 0 else {
            throw Malformed(.noService, worker: version)
        }
        guard message.count <= service + 2 else { throw Malformed(.trailingFrames, worker: version) }
        return .ready(version, service: service, announcement: message.count > service + 1 ? service + 1 : nil)
    }

    private static func reply(
        _ message: Multipart, _ version: Version, address: Int, isFinal: Bool
    ) throws(Malformed) -> ToBroker {
        let body = try addressed(message, address: address, worker: version)
        return .reply(version, address: address, body: body, isFinal: isFinal)
    }
}

/// What a broker sends to a worker, as positions in the message.
public enum ToWorker: Hashable, Sendable {
    case request(address: Int, body: Range<Int>)
    case heartbeat
    case disconnect

    public init(_ message: Multipart, _ version: Version) throws(Malformed) {
        guard message.count > 0 else { throw Malformed(.noFrames) }
        let header: Int
        switch version {
        case .v01:
            guard message.byteCount(of: 0) == 0 else { throw Malformed(.noDelimiter) }
            header = 1
            guard message.count > 1, message.frame(1, equals: "MDPW01") else { throw Malformed(.unknownProtocol) }
        case .v02:
            header = 0
            guard message.frame(0, equals: "MDPW02") else { throw Malformed(.unknownProtocol) }
        }
        guard message.count > header + 1 else { throw Malformed(.noCommand) }
        switch (version, message.command(header + 1)) {
        case (_, 2):
            self = .request(address: header + 2, body: try addressed(message, address: header + 2, worker: nil))
        case (.v01, 4), (.v02, 5): self = .heartbeat
        case (.v01, 5), (.v02, 6): self = .disconnect
        default: throw Malformed(.unknownCommand)
        }
    }
}

/// What a broker sends to a client, as positions in the message.
public struct ToClient: Hashable, Sendable {
    public let service: Int
    public let body: Range<Int>
    public let isFinal: Bool

    public init(_ message: Multipart, _ version: Version) throws(Malformed) {
        guard message.count > 0 else { throw Malformed(.noFrames) }
        switch version {
        case .v01:
            guard message.byteCount(of: 0) == 0 else { throw Malformed(.noDelimiter) }
            guard message.count > 1, message.frame(1, equals: "MDPC01") else { throw Malformed(.unknownProtocol) }
            isFinal = true
        case .v02:
            guard message.frame(0, equals: "MDPC02") else { throw Malformed(.unknownProtocol) }
            guard message.count > 1 else { throw Malformed(.noCommand) }
            switch message.command(1) {
            case 2: isFinal = false
            case 3: isFinal = true
            default: throw Malformed(.unknownCommand)
            }
        }
        service = 2
        guard message.count > 2, message.byteCount(of: 2) > 0 else { throw Malformed(.noService) }
        guard message.count > 3 else { throw Malformed(.noBody) }
        body = 3..<message.count
    }
}

/// `address "" body+`: the range of the body. The PHP worker of the ZeroMQ guide leaves the empty frame out of its
/// replies, and the brokers of the guide take them.
private func addressed(_ message: Multipart, address: Int, worker: Version?) throws(Malformed) -> Range<Int> {
    guard message.count > address, message.byteCount(of: address) > 0 else {
        throw Malformed(.noAddress, worker: worker)
    }
    if worker == .v01, message.count > address + 1,
        message.byteCount(of: address + 1) > 0 || message.count == address + 2
    {
        return address + 1..<message.count
    }
    guard message.count > address + 1, message.byteCount(of: address + 1) == 0 else {
        throw Malformed(.addressNotDelimited, worker: worker)
    }
    guard message.count > address + 2 else { throw Malformed(.noBody, worker: worker) }
    return address + 2..<message.count
}

extension Multipart {
    /// The value of a one-byte command frame; 0, which is no command, for any other frame.
    fileprivate func command(_ index: Int) -> UInt8 {
        let range = range(of: index)
        return range.count == 1 ? bytes[range.lowerBound] : 0
    }
}
