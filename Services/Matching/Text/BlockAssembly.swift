import Storage

/// Gathers documents and makes a block of them. What is kept for each is small: its terms by the order in which they
/// were first seen, and their counts.
struct BlockAssembly<Key: IndexKey> {
    private var keys: [UInt128] = []
    private var traits: [UInt64] = []
    private var lengths: [UInt16] = []
    private var seen = TermPlaces()
    private var frequencies: [UInt32] = []
    private var places: [UInt32] = []
    private var counts: [UInt16] = []
    private var starts: [Int] = [0]
    private var total = 0

    init() {}

    var count: Int { keys.count }

    mutating func add(_ key: Key, _ vector: TermVector, _ traits: Traits) {
        begin(key, traits, length: vector.length)
        for place in vector.terms.indices { add(seen.place(of: vector.terms[place]), vector.counts[place]) }
        starts.append(places.count)
    }

    mutating func add(_ block: Block<Key>, isLive: (Int) -> Bool) {
        // Each term is looked up once, not for every document.
        let known = block.terms.map { seen.place(of: Term(bits: $0)) }
        for number in 0..<block.count where isLive(number) {
            begin(block.key(of: number), block.traits(of: number), length: Int(block.lengths[number]))
            block.eachTerm(of: number) { place, count in add(known[place], count) }
            starts.append(places.count)
        }
    }

    private mutating func begin(_ key: Key, _ traits: Traits, length: Int) {
        keys.append(key.number)
        self.traits.append(contentsOf: traits.words)
        lengths.append(UInt16(clamping: length))
        total += length
    }

    private mutating func add(_ place: Int, _ count: UInt16) {
        while frequencies.count <= place { frequencies.append(0) }
        frequencies[place] += 1
        places.append(UInt32(place))
        counts.append(count)
    }

    /// Sorts by counting: the documents are visited in their order, so each term's postings are in order too.
    consuming func block(by bm25: BM25 = .standard) -> Block<Key> {
        let terms = seen.terms
        let sorted = frequencies.indices.filter { frequencies[$0] > 0 }.sorted { terms[$0].bits < terms[$1].bits }
        var ranks = [UInt32](repeating: 0, count: terms.count)
        var postingStarts: [UInt32] = [0]
        postingStarts.reserveCapacity(sorted.count + 1)
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
            let single = Self.impact(1, saturation)
            var before = 0
            // The vector's terms are in ascending order, so their ranks are too.
            for place in starts[number]..<starts[number + 1] {
                let rank = Int(ranks[Int(places[place])])
                let count = counts[place]
                let posting = Int(next[rank])
                next[rank] += 1
                documents[posting] = UInt16(number)
                impacts[posting] = count == 1 ? single : Self.impact(count, saturation)
                SevenBits.append((rank - before) << 1 | (count == 1 ? 0 : 1), to: &contents)
                if count != 1 { SevenBits.append(Int(count), to: &contents) }
                before = rank
            }
            contentStarts.append(UInt32(contents.count))
        }
        let layout = BlockLayout(
            documents: keys.count, terms: sorted.count, postings: places.count, contents: contents.count)
        let memory = MappedMemory(byteCount: layout.byteCount) { filling in
            filling.store(layout.numbers, at: BlockLayout.header)
            filling.store(sorted.map { terms[$0].bits }, at: layout.termsAt)
            filling.store(postingStarts, at: layout.startsAt)
            filling.store(documents, at: layout.documentsAt)
            filling.store(impacts, at: layout.impactsAt)
            filling.store(lengths, at: layout.lengthsAt)
            filling.store(
                keys.indices.sorted { keys[$0] < keys[$1] }.map { UInt16($0) }, at: layout.orderAt)
            filling.store(contentStarts, at: layout.contentStartsAt)
            filling.store(keys, at: layout.keysAt)
            filling.store(traits, at: layout.traitsAt)
            filling.store(contents, at: layout.contentsAt)
        }
        guard let block = try? Block<Key>(memory) else { preconditionFailure("a block that was just made is none") }
        return block
    }

    private static func impact(_ count: UInt16, _ saturation: Double) -> UInt8 {
        let count = Double(count)
        return UInt8((255 * count / (count + saturation)).rounded())
    }
}
