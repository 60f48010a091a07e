import Foundation
import JSON
public import Logging
import Majordomo
import Storage
import Synchronization
import UnixSignals
import ZeroMQ

/// The life of a service's process: open the database, serve, and on SIGTERM, SIGINT or the launcher's end stop in
/// order: take no more, finish what was taken, close. Events that were not handed over yet go out at the next start.
public enum ServiceProcess {
    /// How long a stop may take.
    public static let stopLimit = Duration.seconds(5)
    /// Requests that the gateway may have with this process at once.
    static let credit = 64

    public static func run(_ definition: ServiceDefinition) async {
        answerArguments(definition.name)
        let log = logger(definition.name)
        do {
            try await serve(definition, Configuration(), log)
        } catch {
            log.critical("\(error)")
            exit(1)
        }
    }

    private static func serve(_ definition: ServiceDefinition, _ configuration: Configuration, _ log: Logger)
        async throws
    {
        let keyAge = try configuration.keyAge
        try FileManager.default.createDirectory(
            atPath: configuration.data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        let database = try Database(
            path: configuration.databasePath(of: definition.name), migrations: Service.migrations(of: definition))
        let traces = TraceFile(configuration, service: definition.name)
        let service = Service(definition, database: database, log: log, keyAge: keyAge, traces: traces)
        let announcement: JSON = [
            "credit": .integer(Int64(credit)), "instance": .string(service.instance),
            "version": .string(ServiceDefinition.version), "cancels": true,
        ]
        let slot = Slot()
        // Under the lock, so that a request that comes at once waits until there is a client to answer through.
        let client = try slot.client.withLock { place in
            let client = try Client(
                endpoint: configuration.gatewayEndpoint, curve: try configuration.curve,
                worker: (definition.name, announcement.bytes),
                onRequest: { request in
                    let headers = request.body.count > 1 ? request.body[1] : nil
                    service.handle(
                        body: request.body[0], headers: headers,
                        partial: { slot.client.withLock { $0 }?.reply(request, $0, isFinal: false) ?? false }
                    ) { response in
                        // A notification is answered with an empty body: MDP frees a worker by its reply.
                        slot.client.withLock { $0 }?.reply(request, response ?? [])
                    }
                },
                onLink: { link in
                    log.info("gateway link: \(link)")
                    guard case .failed(let error) = link else { return }
                    // Nothing is served any more: the launcher starts another process. Nothing is stopped in order,
                    // since everything here would wait for the reactor; what is committed is on the disk.
                    log.critical("the reactor ended, and the process with it: \(error)")
                    _exit(1)
                })
            place = client
            service.calls(through: client)
            return client
        }
        let background = Task {
            await service.runInBackground { events in
                _ = try await client.call(
                    "gateway.events.append", ["events": .array(events)], deadline: .seconds(5))
            }
        }
        let news =
            try definition.consumers.isEmpty
            ? nil
            : EventNews(
                endpoint: configuration.eventsEndpoint, curve: try configuration.curve, definition.consumers, log: log)
        let consuming = Task {
            await service.consume(news?.streams ?? []) { after, types, limit in
                try await client.call(
                    "gateway.events.read",
                    [
                        "after": .integer(after), "types": .array(types.map(JSON.string)),
                        "limit": .integer(Int64(limit)),
                    ],
                    deadline: .seconds(5))
            }
        }
        log.info("serving", metadata: ["run": "\(configuration.run)", "data": "\(configuration.data)"])
        let reason = await untilEnd()
        log.info("stopping: \(reason)")
        endAtLatest(log)
        client.drain()
        let limit = ContinuousClock.now + stopLimit
        while service.inFlight > 0, ContinuousClock.now < limit { try? await Task.sleep(for: .milliseconds(5)) }
        consuming.cancel()
        await consuming.value
        news?.close()
        background.cancel()
        await background.value
        client.close()
        slot.client.withLock { $0 = nil }
        await traces?.close()
        database.close()
        log.info("stopped")
    }

    /// A handler or a write that never ends must not keep the process: after this it ends without them. What was
    /// acknowledged is on the disk.
    public static func endAtLatest(after limit: Duration = stopLimit + .seconds(1), _ log: Logger) {
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: limit / .seconds(1))
            log.critical("not stopped within \(limit): the process ends with work that does not")
            _exit(1)
        }
    }

    private final class Slot: Sendable {
        let client = Mutex<Client?>(nil)
    }

    /// Waits for SIGTERM or SIGINT, or for the end of the launcher: its pipe on descriptor `IEUM_PARENT_FD` closes
    /// when it dies, in whatever way.
    public static func untilEnd() async -> String {
        await withTaskGroup(of: String.self) { group in
            group.addTask {
                for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint) { return "\(signal)" }
                return "cancelled"
            }
            if let text = ProcessInfo.processInfo.environment["IEUM_PARENT_FD"], let descriptor = Int32(text) {
                group.addTask {
                    await parentGone(descriptor)
                    return "the launcher is gone"
                }
            }
            let first = await group.next() ?? ""
            group.cancelAll()
            return first
        }
    }

    /// On a thread of its own: the read blocks for as long as the launcher lives.
    private static func parentGone(_ descriptor: Int32) async {
        let (ended, signal) = AsyncStream.makeStream(of: Void.self)
        Thread.detachNewThread {
            let input = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
            while let bytes = try? input.read(upToCount: 64), !bytes.isEmpty {}
            signal.finish()
        }
        for await _ in ended {}
    }

    /// Standard error, one line an entry; the launcher keeps it in the service's log file.
    public static func logger(_ name: String) -> Logger {
        // When the launcher is killed, nobody reads the log any more: writing to it must not end this process before it
        // has stopped in order.
        signal(SIGPIPE, SIG_IGN)
        let configuration = Configuration()
        var log = Logger(label: name) { label -> any LogHandler in
            configuration.logsJSON ? LogLines(service: label) : StreamLogHandler.standardError(label: label)
        }
        log.logLevel = configuration.logLevel
        return log
    }

    public static func answerArguments(_ name: String) {
        let arguments = CommandLine.arguments.dropFirst()
        guard let first = arguments.first else { return }
        let text: String
        switch first {
        case "--version": text = "ieum-\(name) \(ServiceDefinition.version)\n"
        case "--help", "-h":
            text = """
                ieum-\(name): 이음의 서비스 하나. 인자는 없다. 모두 함께 켜려면: ieum up. 환경 변수: ieum doctor --settings
                ieum-\(name): one service of Ieum. It takes no arguments. Start all of them: ieum up. Environment
                variables: ieum doctor --settings

                """
        default:
            FileHandle.standardError.write(Data("ieum-\(name) takes no argument '\(first)'; see --help\n".utf8))
            exit(64)
        }
        FileHandle.standardOutput.write(Data(text.utf8))
        exit(0)
    }
}
