/// An inverted index in memory: one large segment that does not change, one small that grows, and a mark on every
/// document that was removed or replaced. It is a value: a reader keeps the one it took while a writer goes on, and
/// only the small parts are ever copied. Every query term is followed over all its postings (term at a time), which
/// is exact and, for queries of 20-60 terms, faster than skipping.
struct TextIndex<Key: Hashable & Sendable>: Sendable {
    private var base = FrozenSegment<Key>(GrowingSegment())
    private var recent = GrowingSegment<Key>()
    /// One bit a document, those of `base` first.
    private var dead: [UInt64] = []
    private var deadCount = 0
    /// In how many dead documents each term of `base` and of `recent` occurs.
    private var deadFrequencies: (base: [UInt32: Int], recent: [UInt32: Int]) = ([:], [:])
    private var liveLength: UInt64 = 0

    /// Documents that can be found.
    var count: Int { base.keys.count + recent.keys.count - deadCount }

    var averageLength: Double { count == 0 ? 0 : Double(liveLength) / Double(count) }

    /// Document numbers run from 0 up to this; dead ones among them.
    var capacity: Int { base.keys.count + recent.keys.count }

    func key(_ document: Int) -> Key {
        document < base.keys.count ? base.keys[document] : recent.keys[document - base.keys.count]
    }

    func isLive(_ document: Int) -> Bool {
        let word = document >> 6
        return word >= dead.count || dead[word] & (1 << UInt64(document & 63)) == 0
    }

    /// Adds a document, or replaces the one with this key.
    mutating func put(_ key: Key, _ vector: TermVector) {
        remove(key)
        let document = recent.addDocument(key, length: vector.length)
        for (term, count) in zip(vector.terms, vector.counts) {
            recent.add(term, document: document, count: UInt16(clamping: count))
        }
        liveLength += UInt64(vector.length)
    }

    /// Marks the document of this key as gone; nothing happens when there is none.
    mutating func remove(_ key: Key) {
        if let number = recent.numbers[key] {
            if bury(base.keys.count + Int(number), length: recent.lengths[Int(number)]) {
                for place in recent.contents[Int(number)] { deadFrequencies.recent[place, default: 0] += 1 }
            }
        }
        if let number = base.number(of: key) {
            if bury(Int(number), length: base.lengths[Int(number)]) {
                for place in base.content(of: Int(number)) { deadFrequencies.base[place, default: 0] += 1 }
            }
        }
    }

    private mutating func bury(_ document: Int, length: UInt32) -> Bool {
        guard isLive(document) else { return false }
        let word = document >> 6
        if word >= dead.count { dead.append(contentsOf: repeatElement(0, count: word + 1 - dead.count)) }
        dead[word] |= 1 << UInt64(document & 63)
        deadCount += 1
        liveLength -= UInt64(length)
        return true
    }

    /// Joins the two segments when the small one, or what is dead, has grown past a quarter of the large one.
    mutating func compactIfNeeded(minimum: Int = 2_048) {
        let limit = max(minimum, base.keys.count / 4)
        if recent.keys.count > limit || deadCount > limit { compact() }
    }

    mutating func compact() {
        var joined = GrowingSegment<Key>()
        base.copy(into: &joined) { isLive($0) }
        let offset = base.keys.count
        recent.copy(into: &joined) { isLive(offset + $0) }
        base = FrozenSegment(joined)
        recent = GrowingSegment()
        dead = []
        deadCount = 0
        deadFrequencies = ([:], [:])
    }

    /// What BM25 must know of the living documents to weigh this query.
    func statistics(for query: Query) -> CollectionStatistics {
        CollectionStatistics(
            documents: count, averageLength: averageLength,
            frequencies: query.entries.map { frequency(of: $0.term) })
    }

    private func frequency(of term: Term) -> Int {
        var frequency = 0
        if let place = base.place(of: term) {
            frequency += base.frequency(at: place) - (deadFrequencies.base[place] ?? 0)
        }
        if let place = recent.place(of: term) {
            frequency += recent.frequency(at: place) - (deadFrequencies.recent[place] ?? 0)
        }
        return frequency
    }

    /// The score of every document number for a query, in one pass over each term's postings. Dead documents have
    /// scores too: look at `isLive`.
    func scores(for query: Query, statistics: CollectionStatistics, by bm25: BM25 = .standard) -> [Float] {
        var scores = [Float](repeating: 0, count: capacity)
        let fixed = Float(bm25.k1 * (1 - bm25.b))
        let slope = Float(averageLength > 0 ? bm25.k1 * bm25.b / averageLength : 0)
        let scale = Float(bm25.k1 + 1)
        let offset = base.keys.count
        let baseLengths = base.lengths
        let recentLengths = recent.lengths
        for (entry, frequency) in zip(query.entries, statistics.frequencies) where frequency > 0 {
            let weight =
                Float(entry.weight * bm25.rarity(documents: statistics.documents, containing: frequency)) * scale
            base.forEachPosting(of: entry.term) { document, count in
                let count = Float(count)
                scores[document] += weight * count / (count + fixed + slope * Float(baseLengths[document]))
            }
            recent.forEachPosting(of: entry.term) { document, count in
                let count = Float(count)
                scores[offset + document] +=
                    weight * count / (count + fixed + slope * Float(recentLengths[document]))
            }
        }
        return scores
    }
}
