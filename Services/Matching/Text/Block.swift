/// Up to 65,536 documents that no longer change, with the postings of each term behind one another.
///
/// A document's number in its block fits into 16 bits and the impact of a term into 8, so that a posting takes three
/// bytes, and the sums of one block (128 KB) stay in the cache while the postings of a query's terms stream by. The
/// lists of the documents' own terms are kept too, in about a byte and a half for each: with them scores are computed
/// exactly and shown in parts, and blocks are joined, without the texts.
final class Block<Key: Hashable & Comparable & Sendable>: Sendable {
    static var limit: Int { 65_536 }

    let keys: [Key]
    let traits: [Traits]
    let lengths: [UInt16]
    /// The numbers of the documents in the order of their keys.
    let order: [UInt16]
    /// In ascending order; the postings of the t-th are those from `starts[t]` up to `starts[t + 1]`.
    let terms: [Term]
    let starts: [UInt32]
    let documents: [UInt16]
    /// 255 · count / (count + saturation), rounded.
    let impacts: [UInt8]
    /// The places in `terms` of each document's terms: gaps of seven bits a byte, with the count where it is not 1.
    let contents: [UInt8]
    let contentStarts: [UInt32]

    init(
        keys: [Key], traits: [Traits], lengths: [UInt16], terms: [Term], starts: [UInt32], documents: [UInt16],
        impacts: [UInt8], contents: [UInt8], contentStarts: [UInt32]
    ) {
        self.keys = keys
        self.traits = traits
        self.lengths = lengths
        self.terms = terms
        self.starts = starts
        self.documents = documents
        self.impacts = impacts
        self.contents = contents
        self.contentStarts = contentStarts
        order = keys.indices.sorted { keys[$0] < keys[$1] }.map { UInt16($0) }
    }

    func number(of key: Key) -> Int? {
        var low = 0
        var high = order.count
        while low < high {
            let middle = (low + high) / 2
            if keys[Int(order[middle])] < key { low = middle + 1 } else { high = middle }
        }
        guard low < order.count, keys[Int(order[low])] == key else { return nil }
        return Int(order[low])
    }

    func postings(of term: Term) -> Range<Int>? {
        var low = 0
        var high = terms.count
        while low < high {
            let middle = (low + high) / 2
            if terms[middle].bits < term.bits { low = middle + 1 } else { high = middle }
        }
        guard low < terms.count, terms[low] == term else { return nil }
        return Int(starts[low])..<Int(starts[low + 1])
    }

    func vector(of number: Int) -> TermVector {
        var place = 0
        var at = Int(contentStarts[number])
        let end = Int(contentStarts[number + 1])
        var found: [Term] = []
        var counts: [UInt16] = []
        found.reserveCapacity(end - at)
        counts.reserveCapacity(end - at)
        while at < end {
            let head = SevenBits.read(contents, &at)
            place += head >> 1
            found.append(terms[place])
            counts.append(head & 1 == 0 ? 1 : UInt16(SevenBits.read(contents, &at)))
        }
        return TermVector(terms: found, counts: counts, length: Int(lengths[number]))
    }

    /// Adds each term's share of the score to the sums of all documents that have it. The weights must add up to less
    /// than 65,536: then no sum can overflow.
    func accumulate(_ weighted: [(term: Term, weight: UInt16)]) -> [UInt16] {
        var sums = [UInt16](repeating: 0, count: keys.count)
        var span = sums.mutableSpan
        let (allDocuments, allImpacts) = (documents, impacts)
        let documents = allDocuments.span
        let impacts = allImpacts.span
        for (term, weight) in weighted where weight > 0 {
            guard let range = postings(of: term) else { continue }
            let weight = UInt32(weight)
            for posting in range {
                let document = Int(documents[posting])
                span[document] &+= UInt16(truncatingIfNeeded: (UInt32(impacts[posting]) &* weight) &>> 8)
            }
        }
        return sums
    }
}

/// Small numbers in one byte, larger ones in more: seven bits a byte, the eighth says that another follows.
enum SevenBits {
    static func append(_ value: Int, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    static func read(_ bytes: [UInt8], _ at: inout Int) -> Int {
        var value = 0
        var shift = 0
        while true {
            let byte = bytes[at]
            at += 1
            value |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
    }
}
