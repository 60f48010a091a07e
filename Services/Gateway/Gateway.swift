import Foundation
import JSON
import Logging
import Majordomo
import Permissions
import ServiceKit
import Storage
import Synchronization
import ZeroMQ

/// The gateway: one address for everybody, the log of all events, and the flows that join the services. Its own service
/// `gateway` stands behind the broker like any other, only without a socket.
@main
struct Gateway {
    static let name = GatewayRouter.serviceName
    static let definitions = [
        Commercialize.definition, TransferProcess.definition, AnalysisPlatform.definition, Flagship.definition,
    ]
    /// Bytes of a request's JSON.
    static let largestReadOnReactor = 8 << 10

    static func main() async {
        ServiceProcess.answerArguments(name)
        let log = ServiceProcess.logger(name)
        do {
            let gateway = try await Gateway(Configuration(), environment: ProcessInfo.processInfo.environment, log)
            try await gateway.run()
        } catch {
            log.critical("\(error)")
            exit(1)
        }
    }

    private let log: Logger
    private let database: Database
    private let events: EventLog
    private let flows: FlowRunner
    private let titanic: TitanicRunner
    private let service: Service
    private let router: GatewayRouter
    private let metrics: MetricsPort?
    private let policy: LivePolicy
    private let traces: TraceFile?
    private let handover: Handover

    /// Opens the database, then the sockets. From then on requests are answered. A successor opens the sockets first,
    /// and the database when its predecessor has let go of it (RouterHandover).
    init(_ configuration: Configuration, environment: [String: String], _ log: Logger) async throws {
        let limits = try Limits(environment: environment)
        let retention = try EventLog.Retention(environment: environment)
        let place = Place()
        let handover = Handover()
        let policy = LivePolicy(PolicyFile(path: configuration.policyPath), log: log) {
            await place.router?.adopt($0)
        }
        let traces = TraceFile(configuration, service: Self.name)
        let isNext = environment["IEUM_SUCCEED"] == "1"
        let predecessor = isNext ? try await Predecessor(configuration) : nil
        let open: () throws -> GatewayRouter = {
            try GatewayRouter(
                runDirectory: configuration.run, limits: limits, policy: policy.current,
                tcp: try TCPDoor(environment: environment, keyFile: configuration.serverKeyPath), log: log,
                onRequest: { request in
                    let answer: @Sendable () -> Void = {
                        let headers = request.body.count > 1 ? request.body[1] : nil
                        place.service?.handle(
                            body: request.body[0], headers: headers,
                            partial: { place.router?.reply(request.address, body: [$0], isFinal: false) ?? false }
                        ) { response in
                            // A notification is answered with an empty body: MDP frees a worker by its reply.
                            _ = place.router?.reply(request.address, body: [response ?? []])
                        }
                    }
                    // A batch of events has hundreds of kilobytes; reading it here would hold up what others sent.
                    if request.body[0].count > Self.largestReadOnReactor { Task { answer() } } else { answer() }
                },
                onReply: { _, body, isFinal in if isFinal { place.calls?.answer(body) } },
                titanic: place.titanicLine, traces: traces, succeeds: predecessor != nil,
                onFailure: { error in
                    // Nothing is served any more: the launcher starts another process. Nothing is stopped in order,
                    // since everything here would wait for the reactor; what is committed is on the disk.
                    log.critical("the gateway's reactor ended, and the process with it: \(error)")
                    _exit(1)
                })
        }
        if let predecessor {
            let router = try place.fill(open)
            _ = await router.ask { broker, now, _ in
                broker.expect(predecessor.services, for: Predecessor.returnLimit, now)
            }
            await predecessor.handOver()
        }
        let bare = Self.definition([], retention)
        let database = try Database(
            path: configuration.databasePath(of: Self.name), migrations: Service.migrations(of: bare))
        let events = EventLog(sizeLimit: limits.eventBytes)
        events.onStored { stored in
            for event in stored { place.router?.publish(topic: event.type, event: event.bytes) }
        }
        let calls = FlowCalls { place.router?.request(service: $0, body: $1, as: $2) ?? false }
        let flows = FlowRunner(definitions: Self.definitions, database: database, events: events, log: log) {
            calls.send($0, $1)
        }
        let titanic = TitanicRunner(
            limits: limits, database: database, events: events, log: log,
            way: TitanicRunner.Way(
                deliver: { place.router?.deliver($0.uuid, service: $0.service, body: $0.body, as: $0.sender) ?? false },
                answer: { place.router?.answer($0, $1, body: $2) }))
        let methods =
            policy.methods + events.methods(database) + FlowMethods.methods(Self.definitions, flows)
            + DeadLetters.methods(titanic)
            + Administration.methods(limits: limits, database) { await place.router?.snapshot() }
            + Drain.methods { place.router }
            + [handover.method(isMovable: environment["IEUM_TCP"] == nil) { place.router }]
        let service = Service(
            Self.definition(methods, retention), database: database, log: log, keyAge: try configuration.keyAge,
            traces: traces)
        place.serves(service, calls, titanic)
        if let router = place.router {
            self.router = router
            await router.take(.serve)
        } else {
            router = try place.fill(open)
        }
        metrics = try MetricsAddress.of(environment).map { [router] address in
            let collection = MetricsCollection(try Client(endpoint: configuration.gatewayEndpoint)) {
                await router.snapshot()
            }
            return try MetricsPort(address) { await collection.text }
        }
        self.handover = handover
        self.traces = traces
        self.log = log
        self.database = database
        self.events = events
        self.flows = flows
        self.titanic = titanic
        self.service = service
        self.policy = policy
        log.info("serving", metadata: ["run": "\(configuration.run)", "data": "\(configuration.data)"])
    }

