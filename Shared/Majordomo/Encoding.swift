public import ZeroMQ

/// The frames of RFC 7 and RFC 18, written. Bodies are ranges of frames of another message, so that passing one on is
/// a single copy.
extension Multipart {
    // MARK: By a client

    public static func request(_ version: Version, service: String, body: [[UInt8]]) -> Multipart {
        var message = Multipart(reservingBytes: 16 + service.utf8.count + body.reduce(0) { $0 + $1.count })
        switch version {
        case .v01:
            message.appendEmptyFrame()
            message.append("MDPC01" as StaticString)
        case .v02:
            message.append("MDPC02" as StaticString)
            message.append(byte: 1)
        }
        message.append(service)
        for frame in body { message.append(frame) }
        return message
    }

    // MARK: By a worker

    public static func ready(_ version: Version, service: String, announcement: [UInt8]? = nil) -> Multipart {
        var message = Multipart(workerCommand: 1, version)
        message.append(service)
        if let announcement { message.append(announcement) }
        return message
    }

    /// 0.1 has no PARTIAL: there a reply is always final.
    public static func reply(_ version: Version, address: ByteKey, body: [[UInt8]], isFinal: Bool = true) -> Multipart {
        let room = 32 + address.count + body.reduce(0) { $0 + $1.count }
        var message = Multipart(workerCommand: version == .v02 && isFinal ? 4 : 3, version, reservingBytes: room)
        message.append(address)
        message.appendEmptyFrame()
        for frame in body { message.append(frame) }
        return message
    }

    /// A final reply whose body is frames of another message.
    public static func reply(
        _ version: Version, address: ByteKey, body frames: Range<Int>, of source: Multipart
    ) -> Multipart {
        let room = 32 + address.count + source.range(of: frames).count
        var message = Multipart(workerCommand: version == .v02 ? 4 : 3, version, reservingBytes: room)
        message.append(address)
        message.appendEmptyFrame()
        message.append(frames, of: source)
        return message
    }

    // MARK: By either side of a worker's connection

    public static func heartbeat(_ version: Version) -> Multipart {
        Multipart(workerCommand: version == .v01 ? 4 : 5, version)
    }

    public static func disconnect(_ version: Version) -> Multipart {
        Multipart(workerCommand: version == .v01 ? 5 : 6, version)
    }

    // MARK: By a broker

    /// A request for a worker, without its body: append that.
    public static func workerRequest(_ version: Version, address: ByteKey, reservingBytes room: Int) -> Multipart {
        var message = Multipart(workerCommand: 2, version, reservingBytes: 32 + address.count + room)
        message.append(address)
        message.appendEmptyFrame()
        return message
    }

    /// A reply for a client, without its body: append that. A client gets its envelope back.
    public static func clientReply(
        _ version: Version, envelope: Multipart?, service: ByteKey, isFinal: Bool, reservingBytes room: Int
    ) -> Multipart {
        var message = Multipart(reservingBytes: 16 + service.count + room + (envelope?.byteCount ?? 0))
        if let envelope { message.append(0..<envelope.count, of: envelope) }
        switch version {
        case .v01:
            message.appendEmptyFrame()
            message.append("MDPC01" as StaticString)
        case .v02:
            message.append("MDPC02" as StaticString)
            message.append(byte: isFinal ? 3 : 2)
        }
        message.append(service)
        return message
    }

    private init(workerCommand command: UInt8, _ version: Version, reservingBytes room: Int = 64) {
        self.init(reservingBytes: room)
        switch version {
        case .v01:
            appendEmptyFrame()
            append("MDPW01" as StaticString)
        case .v02: append("MDPW02" as StaticString)
        }
        append(byte: command)
    }
}
