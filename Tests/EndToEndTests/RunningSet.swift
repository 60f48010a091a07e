import Foundation
import JSON
import ServiceKit
import Synchronization
import Testing

@testable import CommandLine

/// The real executables, started by `ieum up` in a private directory with a private set of sockets.
final class RunningSet: Sendable {
    static let services = Roster.standard.members.map(\.name)

    let folder: String
    let client: Client
    private let launcher: Process
    private let hasPlace = Atomic(true)

    /// The directory of the executables: beside the test's own.
    static let binaries = URL(
        filePath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    )
    .deletingLastPathComponent().path

    var run: String { folder + "/run" }
    var data: String { folder + "/data" }

    /// Short, because a socket's path may have 107 bytes only.
    private static func makeFolder() throws -> String {
        let folder = "/tmp/ie-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return folder
    }

    /// So many sets at once: a test of its own each, they would otherwise all start together.
    private static let places = Places(8)

    private init(folder: String, limits: [String: String]) throws {
        self.folder = folder
        launcher = try RunningSet.spawn(
            "ieum", ["up"], folder: folder, output: folder + "/launcher.out", environment: limits)
        client = try Client(endpoint: "ipc://\(folder)/run/gateway.sock")
    }

    /// Starts a set, with `IEUM_*` variables if need be, and waits until every service answers.
    /// - Parameter prepare: what must lie in its folder before.
    static func start(
        _ limits: [String: String] = [:], prepare: (_ folder: String) throws -> Void = { _ in }
    ) async throws -> RunningSet {
        await places.take()
        let set: RunningSet
        do {
            let folder = try makeFolder()
            try prepare(folder)
            set = try RunningSet(folder: folder, limits: limits)
        } catch {
            await places.give()
            throw error
        }
        do {
            for service in services { try await set.untilAnswers(service) }
            return set
        } catch {
            try? await set.stop()
            throw error
        }
    }

    /// Runs `body` with a set of its own, which is stopped and removed afterwards.
    static func with<R>(
        _ limits: [String: String] = [:], prepare: (_ folder: String) throws -> Void = { _ in },
        _ body: (RunningSet) async throws -> R
    ) async throws -> R {
        let set = try await start(limits, prepare: prepare)
        do {
            let result = try await body(set)
            try await set.stop()
            try? FileManager.default.removeItem(atPath: set.folder)
            return result
        } catch {
            // The folder stays: its logs say what happened.
            Issue.record("the set's logs are in \(set.data)/logs")
            try? await set.stop()
            throw error
        }
    }

