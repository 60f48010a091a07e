import Storage
import Vocabulary

/// An inverted index in memory: blocks that do not change, a mark on every document of theirs that was removed or
/// replaced, and the few newest documents as they came. It is a value: a reader keeps the one it took while a writer
/// goes on, and only the small parts are ever copied. Every query term is followed over all its postings (term at a
/// time), which for queries of 20-60 terms is faster than skipping; what this finds with quantised impacts is then
/// scored exactly.
struct TextIndex<Key: IndexKey>: Sendable {
    struct Document: Sendable {
        let key: Key
        let vector: TermVector
        let traits: Traits
    }

    struct Found: Sendable {
        let document: Document
        /// Exact BM25.
        let score: Double
    }

    /// A block, and which of its documents are gone.
    struct Part: Sendable {
        let block: Block<Key>
        var dead = Tombstones()

        var live: Int { block.count - dead.count }
    }

    /// How many documents wait before they become a block. All of them are scored at every query.
    static var waitingLimit: Int { 256 }

    private(set) var parts: [Part] = []
    private var waiting: [Document] = []
    /// Newcomers mostly have the largest key so far, identifiers being in order of time: those are not searched for.
    private var largestWaiting: Key?
    private(set) var frequencies = TermFrequencies()
    private(set) var liveLength = 0
    /// Documents that can be found.
    private(set) var count = 0

    init() {}

    /// As it was kept: see `SnapshotManifest`.
    init(parts: [Part], frequencies: TermFrequencies, liveLength: Int) {
        self.parts = parts
        self.frequencies = frequencies
        self.liveLength = liveLength
        count = parts.reduce(0) { $0 + $1.live }
    }

    var blocks: [Block<Key>] { parts.map(\.block) }
    var averageLength: Double { count == 0 ? 0 : Double(liveLength) / Double(count) }

    /// Adds a document, or replaces the one with this key. After many, call `settle`.
    mutating func put(_ key: Key, _ vector: TermVector, _ traits: Traits = Traits()) {
        remove(key)
        waiting.append(Document(key: key, vector: vector, traits: traits))
        largestWaiting = largestWaiting.map { max($0, key) } ?? key
        count += 1
        liveLength += vector.length
        frequencies.add(vector.terms, 1)
        if waiting.count >= Block<Key>.limit { seal() }
    }

    /// Takes the document of this key away; nothing happens when there is none.
    mutating func remove(_ key: Key) {
        if let place = waitingPlace(of: key) {
            forget(waiting.remove(at: place).vector)
            return
        }
        for place in parts.indices {
            guard let number = parts[place].block.number(of: key), !parts[place].dead.contains(number) else {
                continue
            }
            parts[place].dead.insert(number)
            return forget(parts[place].block.vector(of: number))
        }
    }

    private func waitingPlace(of key: Key) -> Int? {
        guard let largestWaiting, key <= largestWaiting else { return nil }
        return waiting.lastIndex { $0.key == key }
    }

    private mutating func forget(_ vector: TermVector) {
        count -= 1
        liveLength -= vector.length
        frequencies.add(vector.terms, -1)
    }

    /// What BM25 must know of the living documents to weigh this query.
    func statistics(for query: Query) -> CollectionStatistics {
        CollectionStatistics(
            documents: count, averageLength: averageLength,
            frequencies: query.entries.map { frequencies.count(of: $0.term) })
    }
}

// MARK: - Blocks

extension TextIndex {
    /// Makes a block of what waits once it is more than a few, and joins small blocks.
    mutating func settle() {
        sealIfMany()
        while let join = nextJoin() { adopt(join.block(), for: join) }
    }

    mutating func sealIfMany() {
        if waiting.count > Self.waitingLimit { seal() }
    }

    /// Makes a block of what waits.
    mutating func seal() {
        guard !waiting.isEmpty else { return }
        var assembly = BlockAssembly<Key>()
        for document in waiting { assembly.add(document.key, document.vector, document.traits) }
        waiting = []
        largestWaiting = nil
        parts.append(Part(block: assembly.block()))
    }

    /// Takes over a block of documents that are not here yet.
    mutating func append(_ part: Part) {
        parts.append(part)
        count += part.live
        frequencies.add(part.block)
        liveLength += part.block.lengths.reduce(0) { $0 + Int($1) }
        for number in part.dead.numbers() {
            let gone = part.block.vector(of: number)
            liveLength -= gone.length
            frequencies.add(gone.terms, -1)
        }
    }

    /// Puts a block that is the same in another place of memory where the first one is.
    mutating func exchange(_ block: Block<Key>, for same: Block<Key>) {
        guard let place = parts.firstIndex(where: { $0.block === block }) else { return }
        parts[place] = Part(block: same, dead: parts[place].dead)
    }

