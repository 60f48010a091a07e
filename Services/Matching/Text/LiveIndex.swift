import Dispatch
import JSON
import Logging
import ServiceKit
import Storage
import Synchronization
import Vocabulary

/// The index of one side while the service runs. With a directory it is kept there (`SnapshotStore`): a start maps what
/// is kept and follows what changed since; a job follows ahead of the queries, and has blocks joined and written on a
/// thread of their own, so that no query waits for it.
final class LiveIndex<Kind: ProfileKind>: Sendable {
    private struct State {
        var followed = Followed<Kind>()
        var isOpen = false
        /// Whether something is joined or written at the moment.
        var isBusy = false
        var schedule = SnapshotSchedule()
    }

    private let tokeniser: Tokeniser
    private let store: SnapshotStore<ID<Kind>>?
    private let queue: DispatchQueue
    private let log: Logger
    private let state = Mutex(State())

    /// A query waits while so many changes are brought in; for more it is refused until the job has done it.
    static var patience: Int64 { 20_000 }

    init(
        _ directory: String?, _ fingerprint: UInt64, _ tokeniser: Tokeniser, _ queue: DispatchQueue, _ log: Logger
    ) {
        self.tokeniser = tokeniser
        self.queue = queue
        self.log = log
        store = directory.map { SnapshotStore(directory: "\($0)/\(Kind.plural)", fingerprint: fingerprint) }
    }

    /// See `Catalogue.current`.
    func current(_ db: Connection, to committed: Int64, isCommitted: Bool) throws -> TextIndex<ID<Kind>> {
        try state.withLock { state in
            // Within a write opening is left to the next reader: what was not committed must not judge what is kept.
            if isCommitted { open(&state, db, committed) }
            try refuseIfFarBehind(state.followed, committed)
            guard isCommitted else {
                var own = state.followed
                return try caughtUp(&own, committed, db)
            }
            return try caughtUp(&state.followed, committed, db)
        }
    }

    private func caughtUp(_ followed: inout Followed<Kind>, _ committed: Int64, _ db: Connection) throws
        -> TextIndex<ID<Kind>>
    {
        while try !followed.follow(db, to: committed, tokeniser) {}
        if store == nil { followed.settle() }
        return followed.index
    }

    private func refuseIfFarBehind(_ followed: Followed<Kind>, _ committed: Int64) throws {
        guard store != nil, committed - followed.sequence > Self.patience else { return }
        let percent = followed.sequence * 100 / committed
        throw Fault(
            .overloaded,
            Bilingual(
                ko: "텍스트 색인을 만드는 중입니다(변경 \(committed)건 가운데 \(percent)%). 잠시 뒤 다시 시도하세요",
                en: "the text index is being built (\(percent) % of \(committed) changes); try again in a moment"),
            data: [
                "retryAfterMs": 2_000, "done": .integer(followed.sequence), "total": .integer(committed),
            ])
    }

    /// Follows some of the rows; where all have been followed, sees to blocks that should be joined or kept.
    ///
    /// - Returns: whether there is more to do at once.
    func keepUp(_ db: Connection, to committed: Int64) throws -> Bool {
        guard let store else { return false }
        let isCaughtUp = try state.withLock { state in
            open(&state, db, committed)
            return try state.followed.follow(db, to: committed, tokeniser)
        }
        guard isCaughtUp else {
            // While all is built, finished blocks leave this process's own memory.
            keepBlocks(in: store)
            return true
        }
        // What bears witness must be of the same moment as the index.
        let followed = state.withLock { state -> Followed<Kind>? in
            guard !state.isBusy, state.followed.sequence == committed,
                state.followed.nextJoin() != nil || state.schedule.isDue(committed, at: .now)
            else { return nil }
            state.isBusy = true
            return state.followed
        }
        guard let followed else { return false }
        let witnesses: [SnapshotManifest.Witness]
        do { witnesses = try SnapshotManifest.Witness.list(Kind.self, upTo: committed, db) } catch {
            state.withLock { $0.isBusy = false }
            throw error
        }
        queue.async { [self] in
            if let join = followed.nextJoin() {
                let block = join.block()
                state.withLock { $0.followed.adopt(block, for: join) }
            } else {
                save(followed, witnesses, in: store)
            }
            state.withLock { $0.isBusy = false }
        }
        return false
    }
}