    /// Works until the process is told to end, then stops in order: take no more, finish, close.
    private func run() async throws {
        let background = Task { [service, events, database] in
            await service.runInBackground { _ = try await events.store($0, in: database) }
        }
        let watch = Task { [policy] in await policy.watch() }
        defer { watch.cancel() }
        try await flows.resume()
        let end = Task { await ServiceProcess.untilEnd() }
        let succession = Task {
            guard await handover.asked() else { return false }
            await router.take(.handOver)
            await stopServing(background, apartFrom: 1)
            await router.take(.letGo)
            handover.done()
            while !router.isEnded, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(100)) }
            end.cancel()
            return true
        }
        let reason = await end.value
        log.info("stopping: \(reason)")
        ServiceProcess.endAtLatest(log)
        handover.close()
        succession.cancel()
        if await !succession.value {
            router.drain()
            await stopServing(background, apartFrom: 0)
        }
        router.stop()
        log.info("stopped")
    }

    /// Takes no more, finishes, closes the database. What comes now is for whoever serves next.
    /// - Parameter own: requests that wait for this very end.
    private func stopServing(_ background: Task<Void, Never>, apartFrom own: Int) async {
        metrics?.stop()
        flows.stop()
        titanic.drain()
        let limit = ContinuousClock.now + ServiceProcess.stopLimit
        while service.inFlight + titanic.inFlight > own, ContinuousClock.now < limit {
            try? await Task.sleep(for: .milliseconds(5))
        }
        background.cancel()
        await background.value
        await traces?.close()
        database.close()
    }

    private static func definition(_ methods: [Method], _ retention: EventLog.Retention) -> ServiceDefinition {
        ServiceDefinition(
            name: name, title: Bilingual(ko: "관문", en: "Gateway"), migrations: GatewaySchema.migrations,
            methods: methods, jobs: [retention.job])
    }

    /// Where the router is found by what must exist before it.
    private final class Place: Sendable {
        private let slot = Mutex<GatewayRouter?>(nil)
        private let parts = Mutex<(service: Service, calls: FlowCalls, titanic: TitanicRunner)?>(nil)

        var service: Service? { parts.withLock { $0?.service } }
        var calls: FlowCalls? { parts.withLock { $0?.calls } }
        var titanicLine: TitanicLine {
            TitanicLine(
                onRequest: { [self] in line?.onRequest($0, $1, $2, $3) },
                onReply: { [self] in line?.onReply($0, $1, $2) },
                onServed: { [self] in line?.onServed($0, $1) })
        }
        private var line: TitanicLine? { parts.withLock { $0?.titanic.line } }

        func serves(_ service: Service, _ calls: FlowCalls, _ titanic: TitanicRunner) {
            parts.withLock { $0 = (service, calls, titanic) }
        }

        var router: GatewayRouter? { slot.withLock { $0 } }

        /// Under the lock, so that a request that comes at once waits until there is a router to answer through.
        func fill(_ make: () throws -> GatewayRouter) throws -> GatewayRouter {
            try slot.withLock { slot in
                let router = try make()
                slot = router
                return router
            }
        }
    }
}
