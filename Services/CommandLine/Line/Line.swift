import Foundation
import JSON
import Majordomo
import ServiceKit
import Synchronization

/// One connection to the gateway of a set.
final class Line: Sendable {
    private let client: Client
    private let door = Door()

    /// What the connection says of itself.
    private final class Door: Sendable {
        let state = Mutex((isOpen: false, isRefused: false, wasShut: false))

        func heard(_ link: LinkState) {
            state.withLock { state in
                switch link {
                case .connected: state = (isOpen: true, isRefused: false, wasShut: false)
                case .refused: state.isRefused = true
                case .lost where !state.isOpen: state.wasShut = true
                case .lost, .registered, .unregistered, .failed: return
                }
            }
        }
    }

    /// Why nobody can answer, when the gateway lets this process not in.
    var refusal: String? {
        let state = door.state.withLock { $0 }
        if state.isOpen { return nil }
        if state.isRefused {
            return words(
                "게이트웨이가 이 사용자를 거절한다. 게이트웨이의 사용자로 실행하거나 정책을 고친다",
                "the gateway refuses this user; run it as the gateway's user, or change the policy")
        }
        guard state.wasShut else { return nil }
        return words(
            "게이트웨이에 자리가 없다: 연결이 한도에 찼다 (ieum limits 의 connections, ieum logs gateway)",
            "the gateway is full: all connections are in use (connections in ieum limits, ieum logs gateway)")
    }

    init(_ directories: Directories) throws(Failure) {
        try directories.checkPathLength()
        do {
            client = try Client(endpoint: directories.gatewayEndpoint, curve: try directories.curve) { [door] in
                door.heard($0)
            }
        } catch {
            throw Failure(
                .unhealthy, words("게이트웨이에 연결할 준비를 못 했다: \(error)", "Cannot prepare a connection: \(error)"),
                next: words("환경을 확인한다: ieum doctor", "Check the surroundings: ieum doctor"))
        }
    }

    /// Sends one request and waits for its answer; throws the `Fault` that came instead.
    func call(
        _ method: String, _ params: JSON = [:], service: String? = nil, key: String? = nil,
        deadline: Duration = .seconds(5), onPartial: (@Sendable (JSON) -> Void)? = nil
    ) async throws -> JSON {
        try await client.call(
            method, params, service: service, key: key, deadline: deadline, onPartial: onPartial)
    }

    func close() { client.close() }

    /// Runs `body` with a connection and says in words what went wrong.
    static func open<R>(_ directories: Directories = Directories(), _ body: (Line) async throws -> R) async throws -> R
    {
        try requireGateway(directories)
        let line = try Line(directories)
        defer { line.close() }
        do { return try await body(line) } catch let fault as Fault { throw Failure(fault) }
    }

    /// Without a socket there is nobody to wait for: say so at once.
    private static func requireGateway(_ directories: Directories) throws(Failure) {
        try directories.checkPathLength()
        if isReachable(directories) { return }
        throw Failure(
            .unanswered,
            words("게이트웨이가 돌지 않는다: \(directories.run)", "No gateway runs in \(directories.run)"),
            next: words(
                "켜려면: ieum up. 다른 곳에 있으면 IEUM_RUN 으로 알린다.",
                "Start it: ieum up. If it runs elsewhere, say where with IEUM_RUN."))
    }

    /// Whether there may be a gateway: a socket of this set, or one on another machine.
    static func isReachable(_ directories: Directories) -> Bool {
        directories.isRemote || FileManager.default.fileExists(atPath: directories.gatewaySocket)
    }

    /// Runs `body` with a probe that asks services for `service.ping`.
    static func probing<R>(
        _ directories: Directories, _ body: (@escaping Launcher.Probe) async throws -> R
    ) async throws -> R {
        let line = try Line(directories)
        defer { line.close() }
        return try await body { service in
            (try? await line.call("service.ping", service: service, deadline: .milliseconds(300))) != nil
        }
    }
}

extension Failure {
    /// An answer that was an error, in the language of the reader, with every field that does not fit.
    init(_ fault: Fault) {
        // Fields are shown below, each with its rule and value.
        let sentence = fault.data["fields"] == nil ? fault.message : fault.code.meaning
        let message = words(sentence.ko, sentence.en)
        let fields = (fault.data["fields"]?.array ?? []).map { field in
            let pointer = field["pointer"]?.string ?? ""
            let place = pointer.isEmpty ? "params" : pointer
            let rule = field.at(words("/rule/ko", "/rule/en"))?.string ?? ""
            return "\n  \(place): \(rule)" + (field["value"].map { " (\($0.text))" } ?? "")
        }
        let status: ExitStatus =
            switch fault.code {
            case .noResponders, .workerLost: .unanswered
            case .deadlineExceeded: .timedOut
            case .cancelled: .interrupted
            default: .refused
            }
        self.init(
            status, "\(fault.code.name) (\(fault.code.rawValue)): \(message)" + fields.joined(),
            next: Failure.advice(fault), fault: fault)
    }

    private static func advice(_ fault: Fault) -> String {
        switch fault.code {
        case .methodNotFound: words("있는 메서드: ieum methods", "The methods there are: ieum methods")
        case .invalidParams, .invalidRequest, .parseError:
            words("형식은 ieum methods 서비스 --json 에 있다.", "The form stands in: ieum methods SERVICE --json")
        case .noResponders: words("누가 도는지 본다: ieum status", "See who runs: ieum status")
        case .workerLost:
            words("ieum status 로 본 뒤 같은 --key 로 다시 보낸다.", "See ieum status, then send it again with the same --key.")
        case .deadlineExceeded:
            words("--deadline 을 늘리거나 ieum status 를 본다.", "Allow more with --deadline, or see ieum status.")
        case .overloaded:
            words(
                "\(fault.data["retryAfterMs"]?.text ?? "100") ms 뒤에 다시 보낸다.",
                "Send it again after \(fault.data["retryAfterMs"]?.text ?? "100") ms.")
        case .internalError: words("이유는 로그에 있다: ieum logs", "The reason stands in the log: ieum logs")
        case .conflict, .failedPrecondition:
            fault.data.filter { !["name", "retryable", "message"].contains($0.key) }.isEmpty
                ? ""
                : JSON.object(
                    .init(uniqueKeysWithValues: fault.data.filter { $0.key != "message" }.map { ($0.key, $0.value) })
                ).text
        default: ""
        }
    }
}