// MARK: - What is kept

extension LiveIndex {
    /// Maps what is kept, once.
    private func open(_ state: inout State, _ db: Connection, _ committed: Int64) {
        guard !state.isOpen else { return }
        state.isOpen = true
        guard let store else { return }
        do {
            let begun = ContinuousClock.now
            guard let loaded = try store.load() else {
                if committed > 0 { log.notice("no index of \(Kind.plural) is kept: it is built from the database") }
                return
            }
            try check(loaded, db, committed)
            state.followed = Followed(loaded)
            state.schedule = SnapshotSchedule(saved: loaded.sequence, at: .now)
            log.info(
                "the kept index of \(Kind.plural) was taken up",
                metadata: [
                    "documents": "\(loaded.index.count)", "blocks": "\(loaded.index.parts.count)",
                    "changesSince": "\(committed - loaded.sequence)",
                    "milliseconds": "\(Int((ContinuousClock.now - begun) / .milliseconds(1)))",
                ])
        } catch {
            log.warning("the kept index of \(Kind.plural) is not used, it is built from the database: \(error)")
            store.discard()
        }
    }

    /// Whether it was made from this database: one that was restored is older, or has gone another way since.
    private func check(_ loaded: SnapshotStore<ID<Kind>>.Loaded, _ db: Connection, _ committed: Int64) throws {
        guard loaded.sequence <= committed else {
            throw SnapshotStore<ID<Kind>>.Unusable(
                description: "it has followed change \(loaded.sequence), the database is at \(committed)")
        }
        for witness in loaded.witnesses where try !witness.holds(Kind.self, since: loaded.sequence, db) {
            throw SnapshotStore<ID<Kind>>.Unusable(
                description: "\(ID<Kind>(number: witness.key)) was another in the database that it was made from")
        }
    }

    private func save(
        _ followed: Followed<Kind>, _ witnesses: [SnapshotManifest.Witness], in store: SnapshotStore<ID<Kind>>
    ) {
        do {
            guard try store.mayWrite() else {
                // Another process does it. When that has ended, this one.
                return state.withLock { $0.schedule = SnapshotSchedule(saved: followed.sequence, at: .now) }
            }
            let begun = ContinuousClock.now
            let exchanged = try store.save(followed.index, sequence: followed.sequence, witnesses: witnesses)
            state.withLock { state in
                for (block, same) in exchanged { state.followed.exchange(block, for: same) }
                state.schedule = SnapshotSchedule(saved: followed.sequence, at: .now)
            }
            log.debug(
                "the index of \(Kind.plural) was kept",
                metadata: [
                    "documents": "\(followed.index.count)", "newFiles": "\(exchanged.count)",
                    "milliseconds": "\(Int((ContinuousClock.now - begun) / .milliseconds(1)))",
                ])
        } catch {
            log.warning("the index of \(Kind.plural) could not be kept, the next start builds it: \(error)")
            state.withLock { $0.schedule = SnapshotSchedule(saved: followed.sequence, at: .now) }
        }
    }

    private func keepBlocks(in store: SnapshotStore<ID<Kind>>) {
        let blocks = state.withLock { $0.followed.unkept }
        guard !blocks.isEmpty, (try? store.mayWrite()) ?? false else { return }
        for block in blocks {
            do {
                let same = try store.keep(block)
                state.withLock { $0.followed.exchange(block, for: same) }
            } catch {
                return log.warning("a block of the index stays in memory: \(error)")
            }
        }
    }
}
