import JSON
import Logging
import Majordomo
import ServiceKit
import Storage
import Synchronization
import Vocabulary
import ZeroMQ

/// Runs store and forward: writes what it decides, and sends and answers only what is written. Requests, replies,
/// completions of writes and timers come in from any thread and are taken one after the other; decisions and the queue
/// of writes are in the same order.
final class TitanicRunner: Sendable {
    /// The way to the broker. Neither waits; false when nothing was sent.
    struct Way: Sendable {
        let deliver: @Sendable (Delivery) -> Bool
        let answer: @Sendable (TitanicService, ReplyAddress, [[UInt8]]) -> Void
    }

    private struct Live {
        var titanic: Titanic
        /// The earliest timer that runs.
        var wakesAt: Instant?
    }

    let database: Database
    let books: TitanicBooks
    private let way: Way
    private let log: Logger
    private let clock: @Sendable () -> Instant
    private let live: Mutex<Live>

    init(
        limits: Limits, database: Database, events: EventLog, log: Logger,
        clock: @escaping @Sendable () -> Instant = Instant.now, way: Way
    ) {
        self.database = database
        books = TitanicBooks(limits: limits, events: events)
        self.way = way
        self.log = log
        self.clock = clock
        live = Mutex(Live(titanic: Titanic(limits: limits)))
        // The first write of all: whatever is stored from now on comes after it.
        let now = clock()
        database.submitWrite({ [books] db in try books.recover(at: now, in: db) }) {
            [weak self] (result: Result<TitanicBooks.Result, any Error>) in
            switch result {
            case .success(let result):
                self?.handle(.recovered(result.written.changes))
                self?.tell(result)
            case .failure(let error): log.error("the stored requests could not be read: \(error)")
            }
        }
    }

    var line: TitanicLine {
        TitanicLine(
            onRequest: { [weak self] in self?.take($0, $1, $2, $3) },
            onReply: { [weak self] uuid, body, isFault in
                let frames = body.frames
                guard isFault, let error = frames.first.flatMap({ try? JSON(parsing: $0) })?["error"] else {
                    self?.handle(.replied(uuid: uuid, body: frames))
                    return
                }
                self?.handle(.refused(uuid: uuid, Fault(json: error), body: frames))
            },
            onServed: { [weak self] in self?.handle(.served($0, $1)) })
    }

    /// Deliveries that have no answer yet.
    var inFlight: Int { live.withLock { $0.titanic.inFlight.count } }

    /// Sends nothing more.
    func drain() { handle(.draining) }

    func handle(_ input: Titanic.Input) {
        live.withLock { live in
            for effect in live.titanic.handle(input, now: clock()) { perform(effect, &live) }
        }
    }

    // MARK: The three services

    private func take(_ service: TitanicService, _ caller: ReplyAddress, _ principal: Principal, _ body: Multipart) {
        switch service {
        case .request: store(body.frames, caller, principal)
        case .reply:
            let uuid = body.text(0).uppercased()
            database.submitRead { [self] db in
                let reply = Result { try books.reply(uuid, for: principal.name, in: db.get()) }
                way.answer(.reply, caller, frames(reply))
            }
        case .close:
            let uuid = body.text(0).uppercased()
            // RFC 9: unknown is closed as well.
            database.submitWrite({ [books] db in try books.close(uuid, only: principal.name, in: db) }) {
                [self] result in
                way.answer(.close, caller, [Array((try? result.get()) == nil ? "500".utf8 : "200".utf8)])
                if let changes = try? result.get(), !changes.isEmpty { handle(.changed(changes)) }
            }
        }
    }

    private func store(_ frames: [[UInt8]], _ caller: ReplyAddress, _ principal: Principal) {
        guard frames.count > 1 else {
            return way.answer(.request, caller, Fault.noStoredBody.titanic)
        }
        let body = Array(frames.dropFirst())
        let deadline = StoredRequest.headers(in: body)?["deadline"]?.integer
        let request = StoredRequest(
            uuid: StoredRequest.newUUID(), service: String(decoding: frames[0], as: UTF8.self),
            principal: principal.name, roles: principal.roles, body: body, storedAt: clock(),
            deadline: deadline.map(Instant.init(milliseconds:)))
        handle(.store(request, caller))
    }

    private func frames(_ reply: Result<TitanicBooks.Reply, any Error>) -> [[UInt8]] {
        switch reply {
        case .success(.ready(let body)): return [Array("200".utf8)] + body
        case .success(.pending): return [Array("300".utf8)]
        case .success(.unknown): return [Array("400".utf8)]
        case .success(.dead(let fault)): return [Array("500".utf8), fault.json.bytes]
        case .failure(let error):
            log.error("a stored reply could not be read: \(error)")
            return [Array("500".utf8), Fault(.internalError).json.bytes]
        }
    }

    // MARK: Effects

    /// Under the lock, so that writes and deliveries begin in the order of the decisions. Nothing here waits.
    private func perform(_ effect: Titanic.Effect, _ live: inout Live) {
        switch effect {
        case .write(let write): self.write(write)
        case .writeAgain(let write, let at):
            Task { [weak self] in
                guard let self else { return }
                try? await Task.sleep(for: max(.zero, at - clock()))
                self.write(write)
            }
        case .deliver(let delivery):
            guard !way.deliver(delivery) else { return }
            Task { [weak self] in
                self?.handle(.refused(uuid: delivery.uuid, .overloaded(retryAfterMs: 100), body: []))
            }
        case .answer(let caller, let body): way.answer(.request, caller, body)
        case .wake(let at):
            guard live.wakesAt.map({ at < $0 }) ?? true else { return }
            live.wakesAt = at
            Task { [weak self] in await self?.wake(at) }
        case .crowded:
            log.warning("80 % of what may be stored for services is; see gateway.deadLetters and titanic.close")
        }
    }

    private func write(_ write: Titanic.Write) {
        let now = clock()
        database.submitWrite({ [books] db in try books.perform(write, at: now, in: db) }) {
            [self] (result: Result<TitanicBooks.Result, any Error>) in
            switch result {
            case .success(let result):
                handle(.wrote(write, result.written))
                tell(result)
            case .failure(StorageError.closed): return
            case .failure(let error):
                log.error("store and forward could not write: \(error)")
                // A full queue says so at once, to a caller that holds the lock.
                Task { handle(.notWritten(write)) }
            }
        }
    }

    func tell(_ result: TitanicBooks.Result) {
        books.events.committed(result.events)
        for letter in result.deadLetters { log.warning("dead letter \(letter); see ieum dead-letters") }
    }

    private func wake(_ at: Instant) async {
        try? await Task.sleep(for: max(.zero, at - clock()))
        live.withLock { live in
            guard live.wakesAt == at else { return }
            live.wakesAt = nil
            for effect in live.titanic.handle(.timer, now: clock()) { perform(effect, &live) }
        }
    }
}

extension Fault {
    fileprivate static let noStoredBody = Fault(
        .invalidRequest,
        Bilingual(
            ko: "titanic.request는 서비스 이름과 본문, 두 프레임 이상이어야 합니다",
            en: "titanic.request takes two frames or more: the service's name, then the body"))
}
