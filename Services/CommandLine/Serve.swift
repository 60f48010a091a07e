import ArgumentParser
import Foundation
import JSON
import Majordomo
import ServiceKit
import Synchronization
import UnixSignals
import ZeroMQ

/// `ieum serve echo`: a worker that answers with what it was sent, to measure and to try against.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("재 보고 시험해 볼 작업자를 돌린다.", "Runs a worker to measure and to try against."),
        subcommands: [ServeEcho.self])
}

struct ServeEcho: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: words("받은 것을 그대로 돌려준다.", "Answers with what it was sent."),
        discussion: words(
            """
            JSON-RPC 요청이면 params 를 result 로, 아니면 본문 그대로 돌려준다. 예: ieum call echo.hello '{"a":1}'
            천천히 세게 하려면: ieum call echo.count '{"to":30,"everyMs":100}'
            """,
            """
            A JSON-RPC request gets its params as the result, anything else comes back as it is. For example:
            ieum call echo.hello '{"a":1}'
            To let it count slowly: ieum call echo.count '{"to":30,"everyMs":100}'
            """))

    @Option(
        help: .init(words("한꺼번에 받을 요청의 수. 1이면 RFC 그대로의 작업자.", "Requests at once; 1 is a worker as the RFC has it.")))
    var credit = 64

    @Option(help: .init(words("서비스 이름.", "The name it serves.")))
    var name = "echo"

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let echo = try Echo(name: name, credit: credit, directories: Directories())
        if !json {
            Terminal.line(words("\(name): 답할 준비가 됐다. Ctrl-C 로 끝낸다.", "\(name): serving. Ctrl-C ends it."))
        }
        for await _ in signals { break }
        let served = echo.close()
        if json {
            try Terminal.json(["served": served])
        } else {
            Terminal.line(words("\(served)번 답했다.", "Answered \(served) times."))
        }
    }
}

/// The worker behind `ieum serve echo` and `ieum bench`.
final class Echo: Sendable {
    private let peer: Mutex<Peer?> = Mutex(nil)
    private let served = Atomic(0)
    private let counting = EchoCount()

    init(name: String, credit: Int, directories: Directories) throws {
        let announced = credit > 1
        let announcement: JSON = [
            "credit": .integer(Int64(credit)), "instance": .string("echo-\(getpid())"),
            "version": .string(ServiceDefinition.version), "cancels": true,
        ]
        // The first request may come before the constant below is stored: the lock makes it wait.
        try peer.withLock { place in
            place = try Peer(
                endpoint: directories.gatewayEndpoint, curve: try directories.curve,
                worker: (name, announced ? announcement.bytes : []),
                onRequest: { [self] request in answer(request, announced) }, onReply: { _, _, _ in })
        }
    }

    private func answer(_ request: WorkerRequest, _ announced: Bool) {
        let isTaken = counting.takes(request.body) { [self] body, isFinal in
            if isFinal { served.add(1, ordering: .relaxed) }
            return peer.withLock { $0 }?.reply(request.address, body: [body], isFinal: isFinal) ?? true
        }
        if isTaken { return }
        // Only announced workers get the headers frame; it is not part of what was sent.
        let frames = 0..<(announced && request.body.count > 1 ? 1 : request.body.count)
        served.add(1, ordering: .relaxed)
        guard let peer = peer.withLock({ $0 }) else { return }
        if let response = Echo.response(to: request.body[0]) {
            _ = peer.reply(request.address, body: [response])
        } else {
            _ = peer.reply(request.address, body: frames, of: request.body)
        }
    }

    /// A JSON-RPC request is answered as one; nil for every other body, which comes back unchanged.
    static func response(to body: ArraySlice<UInt8>) -> [UInt8]? {
        guard body.first == UInt8(ascii: "{"), let request = try? JSON(parsing: body),
            request["jsonrpc"] == "2.0", request["method"] != nil
        else { return nil }
        guard let id = request["id"] else { return [] }
        let result: JSON =
            request["method"]?.string?.hasSuffix("service.ping") == true
            ? ["status": "ok"] : (request["params"] ?? .null)
        return (["jsonrpc": "2.0", "id": id, "result": result] as JSON).bytes
    }

    /// Ends the worker.
    /// - Returns: how many requests it answered.
    func close() -> Int {
        let ending = peer.withLock { place in
            defer { place = nil }
            return place
        }
        ending?.drain()
        ending?.close()
        return served.load(ordering: .relaxed)
    }
}
