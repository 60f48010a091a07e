import Vocabulary

/// An inverted index in memory: blocks that do not change, a mark on every document of theirs that was removed or
/// replaced, and the few newest documents as they came. It is a value: a reader keeps the one it took while a writer
/// goes on, and only the small parts are ever copied. Every query term is followed over all its postings (term at a
/// time), which for queries of 20-60 terms is faster than skipping; what this finds with quantised impacts is then
/// scored exactly.
struct TextIndex<Key: Hashable & Comparable & Sendable>: Sendable {
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

    /// How many documents wait before they become a block. All of them are scored at every query.
    static var waitingLimit: Int { 256 }

    private(set) var blocks: [Block<Key>] = []
    private var dead: [Tombstones] = []
    private var waiting: [Document] = []
    /// Newcomers mostly have the largest key so far, identifiers being in order of time: those are not searched for.
    private var largestWaiting: Key?
    /// In how many living documents each term occurs.
    private var frequencies: [Term: UInt32] = [:]
    private var liveLength = 0
    /// Documents that can be found.
    private(set) var count = 0

    init() {}

    var averageLength: Double { count == 0 ? 0 : Double(liveLength) / Double(count) }

    /// Adds a document, or replaces the one with this key. After many, call `settle`.
    mutating func put(_ key: Key, _ vector: TermVector, _ traits: Traits = Traits()) {
        remove(key)
        waiting.append(Document(key: key, vector: vector, traits: traits))
        largestWaiting = largestWaiting.map { max($0, key) } ?? key
        count += 1
        liveLength += vector.length
        for term in vector.terms { frequencies[term, default: 0] += 1 }
        if waiting.count >= Block<Key>.limit { seal() }
    }

    /// Takes the document of this key away; nothing happens when there is none.
    mutating func remove(_ key: Key) {
        if let place = waitingPlace(of: key) {
            forget(waiting.remove(at: place).vector)
            return
        }
        for (block, place) in zip(blocks, blocks.indices) {
            guard let number = block.number(of: key), !dead[place].contains(number) else { continue }
            dead[place].insert(number)
            return forget(block.vector(of: number))
        }
    }

    private func waitingPlace(of key: Key) -> Int? {
        guard let largestWaiting, key <= largestWaiting else { return nil }
        return waiting.lastIndex { $0.key == key }
    }

    private mutating func forget(_ vector: TermVector) {
        count -= 1
        liveLength -= vector.length
        for term in vector.terms {
            let left = (frequencies[term] ?? 1) - 1
            frequencies[term] = left == 0 ? nil : left
        }
    }

    func isLive(_ number: Int, in block: Int) -> Bool { !dead[block].contains(number) }

    /// What BM25 must know of the living documents to weigh this query.
    func statistics(for query: Query) -> CollectionStatistics {
        CollectionStatistics(
            documents: count, averageLength: averageLength,
            frequencies: query.entries.map { Int(frequencies[$0.term] ?? 0) })
    }
}

// MARK: - Blocks

extension TextIndex {
    /// Makes a block of what waits once it is more than a few, and joins small blocks, so that a collection of n
    /// documents has about n / 65,536 + 3 · log n blocks and every document is joined a few times only.
    mutating func settle() {
        if waiting.count > Self.waitingLimit { seal() }
        for place in blocks.indices.reversed() where dead[place].count * 4 > blocks[place].keys.count {
            rebuild([place])
        }
        var size = Self.waitingLimit * 4
        while size <= Block<Key>.limit {
            let small = blocks.indices.filter { live(in: $0) < size }
            var chosen: [Int] = []
            var total = 0
            for place in small where total + live(in: place) <= Block<Key>.limit {
                chosen.append(place)
                total += live(in: place)
            }
            if chosen.count >= 6 { rebuild(chosen) }
            size *= 4
        }
    }

    private func live(in place: Int) -> Int { blocks[place].keys.count - dead[place].count }

    private mutating func seal() {
        var assembly = BlockAssembly<Key>()
        for document in waiting { assembly.add(document.key, document.vector, document.traits) }
        waiting = []
        largestWaiting = nil
        append(assembly.block())
    }

    /// Puts one block in the place of several, without their dead.
    private mutating func rebuild(_ places: [Int]) {
        var assembly = BlockAssembly<Key>()
        for place in places { assembly.add(blocks[place]) { !dead[place].contains($0) } }
        for place in places.sorted(by: >) {
            blocks.remove(at: place)
            dead.remove(at: place)
        }
        if assembly.count > 0 { append(assembly.block()) }
    }

    private mutating func append(_ block: Block<Key>) {
        blocks.append(block)
        dead.append(Tombstones())
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
        for (place, block) in blocks.enumerated() {
            let sums = block.accumulate(weighted)
            let dead = dead[place]
            let span = sums.span
            for number in span.indices where span[number] > best.threshold {
                guard !dead.contains(number), accept(block.traits[number]) else { continue }
                best.insert(span[number], place << 16 | number)
            }
        }
        return best.descending.map { ($0 >> 16, $0 & 0xFFFF) }
    }

    func document(_ number: Int, in block: Int) -> Document {
        let block = blocks[block]
        return Document(key: block.keys[number], vector: block.vector(of: number), traits: block.traits[number])
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

/// The numbers of the documents of a block that are gone: one bit each, made when the first one goes.
struct Tombstones: Sendable {
    private(set) var words: [UInt64] = []
    private(set) var count = 0

    func contains(_ number: Int) -> Bool {
        let word = number >> 6
        return word < words.count && words[word] & (1 << UInt64(number & 63)) != 0
    }

    mutating func insert(_ number: Int) {
        let word = number >> 6
        if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
        words[word] |= 1 << UInt64(number & 63)
        count += 1
    }
}

/// Keeps the highest of many: a heap whose root is the lowest kept, and the threshold for the next.
struct Best {
    private var heap: [(score: UInt16, value: Int)] = []
    private let limit: Int
    /// A score must be above this to get in.
    private(set) var threshold: UInt16 = 0

    init(count: Int) {
        limit = max(1, count)
        heap.reserveCapacity(min(limit, 4_096))
    }

    var descending: [Int] { heap.sorted { ($1.score, $0.value) < ($0.score, $1.value) }.map(\.value) }

    mutating func insert(_ score: UInt16, _ value: Int) {
        if heap.count < limit {
            heap.append((score, value))
            var child = heap.count - 1
            while child > 0, heap[child].score < heap[(child - 1) / 2].score {
                heap.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        } else if score > heap[0].score {
            heap[0] = (score, value)
            sink()
        }
        if heap.count == limit { threshold = heap[0].score }
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, heap[child + 1].score < heap[child].score { child += 1 }
            guard heap[child].score < heap[parent].score else { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
