import JSON
import Logging
import ServiceKit
import Storage
import Synchronization
import Vocabulary

/// Runs the engines: writes what they decide, and does it only when it is written. Replies, timers, events and people
/// come in from any thread; each flow takes them one after the other.
final class FlowRunner: Sendable {
    /// Sends a call and says later, once, what came of it.
    typealias Send = @Sendable (FlowCall, @escaping @Sendable (CallOutcome) -> Void) -> Void

    private struct Live {
        var engine: FlowEngine
        /// The earliest timer that runs.
        var wakesAt: Instant?
    }

    let definitions: [String: FlowDefinition]
    /// Beginnings of the types of events that some flow may wait for.
    private let wakers: Set<String>
    private let database: Database
    private let events: EventLog
    private let send: Send
    private let clock: @Sendable () -> Instant
    private let log: Logger
    private let flows = Mutex<[FlowID: Live]>([:])
    /// How long to wait before a flow that could not be written is read back.
    private static let recoveryPause = Duration.seconds(1)

    init(
        definitions: [FlowDefinition], database: Database, events: EventLog, log: Logger,
        clock: @escaping @Sendable () -> Instant = Instant.now, send: @escaping Send
    ) {
        self.definitions = Dictionary(uniqueKeysWithValues: definitions.map { ($0.name, $0) })
        wakers = Set(definitions.flatMap(\.steps).compactMap { $0.until?.wokenBy })
        self.database = database
        self.events = events
        self.log = log
        self.clock = clock
        self.send = send
        events.onStored { [weak self] stored in self?.heard(stored) }
    }

    /// Takes up every flow that has not ended.
    func resume() async throws {
        for state in try await database.read({ try FlowJournal.unfinished(in: $0) }) { takeUp(state) }
    }

    /// Lets go of all flows; they are taken up at the next start.
    func stop() { flows.withLock { $0 = [:] } }

    /// Writes a new flow and begins it. The same principal and key again return the flow that they started.
    func start(
        _ definition: FlowDefinition, input: JSON, gates: [String], gateTimeoutSeconds: Int64? = nil,
        by principal: String, roles: [Role]? = nil, key: String?
    ) async throws -> FlowState {
        let now = clock()
        let new = FlowState(
            id: FlowID.new(at: now), definition: definition, input: input, gates: gates,
            gateTimeoutSeconds: gateTimeoutSeconds, startedBy: principal, roles: roles, startedAt: now)
        let state = try await database.write { try FlowJournal.create(new, key: key, in: $0) }
        if state.id == new.id { takeUp(state) }
        return state
    }

    /// Hands a person's word to a flow and returns the state after it, written.
    ///
    /// - Throws: `FlowRefused` when it does not fit; nil when there is no such flow.
    func tell(_ id: FlowID, _ input: FlowEngine.Input) async throws -> FlowState? {
        if !flows.withLock({ $0[id] != nil }) {
            guard let state = try await database.read({ try FlowJournal.state(of: id, in: $0) }) else { return nil }
            hold(state)
        }
        return try await withCheckedThrowingContinuation { continuation in
            handle(id, input) { continuation.resume(with: $0) }
        }
    }

    private func takeUp(_ state: FlowState) {
        hold(state)
        handle(state.id, state.entries == 0 ? .started : .resumed)
    }

    /// A flow whose definition is gone is held as well: its engine says that an operator must settle it.
    private func hold(_ state: FlowState) {
        let definition = definitions[state.flow] ?? .gone(state.flow)
        flows.withLock { flows in
            if flows[state.id] == nil { flows[state.id] = Live(engine: FlowEngine(definition, state)) }
        }
    }

    /// Decides under the lock, and puts the write in the queue under it too: the disk sees one flow's states in order.
    private func handle(
        _ id: FlowID, _ input: FlowEngine.Input,
        then: (@Sendable (Result<FlowState?, any Error>) -> Void)? = nil
    ) {
        let now = clock()
        let (unwritten, answer): ([FlowEngine.Effect], Result<FlowState?, any Error>?) = flows.withLock { flows in
            guard var live = flows[id] else { return ([], .success(nil)) }
            let before = live.engine.state
            let effects: [FlowEngine.Effect]
            do {
                effects = try live.engine.handle(input, now: now)
            } catch {
                return ([], .failure(error))
            }
            flows[id] = live
            let state = live.engine.state
            guard state != before || effects.contains(where: \.isMore) else { return (effects, .success(state)) }
            write(state, effects, now, then)
            return ([], nil)
        }
        perform(unwritten, of: id)
        guard let answer else { return }
        letGo(id)
        then?(answer)
    }

