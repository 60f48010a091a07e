import Foundation
import Majordomo
import Testing
import ZeroMQ

@testable import Gateway

/// RFC 27, ZAP: the gateway's handler, asked on the wire as libzmq asks it, and libzmq, asked what it sends.
@Suite(.timeLimit(.minutes(5)), .serialized) struct RFC27Tests {
    private static let endpoint = "inproc://zeromq.zap.01"
    /// This process, as libzmq writes the peer of a Unix socket.
    private static let here = "localhost:\(geteuid()):\(getegid()):\(getpid())"

    /// A gateway in a context of the test's, and a DEALER in the place of a server of that process.
    private struct Server: ~Copyable {
        let house: House
        let socket: Socket

        init() throws {
            let context = try Context()
            let house = try House(in: context)
            let socket = try Socket(.dealer, in: context)
            try socket.connect(RFC27Tests.endpoint)
            self.house = house
            self.socket = socket
        }

        func ask(_ frames: [[UInt8]]) throws -> [[UInt8]] {
            _ = try socket.send(Multipart(frames))
            var poll = Poll()
            _ = poll.watch(socket)
            try poll.wait(milliseconds: 5000)
            var reply = Multipart()
            return try socket.receive(into: &reply) == .message ? reply.frames : []
        }

        /// The status and the user id of the reply, which is checked for its form.
        func decide(
            version: String = "1.0", domain: String = "ieum", address: String = RFC27Tests.here, identity: String = "",
            mechanism: String = "NULL", credentials: [[UInt8]] = []
        ) throws -> [String] {
            let request = ["", version, "0001", domain, address, identity, mechanism].map { Array($0.utf8) }
            let reply = try ask(request + credentials)
            guard reply.count == 7 else {
                Issue.record("\(reply.count) frames")
                return []
            }
            let text = reply.map { String(decoding: $0, as: UTF8.self) }
            #expect(text[0] == "" && text[1] == "1.0" && text[2] == "0001")
            #expect(["200", "300", "400", "500"].contains(text[3]))
            #expect(text[3] == "200" || text[5] == "")
            for index in 3...5 { #expect(reply[index].count <= 255 && reply[index].allSatisfy { $0 < 0x80 }) }
            #expect(Self.isMetadata(reply[6]))
            return [text[3], text[5]]
        }

        /// `*(OCTET name 4OCTET value)`
        private static func isMetadata(_ bytes: [UInt8]) -> Bool {
            var rest = bytes[...]
            while let length = rest.popFirst() {
                guard length > 0, rest.count >= Int(length) + 4 else { return false }
                rest = rest.dropFirst(Int(length))
                let size = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
                guard rest.count >= 4 + size else { return false }
                rest = rest.dropFirst(4 + size)
            }
            return true
        }
    }

    // MARK: The handler

    @Test("RFC 27: the handler SHALL bind to inproc://zeromq.zap.01 and give one reply of these frames to one request")
    func theHandlerAnswersWhereItShould() throws {
        let server = try Server()
        defer { server.house.end() }
        for id in [[], [0, 255], Array("a request id".utf8)] as [[UInt8]] {
            let frames = ["", "1.0", "", "ieum", Self.here, "", "NULL"].map { Array($0.utf8) }
            let reply = try server.ask(frames[..<2] + [id] + frames[3...])
            #expect(reply.count == 7)
            #expect(reply.prefix(4) == [[], Array("1.0".utf8), id, Array("200".utf8)])
        }
        var more = Multipart()
        #expect(try server.socket.receive(into: &more) == .nothing)
    }

    @Test(
        "RFC 27: a terminal handler MUST accept an envelope of N routing ids and an empty delimiter, and MUST send it back"
    )
    func theEnvelopeIsEchoed() throws {
        let server = try Server()
        defer { server.house.end() }
        let request = ["1.0", "7", "ieum", Self.here, "", "NULL"].map { Array($0.utf8) }
        for envelope in [[], [[1]], [[1], [2, 2], [3, 3, 3]]] as [[[UInt8]]] {
            let reply = try server.ask(envelope + [[]] + request)
            #expect(reply.prefix(envelope.count + 3) == (envelope + [[]] + request.prefix(2))[...])
            #expect(reply.count == envelope.count + 7)
        }
    }

    @Test("RFC 27: there SHALL be one handler in a process")
    func thereIsOneHandler() throws {
        let context = try Context()
        let house = try House(in: context)
        defer { house.end() }
        let second = try Socket(.reply, in: context)
        let error = #expect(throws: ZeroMQError.self) { try second.bind(Self.endpoint) }
        #expect(error?.code == EADDRINUSE)
    }

    @Test("RFC 27: the handler SHALL start before any server starts")
    func theHandlerIsThereFirst() throws {
        // Peers that have knocked since before the gateway was there come in with a name from the first message on.
        let directory = "/tmp/ieum-\(UInt32.random(in: 0 ... .max))"
        let early = try Socket(.dealer, in: Context(), linger: 100)
        try early.set(.reconnectMilliseconds, 1)
        try early.connect("ipc://\(directory)/gateway.sock")
        _ = try early.send(.request(.v02, service: "gateway", body: [Array("{}".utf8), Array("{}".utf8)]))
        let house = try House(directory: directory)
        defer { house.end() }
        var poll = Poll()
        _ = poll.watch(early)
        try poll.wait(milliseconds: 10_000)
        var reply = Multipart()
        #expect(try early.receive(into: &reply) == .message)
        // The house's own service echoes what it got: the headers with the principal that ZAP gave.
        #expect(reply.text(4).contains(#""principal":"uid:\#(geteuid())""#))
    }

    @Test(
        "RFC 27: the version frame SHALL contain the three octets \"1.0\"", arguments: ["", "1", "1.1", "2.0", "1.0 "])
    func otherVersionsAreRefused(version: String) throws {
        let server = try Server()
        defer { server.house.end() }
        #expect(try server.decide(version: version) == ["400", ""])
    }

    @Test("RFC 27: the domain SHALL contain a (non-empty) string", arguments: ["", "global", "Ieum", "ieum\0"])
    func otherDomainsAreRefused(domain: String) throws {
        let server = try Server()
        defer { server.house.end() }
        #expect(try server.decide(domain: domain) == ["400", ""])
    }

    @Test(
        "RFC 27: the mechanism SHALL NOT be empty; what is not offered is refused",
        arguments: ["", "null", "GSSAPI", "X"])
    func otherMechanismsAreRefused(mechanism: String) throws {
        let server = try Server()
        defer { server.house.end() }
        #expect(try server.decide(mechanism: mechanism) == ["400", ""])
        let password = [Array("admin".utf8), Array("secret".utf8)]
        #expect(try server.decide(mechanism: "PLAIN", credentials: password) == ["400", ""])
    }

    @Test("RFC 27: NULL SHALL have no credentials frames, CURVE one key of 32 bytes")
    func credentialsAreThoseOfTheMechanism() throws {
        let server = try Server()
        defer { server.house.end() }
        #expect(try server.decide() == ["200", "uid:\(geteuid()) gid:\(getegid())"])
        #expect(try server.decide(credentials: [[]]) == ["400", ""])
        #expect(try server.decide(credentials: [Array("joe".utf8), []]) == ["400", ""])
        for key in [0, 31, 33, 40] {
            #expect(
                try server.decide(mechanism: "CURVE", credentials: [Array(repeating: 7, count: key)]) == ["400", ""])
        }
        #expect(try server.decide(mechanism: "CURVE") == ["400", ""])
        // A key of the right length that nobody was given.
        #expect(try server.decide(mechanism: "CURVE", credentials: [Array(repeating: 7, count: 32)]) == ["400", ""])
    }

    @Test(
        "RFC 27: status, text and user id SHALL be strings, the user id of a refusal SHALL be empty, the metadata SHALL have the ZMTP format"
    )
    func everyReplyIsWellFormed() throws {
        let server = try Server()
        defer { server.house.end() }
        // `decide` checks every reply; here with what a hostile peer can choose of a request.
        for address in ["", "localhost", "가나다", "127.0.0.1", "::1", "localhost:4294967296:0:1", "localhost:-1:0:1"] {
            #expect(try server.decide(address: address)[0] == "400", "\(address)")
        }
        #expect(
            try server.decide(identity: String(repeating: "\u{1}", count: 255)) == [
                "200", "uid:\(geteuid()) gid:\(getegid())",
            ])
        // Too short to be a request: still an answer, so that libzmq's handshake ends.
        for count in 2...6 {
            let frames = ["", "1.0", "9", "ieum", Self.here, ""].map { Array($0.utf8) }
            let reply = try server.ask(Array(frames.prefix(count)))
            #expect(reply.count == 7 && reply[3] == Array("400".utf8), "\(count)")
        }
    }

    // MARK: libzmq as the server

    @Test("RFC 27: the server SHALL use a REQ or DEALER, connect to the endpoint and send these frames")
    func libzmqAsksAsItShould() throws {
        let context = try Context()
        let handler = try Socket(.reply, in: context)
        try handler.bind(Self.endpoint)
        let path = "/tmp/ieum-\(UInt32.random(in: 0 ... .max)).sock"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let server = try Socket(.router, in: context)
        try server.set(zapDomain: "test")
        try server.bind(try Listener(path: path))
        let client = try Socket(.dealer, in: Context())
        try client.connect("ipc://\(path)")
        var poll = Poll()
        _ = poll.watch(handler)
        try poll.wait(milliseconds: 5000)
        var request = Multipart()
        // A REP socket takes the delimiter off, and would drop a request that had none.
        #expect(try handler.receive(into: &request) == .message)
        #expect(request.count == 6)
        #expect(request.text(0) == "1.0")
        #expect(request.text(2) == "test")
        // Not an IP address on ipc: libzmq tells whom the kernel says the peer is.
        #expect(request.text(3) == Self.here)
        #expect(request.byteCount(of: 4) <= 255)
        #expect(request.text(5) == "NULL")
    }
}
