import Dispatch
import ServiceKit
import Storage
import Synchronization
import Vocabulary

/// The index of one side, and up to which change it has followed its rows.
struct Followed<Kind: ProfileKind>: Sendable {
    /// Rows that are brought in at once.
    static var batch: Int { 4_096 }

    private(set) var sequence: Int64 = 0
    private(set) var index = TextIndex<ID<Kind>>()
    /// Until the rows have been caught up with for the first time.
    private var assembly: IndexAssembly<ID<Kind>>? = IndexAssembly()

    var isReady: Bool { assembly == nil }
    var count: Int { assembly?.count ?? index.count }
    /// Blocks that stand only in memory.
    var unkept: [Block<ID<Kind>>] { (assembly?.index ?? index).blocks.filter { $0.memory.path == nil } }

    init() {}

    init(_ loaded: SnapshotStore<ID<Kind>>.Loaded) {
        sequence = loaded.sequence
        index = loaded.index
        assembly = nil
    }

    /// Brings in some of the rows that changed since, the oldest change first.
    ///
    /// - Parameter committed: the last change that `db` sees.
    /// - Returns: whether there are no more.
    mutating func follow(_ db: Connection, to committed: Int64, _ tokeniser: Tokeniser) throws -> Bool {
        if isReady, sequence >= committed { return true }
        // All are read before the first one counts: a failure in between leaves everything as it was.
        let changes = try ChangedProfile<Kind>.list(since: sequence, limit: Self.batch, db)
        let vectors = tokeniser.vectors(of: changes.map(\.text))
        for (change, vector) in zip(changes, vectors) { take(change, vector) }
        let isCaughtUp = changes.count < Self.batch
        sequence = isCaughtUp ? max(sequence, committed) : changes.last?.sequence ?? sequence
        if isCaughtUp, let assembly = assembly.take() { index = assembly.finished() }
        index.sealIfMany()
        return isCaughtUp
    }

    private mutating func take(_ change: ChangedProfile<Kind>, _ vector: TermVector) {
        switch (change.traits, isReady) {
        case (let traits?, true): index.put(change.id, vector, traits)
        case (let traits?, false): assembly?.put(change.id, vector, traits)
        case (nil, true): index.remove(change.id)
        case (nil, false): assembly?.remove(change.id)
        }
    }

    mutating func settle() { index.settle() }
    func nextJoin() -> BlockJoin<ID<Kind>>? { index.nextJoin() }
    mutating func adopt(_ block: Block<ID<Kind>>?, for join: BlockJoin<ID<Kind>>) { index.adopt(block, for: join) }

    mutating func exchange(_ block: Block<ID<Kind>>, for same: Block<ID<Kind>>) {
        assembly?.exchange(block, for: same)
        index.exchange(block, for: same)
    }
}

extension Tokeniser {
    /// Many texts on all processors, a few on this one.
    func vectors(of texts: [String]) -> [TermVector] {
        let share = 64
        let shares = (texts.count + share - 1) / share
        guard shares > 4 else { return texts.map(vector) }
        let cut = Mutex([[TermVector]](repeating: [], count: shares))
        DispatchQueue.concurrentPerform(iterations: shares) { number in
            let vectors = texts[(number * share)..<min(texts.count, (number + 1) * share)].map(vector)
            cut.withLock { $0[number] = vectors }
        }
        return cut.withLock { $0.flatMap { $0 } }
    }
}