    private func write(
        _ state: FlowState, _ effects: [FlowEngine.Effect], _ now: Instant,
        _ then: (@Sendable (Result<FlowState?, any Error>) -> Void)?
    ) {
        var entries: [JournalEntry] = []
        var told: [JSON] = []
        for effect in effects {
            switch effect {
            case .journal(let entry): entries.append(entry)
            case .event(let name, let data):
                told.append(
                    EventLog.event(
                        name, subject: state.id.description, data: data, by: state.startedBy, at: now))
            case .call, .wake: break
            }
        }
        database.submitWrite({ [events, entries, told] db in
            try FlowJournal.save(state, entries, in: db)
            return try events.append(told.map(EventLog.Entry.init), at: now, in: db)
        }) { [self] (result: Result<[EventLog.Stored], any Error>) in
            switch result {
            case .success(let stored):
                // Others take the lock for a moment only; none of them waits for this thread.
                perform(effects, of: state.id)
                if state.phase.isAtRest { letGo(state.id) }
                then?(.success(state))
                events.committed(stored)
            case .failure(let error):
                log.error("flow \(state.id) could not be written: \(error)")
                // A full queue says so at once, to a caller that holds the lock.
                Task {
                    recover(state.id)
                    then?(.failure(error))
                }
            }
        }
    }

    private func perform(_ effects: [FlowEngine.Effect], of id: FlowID) {
        for effect in effects {
            switch effect {
            case .call(let call):
                send(call) { [weak self] outcome in
                    self?.handle(id, .replied(step: call.step, attempt: call.attempt, outcome))
                }
            case .wake(let at): Task { [weak self] in await self?.sleep(id, until: at) }
            case .journal, .event: break
            }
        }
    }

    private func sleep(_ id: FlowID, until at: Instant) async {
        let isNew = flows.withLock { flows in
            guard let live = flows[id], live.wakesAt.map({ at < $0 }) ?? true else { return false }
            flows[id]?.wakesAt = at
            return true
        }
        guard isNew else { return }
        try? await Task.sleep(for: max(.zero, at - clock()))
        let isCurrent = flows.withLock { flows in
            guard flows[id]?.wakesAt == at else { return false }
            flows[id]?.wakesAt = nil
            return true
        }
        if isCurrent { handle(id, .timer) }
    }

    private func letGo(_ id: FlowID) {
        flows.withLock { flows in
            if flows[id]?.engine.state.phase.isAtRest == true { flows[id] = nil }
        }
    }

    /// What the memory says was not written: forget it, and go on from what the disk has.
    private func recover(_ id: FlowID) {
        flows.withLock { $0[id] = nil }
        Task { [weak self] in
            try? await Task.sleep(for: Self.recoveryPause)
            guard let self else { return }
            do {
                if let state = try await database.read({ try FlowJournal.state(of: id, in: $0) }) { takeUp(state) }
            } catch StorageError.closed {
                return
            } catch {
                recover(id)
            }
        }
    }

    /// A deal that somebody agreed to is looked at now, not at the next poll.
    private func heard(_ stored: [EventLog.Stored]) {
        for event in stored {
            guard let subject = event.subject, wakers.contains(where: event.type.hasPrefix) else { continue }
            let awaiting = flows.withLock { flows in
                flows.filter { $0.value.engine.state.awaits(subject) }.map(\.key)
            }
            for id in awaiting { handle(id, .woken(subject: subject)) }
        }
    }
}

extension FlowEngine.Effect {
    /// More than a timer.
    fileprivate var isMore: Bool {
        if case .wake = self { return false }
        return true
    }
}

extension FlowState {
    /// A step of this flow asks about this thing until it says what is awaited.
    func awaits(_ subject: String) -> Bool {
        phase == .running
            && steps.contains { $0.kind == .await && !$0.state.isOver && $0.request?["id"]?.string == subject }
    }
}
