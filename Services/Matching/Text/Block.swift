import Storage
import Vocabulary

/// What names a document in the index. Keys are in the order of their numbers.
protocol IndexKey: Hashable, Comparable, Sendable {
    var number: UInt128 { get }
    init(number: UInt128)
}

extension ID: IndexKey {}

/// The places of a list, from 0, for collections that are measured.
extension Int: IndexKey {
    var number: UInt128 { UInt128(UInt(bitPattern: self)) }
    init(number: UInt128) { self = Int(truncatingIfNeeded: number) }
}

/// Up to 65,536 documents that no longer change, with the postings of each term behind one another, in one stretch of
/// memory that is the same as its file (`BlockLayout`).
///
/// A document's number in its block fits into 16 bits and the impact of a term into 8, so that a posting takes three
/// bytes, and the sums of one block (128 KB) stay in the cache while the postings of a query's terms stream by. The
/// lists of the documents' own terms are kept too, in about a byte and a half for each: with them scores are computed
/// exactly and shown in parts, and blocks are joined, without the texts.
final class Block<Key: IndexKey>: Sendable {
    static var limit: Int { 65_536 }

    let memory: MappedMemory
    let lengths: Column<UInt16>
    /// In ascending order; the postings of the t-th are those from `starts[t]` up to `starts[t + 1]`.
    let terms: Column<UInt64>
    let starts: Column<UInt32>
    let documents: Column<UInt16>
    /// 255 · count / (count + saturation), rounded.
    let impacts: Column<UInt8>
    /// Where the places in `terms` of each document's terms begin: gaps of seven bits a byte, with the count where it is
    /// not 1.
    private let contents: Int
    private let contentStarts: Column<UInt32>
    private let keys: Column<UInt128>
    /// The numbers of the documents in the order of their keys.
    private let order: Column<UInt16>
    private let traits: Column<UInt64>
    /// 0 for a block without documents.
    private let largest: UInt128

    init(_ memory: MappedMemory) throws(StorageError) {
        let layout = try BlockLayout(of: memory)
        self.memory = memory
        terms = try memory.column(UInt64.self, at: layout.termsAt, count: layout.terms)
        starts = try memory.column(UInt32.self, at: layout.startsAt, count: layout.terms + 1)
        documents = try memory.column(UInt16.self, at: layout.documentsAt, count: layout.postings)
        impacts = try memory.column(UInt8.self, at: layout.impactsAt, count: layout.postings)
        lengths = try memory.column(UInt16.self, at: layout.lengthsAt, count: layout.documents)
        order = try memory.column(UInt16.self, at: layout.orderAt, count: layout.documents)
        contentStarts = try memory.column(UInt32.self, at: layout.contentStartsAt, count: layout.documents + 1)
        keys = try memory.column(UInt128.self, at: layout.keysAt, count: layout.documents)
        traits = try memory.column(UInt64.self, at: layout.traitsAt, count: layout.documents * Traits.wordCount)
        contents = layout.contentsAt
        largest = order.last.map { [keys] in keys[Int($0)] } ?? 0
        memory.expect(.seldom, of: layout.keysAt..<memory.byteCount)
    }

    var count: Int { lengths.count }

    func key(of number: Int) -> Key { Key(number: keys[number]) }

    func traits(of number: Int) -> Traits {
        Traits(words: traits, at: number * Traits.wordCount)
    }

    func number(of key: Key) -> Int? {
        let wanted = key.number
        guard wanted <= largest else { return nil }
        var low = 0
        var high = order.count
        while low < high {
            let middle = (low + high) / 2
            if keys[Int(order[middle])] < wanted { low = middle + 1 } else { high = middle }
        }
        guard low < order.count, keys[Int(order[low])] == wanted else { return nil }
        return Int(order[low])
    }

    func postings(of term: Term) -> Range<Int>? {
        var low = 0
        var high = terms.count
        while low < high {
            let middle = (low + high) / 2
            if terms[middle] < term.bits { low = middle + 1 } else { high = middle }
        }
        guard low < terms.count, terms[low] == term.bits else { return nil }
        return Int(starts[low])..<Int(starts[low + 1])
    }

    func vector(of number: Int) -> TermVector {
        var found: [Term] = []
        var counts: [UInt16] = []
        let bytes = Int(contentStarts[number + 1] - contentStarts[number])
        found.reserveCapacity(bytes)
        counts.reserveCapacity(bytes)
        let terms = terms
        eachTerm(of: number) { place, count in
            found.append(Term(bits: terms[place]))
            counts.append(count)
        }
        return TermVector(terms: found, counts: counts, length: Int(lengths[number]))
    }

    /// The places in `terms` of a document's terms, ascending, with how often each occurs in it.
    func eachTerm(of number: Int, _ body: (Int, UInt16) -> Void) {
        let first = contents + Int(contentStarts[number])
        let bytes = memory.bytes(in: first..<(contents + Int(contentStarts[number + 1])))
        var at = 0
        var place = 0
        while at < bytes.count {
            let head = SevenBits.read(bytes, &at)
            place += head >> 1
            body(place, head & 1 == 0 ? 1 : UInt16(truncatingIfNeeded: SevenBits.read(bytes, &at)))
        }
    }

    /// Adds each term's share of the score to the sums of all documents that have it. The weights must add up to less
    /// than 65,536: then no sum can overflow.
    func accumulate(_ weighted: [(term: Term, weight: UInt16)]) -> [UInt16] {
        var sums = [UInt16](repeating: 0, count: count)
        documents.withSpan { documents in
            impacts.withSpan { impacts in
                var span = sums.mutableSpan
                for (term, weight) in weighted where weight > 0 {
                    guard let range = postings(of: term) else { continue }
                    let weight = UInt32(weight)
                    for posting in range {
                        let document = Int(documents[posting])
                        span[document] &+= UInt16(truncatingIfNeeded: (UInt32(impacts[posting]) &* weight) &>> 8)
                    }
                }
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