    /// Waits until a service answers a ping.
    func untilAnswers(_ service: String, within limit: Duration = .seconds(20)) async throws {
        let end = ContinuousClock.now + limit
        while true {
            do {
                _ = try await client.call("service.ping", service: service, deadline: .seconds(1))
                return
            } catch {
                guard ContinuousClock.now < end else {
                    let log = (try? String(contentsOfFile: "\(data)/logs/\(service).log", encoding: .utf8)) ?? "no log"
                    let launcher = (try? String(contentsOfFile: folder + "/launcher.out", encoding: .utf8)) ?? ""
                    throw Silence(service: service, error: "\(error)", log: String(log.suffix(2_000)) + launcher)
                }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    struct Silence: Error {
        let service: String
        let error: String
        let log: String
    }

    /// Calls until an answer comes, whatever is being killed meanwhile: the idempotency key makes that safe.
    @discardableResult
    func persist(_ method: String, _ parameters: JSON = [:], key: String, within limit: Duration = .seconds(30))
        async throws -> JSON
    {
        let end = ContinuousClock.now + limit
        while true {
            do {
                return try await client.call(method, parameters, key: key, deadline: .seconds(2))
            } catch let fault as Fault
                where [.noResponders, .workerLost, .deadlineExceeded, .overloaded].contains(fault.code)
                && ContinuousClock.now < end
            {
                try await Task.sleep(for: .milliseconds(30))
            }
        }
    }

    /// The process of a service now, nil while it waits to be started again.
    func processID(of service: String) -> Int32? {
        guard let bytes = FileManager.default.contents(atPath: run + "/launcher.json"),
            let record = try? JSON(parsing: bytes)
        else { return nil }
        let entry = record["processes"]?.array?.first { $0["name"]?.string == service }
        return entry?["pid"]?.integer.map(Int32.init)
    }

    /// `kill -9`; the launcher starts it again.
    func kill(_ service: String) async throws {
        for _ in 0..<500 {
            if let pid = processID(of: service), Glibc.kill(pid, SIGKILL) == 0 { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Silence(service: service, error: "has no process to kill", log: "")
    }

    func signal(_ service: String, _ signal: Int32) throws {
        guard let pid = processID(of: service), Glibc.kill(pid, signal) == 0 else {
            throw Silence(service: service, error: "has no process to signal", log: "")
        }
    }

    /// One SIGINT, as Ctrl-C sends it.
    func stop() async throws {
        client.close()
        var stillRuns = launcher.isRunning
        if stillRuns {
            launcher.interrupt()
            for _ in 0..<1_500 where launcher.isRunning { try await Task.sleep(for: .milliseconds(10)) }
            stillRuns = launcher.isRunning
            if stillRuns { Glibc.kill(launcher.processIdentifier, SIGKILL) }
        }
        if hasPlace.exchange(false, ordering: .relaxed) { await RunningSet.places.give() }
        #expect(!stillRuns, "the launcher did not stop within 15 s")
    }

    var launcherID: Int32 { launcher.processIdentifier }

    /// The environment of every process of a set.
    static func environment(folder: String) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment
        for name in environment.keys where name.hasPrefix("IEUM_") { environment[name] = nil }
        environment["IEUM_RUN"] = folder + "/run"
        environment["IEUM_DATA"] = folder + "/data"
        environment["IEUM_LANG"] = "en"
        environment["PATH"] = binaries + ":" + (environment["PATH"] ?? "")
        return environment
    }

    static func spawn(
        _ program: String, _ arguments: [String], folder: String, output: String,
        environment extra: [String: String] = [:]
    ) throws -> Process {
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let process = Process()
        process.executableURL = URL(filePath: program.hasPrefix("/") ? program : binaries + "/" + program)
        process.arguments = arguments
        process.environment = environment(folder: folder).merging(extra) { _, new in new }
        let file = FileHandle(forWritingAtPath: output)
        process.standardOutput = file
        process.standardError = file
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    struct Outcome: Sendable {
        let status: Int32
        let output: String
    }

    /// Runs a program in the environment of this set to its end.
    func execute(
        _ program: String, _ arguments: [String], environment: [String: String] = [:],
        within limit: Duration = .seconds(60)
    ) async throws
        -> Outcome
    {
        let output = folder + "/out-\(UUID().uuidString.prefix(8))"
        let process = try RunningSet.spawn(
            program, arguments, folder: folder, output: output, environment: environment)
        let end = ContinuousClock.now + limit
        while process.isRunning {
            if ContinuousClock.now > end {
                process.end()
                throw Silence(service: program, error: "did not end within \(limit)", log: "")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        return Outcome(status: process.terminationStatus, output: text)
    }

    /// The ten lines of a document: the code block that contains `marker`.
    static func codeBlock(of document: String, containing marker: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: document), encoding: .utf8)
        let blocks = text.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        let block = try #require(blocks.first { $0.contains(marker) }, "\(document) has no block with \(marker)")
        return block.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).last.map(String.init) ?? ""
    }

    /// Python with pyzmq, which `make test` puts beside the build.
    static func python() throws -> String {
        let candidates: [String?] = [
            ProcessInfo.processInfo.environment["IEUM_TEST_PYTHON"],
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: ".build/venv/bin/python").path,
        ]
        let found = candidates.compactMap { $0 }.first { FileManager.default.isExecutableFile(atPath: $0) }
        return try #require(found, "python with pyzmq is missing: run the tests with `make test`")
    }

    /// Writes a program into the set's folder.
    func write(_ name: String, _ text: String) throws -> String {
        let path = folder + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}

/// A bounded number of places; who finds none waits for one.
actor Places {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func give() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

extension Process {
    /// Ends it at once. `terminate` may not: a process inherits which signals the thread that started it blocks, and
    /// those of the pool block nearly all.
    func end() { Glibc.kill(processIdentifier, SIGKILL) }
}