    /// What should become one block now, so that a collection of n documents has about n / 65,536 + 3 · log n blocks and
    /// every document is joined a few times only.
    func nextJoin() -> BlockJoin<Key>? {
        if let worn = parts.last(where: { $0.dead.count * 4 > $0.block.count }) { return BlockJoin(sources: [worn]) }
        var size = Self.waitingLimit * 4
        while size <= Block<Key>.limit {
            var chosen: [Part] = []
            var total = 0
            for part in parts where part.live < size && total + part.live <= Block<Key>.limit {
                chosen.append(part)
                total += part.live
            }
            if chosen.count >= 6 { return BlockJoin(sources: chosen) }
            size *= 4
        }
        return nil
    }

    /// Puts the joined block in the place of its sources, without what has gone from them since.
    mutating func adopt(_ block: Block<Key>?, for join: BlockJoin<Key>) {
        let places = join.sources.map { source in parts.firstIndex { $0.block === source.block } }
        guard !places.contains(nil) else { return }
        var dead = Tombstones()
        for (source, place) in zip(join.sources, places) {
            guard let place, let block else { continue }
            for number in parts[place].dead.numbers(since: source.dead) {
                if let gone = block.number(of: source.block.key(of: number)) { dead.insert(gone) }
            }
        }
        for place in places.compactMap({ $0 }).sorted(by: >) { parts.remove(at: place) }
        if let block { parts.append(Part(block: block, dead: dead)) }
    }
}

/// Blocks that are to become one, as they were at one moment; the work needs no index and holds nobody up.
struct BlockJoin<Key: IndexKey>: Sendable {
    let sources: [TextIndex<Key>.Part]

    /// Nil when nothing in them lives.
    func block() -> Block<Key>? {
        var assembly = BlockAssembly<Key>()
        for source in sources { assembly.add(source.block) { !source.dead.contains($0) } }
        return assembly.count > 0 ? assembly.block() : nil
    }
}

// MARK: - Queries

extension TextIndex {
    /// The documents with the highest scores above 0, best first, those of equal score in the order of their keys.
    ///
    /// - Parameter accept: filters, asked only for documents that could be among the best.
    func nearest(
        _ query: Query, _ statistics: CollectionStatistics, count wanted: Int, by bm25: BM25 = .standard,
        accept: (Traits) -> Bool = { _ in true }
    ) -> [Found] {
        var found: [Found] = []
        func add(_ document: Document) {
            let score = query.score(of: document.vector, in: statistics, by: bm25)
            if score > 0 { found.append(Found(document: document, score: score)) }
        }
        // More than wanted, so that rounding at the border loses nothing.
        for (block, number) in roughly(query, statistics, count: max(100, wanted + wanted / 4), bm25, accept) {
            add(document(number, in: block))
        }
        for document in waiting where accept(document.traits) { add(document) }
        found.sort { ($1.score, $0.document.key) < ($0.score, $1.document.key) }
        return Array(found.prefix(wanted))
    }

    /// The best by quantised scores, best first.
    func roughly(
        _ query: Query, _ statistics: CollectionStatistics, count: Int, _ bm25: BM25 = .standard,
        _ accept: (Traits) -> Bool = { _ in true }
    ) -> [(block: Int, number: Int)] {
        var best = Best(count: count)
        let weighted = Self.weighted(query, statistics, bm25)
        for (place, part) in parts.enumerated() {
            let sums = part.block.accumulate(weighted)
            let span = sums.span
            for number in span.indices where span[number] > best.threshold {
                guard !part.dead.contains(number), accept(part.block.traits(of: number)) else { continue }
                best.insert(span[number], place << 16 | number)
            }
        }
        return best.descending.map { ($0 >> 16, $0 & 0xFFFF) }
    }

    func document(_ number: Int, in part: Int) -> Document {
        let block = parts[part].block
        return Document(key: block.key(of: number), vector: block.vector(of: number), traits: block.traits(of: number))
    }

    /// The weights of the query's terms as shares of 65,535, so that no sum of shares can pass 16 bits.
    private static func weighted(_ query: Query, _ statistics: CollectionStatistics, _ bm25: BM25)
        -> [(term: Term, weight: UInt16)]
    {
        let weights = zip(query.entries, statistics.frequencies).map { entry, frequency in
            frequency == 0 ? 0 : entry.weight * bm25.rarity(documents: statistics.documents, containing: frequency)
        }
        let sum = weights.reduce(0, +)
        guard sum > 0 else { return [] }
        return zip(query.entries, weights).compactMap { entry, weight in
            weight > 0 ? (entry.term, UInt16(weight / sum * 65_535)) : nil
        }
    }
}
