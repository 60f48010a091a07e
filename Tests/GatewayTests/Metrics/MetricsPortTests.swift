import Testing
import ZeroMQ

@testable import Gateway

/// What any process of this machine can do to the port: nothing that costs more than a little.
@Suite(.timeLimit(.minutes(5))) struct MetricsPortTests {
    private static let get = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test func itAnswersOneAfterTheOther() async throws {
        let (port, address) = try Self.port { "page\n" }
        defer { port.stop() }
        let client = try await Client(address)
        for _ in 0..<2 {
            try client.send(Self.get)
            #expect(try await client.receive { $0.hasSuffix("\r\n\r\npage\n") })
        }
        try client.send("GET /other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(try await client.receive { $0.hasPrefix("HTTP/1.1 404") })
        #expect(try await client.isClosed())
    }

    @Test func whatComesWhileThePageIsGatheredIsBounded() async throws {
        let (port, address) = try Self.port {
            try? await Task.sleep(for: .seconds(20))
            return ""
        }
        defer { port.stop() }
        let client = try await Client(address)
        try client.send(Self.get)
        for _ in 0..<8 { try client.send(String(repeating: "x", count: 4096)) }
        #expect(try await client.isClosed())
    }

    @Test func whoDoesNotReadIsCutOff() async throws {
        let (port, address) = try Self.port { String(repeating: "x", count: 1 << 20) }
        defer { port.stop() }
        let client = try await Client(address, buffered: 1)
        for _ in 0..<64 { try client.send(Self.get) }
        // Long enough for all of the answers to be given, or for the end of the connection.
        let reader = try await Client(address)
        for _ in 0..<64 {
            try reader.send(Self.get)
            #expect(try await reader.receive { $0.count > 1 << 20 })
        }
        var bytes = 0
        #expect(try await client.isClosed { bytes += $0 })
        #expect(bytes < 64 << 20)
    }

    @Test func aRequestMustBeWholeInTime() async throws {
        let (port, address) = try Self.port(patience: 200) { "" }
        defer { port.stop() }
        let client = try await Client(address)
        try client.send("GET")
        for _ in 0..<200 {
            if try await client.isClosed(within: 20) { break }
            try client.send("x")
        }
        #expect(client.hasEnded)
    }

    private static func port(
        patience: Int64 = 30_000, _ gather: @escaping @Sendable () async -> String
    ) throws -> (MetricsPort, MetricsAddress) {
        for _ in 0..<50 {
            let address = try MetricsAddress("127.0.0.1:\(Int.random(in: 20_000..<30_000))")
            if let port = try? MetricsPort(address, patience: patience, gather: gather) { return (port, address) }
        }
        throw ZeroMQError("free port", code: 0)
    }
}

/// A bare connection over tcp. It does not block the threads that the page is gathered on.
private final class Client {
    private let socket: Socket
    private var key = ByteKey("")
    private(set) var hasEnded = false

    init(_ address: MetricsAddress, buffered: Int32 = 1000) async throws {
        let socket = try Socket(.stream, in: Context())
        try socket.set(.receiveHighWaterMark, buffered)
        try socket.connect(address.endpoint)
        self.socket = socket
        // libzmq tells of the connection by an empty message.
        #expect(try await message(3000)?.byteCount == 0)
    }

    func send(_ text: String) throws {
        // Nobody there any more: the reading end tells.
        _ = try socket.send(Multipart([Array(text.utf8)]), to: key)
    }

    /// Reads until what came together is what was waited for.
    func receive(until isWhole: (String) -> Bool) async throws -> Bool {
        var text = ""
        while !isWhole(text) {
            guard let more = try await next(10_000), !hasEnded else { return false }
            text += more
        }
        return true
    }

    /// Whether the other end closes it, with whatever it sends before.
    func isClosed(within milliseconds: Int = 10_000, _ read: (Int) -> Void = { _ in }) async throws -> Bool {
        while !hasEnded {
            guard let more = try await next(milliseconds) else { return false }
            read(more.utf8.count)
        }
        return true
    }

    private func next(_ milliseconds: Int) async throws -> String? {
        guard let message = try await message(milliseconds) else { return nil }
        hasEnded = message.byteCount == 0
        return message.text(0)
    }

    private func message(_ milliseconds: Int) async throws -> Multipart? {
        var message = Multipart()
        for _ in 0...milliseconds / 2 {
            if try socket.receive(into: &message, from: &key) == .message { return message }
            try await Task.sleep(for: .milliseconds(2))
        }
        return nil
    }
}
