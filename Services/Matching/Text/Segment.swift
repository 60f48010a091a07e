/// A part of the text index that no longer changes: the postings of all terms behind one another.
final class FrozenSegment<Key: Hashable & Sendable>: Sendable {
    let keys: [Key]
    let lengths: [UInt32]
    private let numbers: [Key: UInt32]
    private let terms: [Term: UInt32]
    /// The postings of term t are those from `starts[t]` up to `starts[t + 1]`.
    private let starts: [Int]
    private let documents: [UInt32]
    private let counts: [UInt16]
    /// The terms of document d are those from `contentStarts[d]` up to `contentStarts[d + 1]`: what must be counted
    /// down when the document goes.
    private let contentStarts: [Int]
    private let content: [UInt32]

    init(_ growing: GrowingSegment<Key>) {
        keys = growing.keys
        lengths = growing.lengths
        numbers = growing.numbers
        terms = growing.terms
        var starts = [0]
        starts.reserveCapacity(growing.postings.count + 1)
        var documents: [UInt32] = []
        var counts: [UInt16] = []
        let total = growing.postings.reduce(0) { $0 + $1.count }
        documents.reserveCapacity(total)
        counts.reserveCapacity(total)
        for list in growing.postings {
            for posting in list {
                documents.append(posting.document)
                counts.append(posting.count)
            }
            starts.append(documents.count)
        }
        self.starts = starts
        self.documents = documents
        self.counts = counts
        var contentStarts = [0]
        contentStarts.reserveCapacity(growing.contents.count + 1)
        var content: [UInt32] = []
        content.reserveCapacity(total)
        for terms in growing.contents {
            content.append(contentsOf: terms)
            contentStarts.append(content.count)
        }
        self.contentStarts = contentStarts
        self.content = content
    }

    func place(of term: Term) -> UInt32? { terms[term] }

    func content(of document: Int) -> ArraySlice<UInt32> {
        content[contentStarts[document]..<contentStarts[document + 1]]
    }

    func number(of key: Key) -> UInt32? { numbers[key] }

    func forEachPosting(of term: Term, _ body: (_ document: Int, _ count: UInt16) -> Void) {
        guard let place = terms[term].map(Int.init) else { return }
        for posting in starts[place]..<starts[place + 1] { body(Int(documents[posting]), counts[posting]) }
    }

    func frequency(at place: UInt32) -> Int { starts[Int(place) + 1] - starts[Int(place)] }

    /// Copies the documents that still live into a new segment. A document that was replaced has its newer version
    /// elsewhere, under the same key.
    func copy(into target: inout GrowingSegment<Key>, isLive: (Int) -> Bool) {
        var renumbered = [UInt32?](repeating: nil, count: keys.count)
        for (number, key) in keys.enumerated() where isLive(number) {
            renumbered[number] = target.addDocument(key, length: lengths[number])
        }
        for (term, place) in terms {
            for posting in starts[Int(place)]..<starts[Int(place) + 1] {
                guard let document = renumbered[Int(documents[posting])] else { continue }
                target.add(term, document: document, count: counts[posting])
            }
        }
    }
}

/// A part of the text index that still grows.
struct GrowingSegment<Key: Hashable & Sendable>: Sendable {
    struct Posting: Sendable {
        let document: UInt32
        let count: UInt16
    }

    private(set) var keys: [Key] = []
    private(set) var lengths: [UInt32] = []
    private(set) var numbers: [Key: UInt32] = [:]
    private(set) var terms: [Term: UInt32] = [:]
    private(set) var postings: [[Posting]] = []
    /// The terms of each document.
    private(set) var contents: [[UInt32]] = []

    mutating func addDocument(_ key: Key, length: UInt32) -> UInt32 {
        let number = UInt32(keys.count)
        keys.append(key)
        lengths.append(length)
        contents.append([])
        numbers[key] = number
        return number
    }

    mutating func add(_ term: Term, document: UInt32, count: UInt16) {
        let posting = Posting(document: document, count: count)
        let place: UInt32
        if let known = terms[term] {
            place = known
            postings[Int(place)].append(posting)
        } else {
            place = UInt32(postings.count)
            terms[term] = place
            postings.append([posting])
        }
        contents[Int(document)].append(place)
    }

    func forEachPosting(of term: Term, _ body: (_ document: Int, _ count: UInt16) -> Void) {
        guard let place = terms[term] else { return }
        for posting in postings[Int(place)] { body(Int(posting.document), posting.count) }
    }

    func place(of term: Term) -> UInt32? { terms[term] }

    func frequency(at place: UInt32) -> Int { postings[Int(place)].count }

    /// Copies the living documents behind those of `target`, as `FrozenSegment.copy` does.
    func copy(into target: inout GrowingSegment<Key>, isLive: (Int) -> Bool) {
        var renumbered = [UInt32?](repeating: nil, count: keys.count)
        for (number, key) in keys.enumerated() where isLive(number) {
            renumbered[number] = target.addDocument(key, length: lengths[number])
        }
        for (term, place) in terms {
            for posting in postings[Int(place)] {
                guard let document = renumbered[Int(posting.document)] else { continue }
                target.add(term, document: document, count: posting.count)
            }
        }
    }
}
