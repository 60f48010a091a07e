/// Gathers documents and makes a block of them. What is kept for each is small: its terms by the order in which they
/// were first seen, and their counts.
struct BlockAssembly<Key: Hashable & Comparable & Sendable> {
    private var keys: [Key] = []
    private var traits: [Traits] = []
    private var lengths: [UInt16] = []
    private var seen: [Term: UInt32] = [:]
    private var terms: [Term] = []
    private var frequencies: [UInt32] = []
    private var places: [UInt32] = []
    private var counts: [UInt16] = []
    private var starts: [Int] = [0]
    private var total = 0

    init() {}

    var count: Int { keys.count }

    mutating func add(_ key: Key, _ vector: TermVector, _ traits: Traits) {
        keys.append(key)
        self.traits.append(traits)
        lengths.append(UInt16(clamping: vector.length))
        total += vector.length
        for (term, count) in zip(vector.terms, vector.counts) {
            let place: UInt32
            if let known = seen[term] {
                place = known
                frequencies[Int(known)] += 1
            } else {
                place = UInt32(terms.count)
                seen[term] = place
                terms.append(term)
                frequencies.append(1)
            }
            places.append(place)
            counts.append(count)
        }
        starts.append(places.count)
    }

    mutating func add(_ block: Block<Key>, isLive: (Int) -> Bool) {
        for number in block.keys.indices where isLive(number) {
            add(block.keys[number], block.vector(of: number), block.traits[number])
        }
    }

    /// Sorts by counting: the documents are visited in their order, so each term's postings are in order too.
    consuming func block(by bm25: BM25 = .standard) -> Block<Key> {
        let sorted = terms.indices.sorted { terms[$0].bits < terms[$1].bits }
        var ranks = [UInt32](repeating: 0, count: terms.count)
        var postingStarts: [UInt32] = [0]
        postingStarts.reserveCapacity(terms.count + 1)
        var end: UInt32 = 0
        for (rank, place) in sorted.enumerated() {
            ranks[place] = UInt32(rank)
            end += frequencies[place]
            postingStarts.append(end)
        }
        var next = postingStarts
        var documents = [UInt16](repeating: 0, count: places.count)
        var impacts = [UInt8](repeating: 0, count: places.count)
        var contents: [UInt8] = []
        contents.reserveCapacity(places.count * 7 / 4)
        var contentStarts: [UInt32] = [0]
        contentStarts.reserveCapacity(keys.count + 1)
        let average = keys.isEmpty ? 0 : Double(total) / Double(keys.count)
        for number in keys.indices {
            let saturation = bm25.saturation(length: Double(lengths[number]), average: average)
            var before = 0
            // The vector's terms are in ascending order, so their ranks are too.
            for place in starts[number]..<starts[number + 1] {
                let rank = Int(ranks[Int(places[place])])
                let count = counts[place]
                let posting = Int(next[rank])
                next[rank] += 1
                documents[posting] = UInt16(number)
                impacts[posting] = Self.impact(count, saturation)
                SevenBits.append((rank - before) << 1 | (count == 1 ? 0 : 1), to: &contents)
                if count != 1 { SevenBits.append(Int(count), to: &contents) }
                before = rank
            }
            contentStarts.append(UInt32(contents.count))
        }
        return Block(
            keys: keys, traits: traits, lengths: lengths, terms: sorted.map { terms[$0] }, starts: postingStarts,
            documents: documents, impacts: impacts, contents: contents, contentStarts: contentStarts)
    }

    private static func impact(_ count: UInt16, _ saturation: Double) -> UInt8 {
        let count = Double(count)
        return UInt8((255 * count / (count + saturation)).rounded())
    }
}
