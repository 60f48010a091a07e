import Storage

/// In how many living documents each term occurs. What changed lately stands beside the bulk, so that a reader who
/// keeps a copy does not make the next change copy the bulk.
struct TermFrequencies: Sendable {
    private var bulk: [Term: UInt32] = [:]
    private var recent: [Term: Int32] = [:]

    static let recentLimit = 8_192

    init() {}

    func count(of term: Term) -> Int { Int(bulk[term] ?? 0) + Int(recent[term] ?? 0) }

    /// One document more or, with -1, less.
    mutating func add(_ terms: [Term], _ documents: Int32) {
        for term in terms { recent[term, default: 0] += documents }
        if recent.count > Self.recentLimit { settle() }
    }

    /// All documents of a block.
    mutating func add<Key>(_ block: Block<Key>) {
        for place in block.terms.indices {
            bulk[Term(bits: block.terms[place]), default: 0] += block.starts[place + 1] - block.starts[place]
        }
    }

    private mutating func settle() {
        for (term, change) in recent {
            let sum = Int64(bulk[term] ?? 0) + Int64(change)
            bulk[term] = sum > 0 ? UInt32(sum) : nil
        }
        recent = [:]
    }
}

extension TermFrequencies {
    /// All of them, in the order of the terms.
    var list: (terms: [UInt64], counts: [UInt32]) {
        var all = self
        all.settle()
        let sorted = all.bulk.filter { $0.value > 0 }.sorted { $0.key.bits < $1.key.bits }
        return (sorted.map(\.key.bits), sorted.map(\.value))
    }

    init(terms: [UInt64], counts: [UInt32]) {
        bulk = Dictionary(zip(terms.map { Term(bits: $0) }, counts)) { first, _ in first }
    }
}
