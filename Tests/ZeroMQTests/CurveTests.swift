import Foundation
import Testing

@testable import ZeroMQ

/// What libzmq really does with CURVE, on which the gateway relies.
@Suite(.timeLimit(.minutes(5)), .serialized) struct CurveTests {
    @Test func keysAreText() throws {
        let pair = try CurvePair.new()
        #expect(pair.publicKey.description.utf8.count == 40)
        #expect(CurveKey(pair.publicKey.bytes) == pair.publicKey)
        #expect(CurvePair(publicKey: pair.publicKey, secretKey: pair.secretKey) == pair)
        let other = try CurvePair.new()
        #expect(other != pair)
        #expect(CurvePair(publicKey: other.publicKey, secretKey: pair.secretKey) == nil)
    }

    @Test(arguments: ["", "short", String(repeating: "\"", count: 40), String(repeating: "#", count: 40) + "#"])
    func otherTextsAreNoKeys(_ text: String) { #expect(CurveKey(text) == nil) }

    /// One ROUTER, two listeners: a mechanism belongs to the listener.
    @Test func aRouterServesNullOnIpcAndCurveOnTcp() throws {
        let context = try Context()
        let server = try CurvePair.new()
        let known = try CurvePair.new()
        let zap = try Socket(.reply, in: context)
        try zap.bind("inproc://zeromq.zap.01")
        let path = "/tmp/ieum-curve-\(UInt32.random(in: 0 ... .max)).sock"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let router = try Socket(.router, in: context)
        try router.set(zapDomain: "test")
        let listener = try TCPListener(host: "127.0.0.1", port: 0)
        let tcp = "tcp://127.0.0.1:\(listener.port)"
        try router.bind(listener, keys: server)
        try router.bind(try Listener(path: path))
        let ipc = "ipc://\(path)"

        var poll = Poll()
        _ = poll.watch(zap)
        _ = poll.watch(router)
        /// Whether a peer's message arrives, and with which mechanism it came in.
        func tries(_ endpoint: String, _ client: CurveClient?) throws -> [String] {
            let peer = try Socket(.dealer, in: context)
            if let client { try peer.secure(client) }
            try peer.connect(endpoint)
            _ = try peer.send(Multipart("hello"))
            var seen: [String] = []
            var message = Multipart()
            let end = ContinuousClock.now + .milliseconds(700)
            while ContinuousClock.now < end, seen.last != "hello" {
                try poll.wait(milliseconds: 50)
                if try zap.receive(into: &message) == .message {
                    let key = message.count > 6 ? CurveKey(message[6]) : nil
                    let isKnown = message.text(5) == "NULL" || key == known.publicKey
                    seen.append(message.text(5))
                    var answer = Multipart("1.0")
                    answer.append(1, of: message)
                    for text in [isKnown ? "200" : "400", "", "somebody", ""] { answer.append(text) }
                    _ = try zap.send(answer)
                }
                var from = ByteKey("")
                if try router.receive(into: &message, from: &from) == .message { seen.append(message.text(0)) }
            }
            return seen
        }
        let right = CurveClient(keys: known, server: server.publicKey)
        #expect(try tries(ipc, nil) == ["NULL", "hello"])
        #expect(try tries(tcp, right) == ["CURVE", "hello"])
        #expect(try tries(tcp, CurveClient(keys: .new(), server: server.publicKey)) == ["CURVE"])
        #expect(try tries(tcp, CurveClient(keys: known, server: CurvePair.new().publicKey)) == [])
        #expect(try tries(tcp, nil) == [])
        #expect(try tries(ipc, right) == [])
    }
}
