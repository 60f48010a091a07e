import Foundation
import Majordomo
import Synchronization
import Testing
import ZeroMQ

/// A broker of the test's own: one ROUTER that hands every client request to the one worker.
private final class OneWorkerBroker: Sendable {
    let endpoint: String
    private let path: String
    private let stop: Mailbox<Int>
    private let thread: DedicatedThread

    init(path: String) throws {
        self.path = path
        endpoint = "ipc://\(path)"
        let stop = try Mailbox<Int>(capacity: 1)
        self.stop = stop
        thread = try DedicatedThread(name: "broker") { startup in
            do throws(ZeroMQError) {
                let context = try Context()
                let router = try Socket(.router, in: context)
                try router.bind(try Listener(path: path))
                startup.succeeded()
                try Self.serve(router, until: stop)
            } catch { startup.failed(error) }
        }
    }

    func end() {
        _ = stop.post(0)
        thread.waitUntilEnded()
    }

    private static func serve(_ router: borrowing Socket, until stop: Mailbox<Int>) throws(ZeroMQError) {
        var poll = Poll()
        let stopIndex = poll.watch(stop)
        _ = poll.watch(router)
        var message = Multipart()
        var peer = ByteKey("")
        var worker: ByteKey?
        var clients: [String: ByteKey] = [:]
        while true {
            try poll.wait(milliseconds: -1)
            if poll.isReady(stopIndex) { return }
            while try router.receive(into: &message, from: &peer) == .message {
                switch try? ToBroker(message) {
                case .ready(let version, _, _):
                    worker = peer
                    _ = try router.send(.heartbeat(version), to: peer)
                case .request(let version, _, _, let body):
                    let token = "token \(clients.count)"
                    clients[token] = peer
                    var request = Multipart.workerRequest(version, address: ByteKey(token), reservingBytes: 0)
                    request.append(body, of: message)
                    if let worker { _ = try router.send(request, to: worker) }
                case .reply(let version, let address, let body, let isFinal):
                    guard let client = clients[message.text(address)] else { continue }
                    var reply = Multipart.clientReply(
                        version, envelope: nil, service: ByteKey("echo"), isFinal: isFinal, reservingBytes: 0)
                    reply.append(body, of: message)
                    _ = try router.send(reply, to: client)
                default: continue
                }
            }
        }
    }
}

private final class Journal: Sendable {
    private let lines = Mutex<[String]>([])
    func note(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
    func wait(for line: String, times: Int = 1) async -> Bool {
        for _ in 0..<1000 {
            if all.filter({ $0 == line }).count >= times { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }
}

/// The worker hands what arrives to whoever made it, once that exists.
private final class Later<Value: Sendable>: Sendable {
    private let box = Mutex<Value?>(nil)
    var value: Value? {
        get { box.withLock { $0 } }
        set { box.withLock { $0 = newValue } }
    }
}

@Suite(.timeLimit(.minutes(5))) struct PeerTests {
    @Test func callsAndServesAndComesBackAfterTheBrokerWasReplaced() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "ieum-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "b.sock").path
        var broker = try OneWorkerBroker(path: path)
        let journal = Journal()
        let worker = Later<Peer>()
        let peer = try Peer(
            endpoint: broker.endpoint, worker: ("echo", Array(#"{"credit":4}"#.utf8)),
            onRequest: { request in
                _ = worker.value?.reply(request.address, body: [Array("part".utf8)], isFinal: false)
                _ = worker.value?.reply(request.address, body: request.body.frames)
            },
            onReply: { service, body, isFinal in journal.note("\(service) \(body) \(isFinal)") },
            onLink: { journal.note("\($0)") })
        worker.value = peer

        #expect(await journal.wait(for: "registered"))
        #expect(peer.request(service: "echo", body: [Array("one".utf8), Array("{}".utf8)]))
        #expect(await journal.wait(for: #"echo ["one" | "{}"] true"#))
        #expect(journal.all.contains(#"echo ["part"] false"#))

        broker.end()
        #expect(await journal.wait(for: "lost"))
        #expect(await journal.wait(for: "unregistered"))
        broker = try OneWorkerBroker(path: path)
        #expect(await journal.wait(for: "registered", times: 2))
        #expect(peer.request(service: "echo", body: [Array("two".utf8)]))
        #expect(await journal.wait(for: #"echo ["two"] true"#))

        peer.close()
        peer.close()
        #expect(!peer.request(service: "echo", body: [[1]]))
        broker.end()
    }

    @Test func closesInBoundedTimeWithoutABroker() throws {
        let peer = try Peer(
            endpoint: "ipc:///tmp/ieum-nobody-\(UInt32.random(in: 0 ... .max))", worker: ("echo", []),
            onReply: { _, _, _ in })
        #expect(peer.request(service: "echo", body: [[1]]))
        let start = ContinuousClock.now
        peer.close()
        #expect(ContinuousClock.now - start < .seconds(3))
    }
}
