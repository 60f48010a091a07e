import Foundation
import Storage
import Testing
import Vocabulary

@testable import Matching

/// What is kept of an index in files: the same answers as the index in memory, or none at all.
@Suite("The kept index")
struct SnapshotTests {
    static let words = TextIndexTests.words
    let tokeniser = Tokeniser()
    let directory = FileManager.default.temporaryDirectory.path + "/ieum-index-\(UInt64.random(in: 0 ... .max))"

    private func text(_ generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: 1...12, using: &generator)).map { _ in
            Self.words.randomElement(using: &generator) ?? ""
        }.joined(separator: " ")
    }

    private func store(_ fingerprint: UInt64 = 1) -> SnapshotStore<Int> {
        SnapshotStore(directory: directory, fingerprint: fingerprint)
    }

    private func change(_ index: inout TextIndex<Int>, _ generator: inout SeededGenerator, times: Int) {
        for _ in 0..<times {
            let key = Int.random(in: 0..<800, using: &generator)
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: index.remove(key)
            case 1: index.settle()
            default:
                let traits = Traits(
                    facts: Facts(trl: .lowest, region: .jeju, fields: [.chemistry]), type: .researchRequest,
                    organisation: .new(at: .now()), validUntil: .now())
                index.put(key, tokeniser.vector(of: text(&generator)), traits)
            }
        }
    }

    /// Scores, keys and traits of the best for some queries, and what is known of the collection.
    private func answers(_ index: TextIndex<Int>) -> [String] {
        var generator = SeededGenerator(state: 99)
        return (0..<12).map { _ in
            let query = Query(tokeniser.vector(of: text(&generator)))
            let statistics = index.statistics(for: query)
            let found = index.nearest(query, statistics, count: 1_000)
            return "\(statistics) \(found.map { ($0.document.key, $0.score, $0.document.traits) })"
        }
    }

    @Test(arguments: 0..<8) func givesTheSameAnswers(_ seed: Int) throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var generator = SeededGenerator(state: UInt64(seed))
        var index = TextIndex<Int>()
        let writing = store()
        #expect(try writing.load() == nil)
        #expect(try writing.mayWrite())
        for round in 1...4 {
            change(&index, &generator, times: 400)
            let exchanged = try writing.save(index, sequence: Int64(round), witnesses: [])
            let before = answers(index)
            for (block, same) in exchanged { index.exchange(block, for: same) }
            #expect(answers(index) == before)
            let loaded = try #require(try store().load())
            #expect(loaded.sequence == Int64(round) && loaded.index.count == index.count)
            #expect(answers(loaded.index) == before)
            // It goes on from there as the first one does.
            var again = loaded.index
            var other = generator
            change(&again, &other, times: 100)
            var same = index
            other = generator
            change(&same, &other, times: 100)
            #expect(again.count == same.count && again.liveLength == same.liveLength)
            let files = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(files.count { $0.hasSuffix(".block") } == loaded.index.parts.count)
        }
    }

    private func damages(_ count: Int) -> [Int] { (0..<97).map { $0 * max(count - 1, 1) / 96 } }

    @Test func anyDamageIsNoticed() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var generator = SeededGenerator(state: 5)
        var index = TextIndex<Int>()
        change(&index, &generator, times: 500)
        #expect(try store().mayWrite())
        _ = try store().save(index, sequence: 7, witnesses: [.init(key: 1, changed: 2, updatedAt: 3)])
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) where name != "lock" {
            let url = URL(filePath: directory + "/" + name)
            let whole = try Data(contentsOf: url)
            for place in damages(whole.count) {
                // A file that is cut off, one with a byte that is another, one with a byte too many.
                for damaged in [whole.prefix(place), whole.changed(at: place), whole + whole.prefix(1)] {
                    try FileManager.default.removeItem(at: url)
                    try damaged.write(to: url)
                    #expect(throws: (any Error).self, "\(name) at \(place)") { try store().load() }
                }
            }
            try FileManager.default.removeItem(at: url)
            if name != "manifest" { #expect(throws: (any Error).self) { try store().load() } }
            try whole.write(to: url)
        }
        #expect(try store().load()?.sequence == 7)
        #expect(throws: SnapshotStore<Int>.Unusable.self) { try store(2).load() }
    }

    @Test func oneWritesAndTheOtherReads() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let (first, second) = (store(), store())
        #expect(try first.mayWrite())
        #expect(try !second.mayWrite())
        var generator = SeededGenerator(state: 6)
        var index = TextIndex<Int>()
        change(&index, &generator, times: 300)
        _ = try first.save(index, sequence: 1, witnesses: [])
        let loaded = try #require(try second.load()).index
        let before = answers(loaded)
        // The files that the second has mapped go away; what it mapped stays.
        var other = TextIndex<Int>()
        other.put(1, tokeniser.vector(of: "드론"))
        _ = try first.save(other, sequence: 2, witnesses: [])
        #expect(answers(loaded) == before)
        #expect(try second.load()?.index.count == 1)
    }

    @Test func aReaderFindsOneOrTheOtherWhileItIsReplaced() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let writing = store()
        #expect(try writing.mayWrite())
        let (directory, tokeniser) = (directory, tokeniser)
        func index(_ count: Int) -> TextIndex<Int> {
            var index = TextIndex<Int>()
            for key in 0..<count { index.put(key, tokeniser.vector(of: "드론 관제 \(key)")) }
            index.settle()
            return index
        }
        _ = try writing.save(index(1), sequence: 1, witnesses: [])
        let reading = Task.detached {
            var seen: Set<Int64> = []
            while !Task.isCancelled || seen.isEmpty {
                // Between two manifests a file may be gone; then it is read again, and three times in a row is rare.
                guard let loaded = try? SnapshotStore<Int>(directory: directory, fingerprint: 1).load() else {
                    continue
                }
                #expect(loaded.index.count == Int(loaded.sequence))
                seen.insert(loaded.sequence)
            }
            return seen
        }
        for count in 2...20 { _ = try writing.save(index(count), sequence: Int64(count), witnesses: []) }
        reading.cancel()
        #expect(await !reading.value.isEmpty)
        #expect(try store().load()?.sequence == 20)
    }

    @Test func whatGoesWhileBlocksAreJoinedIsGone() throws {
        var index = TextIndex<Int>()
        for key in 0..<3_000 {
            index.put(key, tokeniser.vector(of: "드론 관제 \(key)"))
            index.sealIfMany()
        }
        let join = try #require(index.nextJoin())
        let block = join.block()
        index.remove(5)
        index.put(300, tokeniser.vector(of: "질량분석"))
        index.adopt(block, for: join)
        #expect(index.count == 2_999)
        let drones = Query(tokeniser.vector(of: "드론"))
        let keys = index.nearest(drones, index.statistics(for: drones), count: 4_000).map(\.document.key)
        #expect(keys.count == 2_998 && !keys.contains(5) && !keys.contains(300))
        let other = Query(tokeniser.vector(of: "질량분석"))
        #expect(index.nearest(other, index.statistics(for: other), count: 9).map(\.document.key) == [300])
        // A join whose blocks are no longer there changes nothing.
        index.adopt(block, for: join)
        #expect(index.count == 2_999 && index.parts.count < 12)
    }

    @Test func manyAtOnceAreTheSameAsOneByOne() {
        var generator = SeededGenerator(state: 8)
        var assembly = IndexAssembly<Int>()
        var index = TextIndex<Int>()
        for _ in 0..<900 {
            let key = Int.random(in: 0..<400, using: &generator)
            if Int.random(in: 0..<9, using: &generator) == 0 {
                assembly.remove(key)
                index.remove(key)
            } else {
                let vector = tokeniser.vector(of: text(&generator))
                assembly.put(key, vector)
                index.put(key, vector)
            }
        }
        let built = assembly.finished()
        #expect(built.count == index.count && built.liveLength == index.liveLength)
        #expect(answers(built) == answers(index))
    }

    @Test func traitsKeepEverything() throws {
        #expect(Mirror(reflecting: Traits()).children.count == 4, "what was added stands in Traits.words too")
        #expect(Mirror(reflecting: Facts()).children.count == 6, "what was added stands in Traits.words too")
        let full = Traits(
            facts: Facts(
                trl: .highest, region: .sejong, fields: [.chemistry], industries: CaseSet(bits: 5),
                sections: CaseSet(bits: 1 << 20), partnerships: CaseSet(bits: 3)),
            type: .businessRequest, organisation: .new(at: .now()), validUntil: .now())
        for traits in [Traits(), full] {
            let words = traits.words
            let memory = MappedMemory(byteCount: words.count * 8) { $0.store(words, at: 0) }
            #expect(Traits(words: try memory.column(UInt64.self, at: 0, count: words.count), at: 0) == traits)
        }
    }

    @Test func theFingerprintKnowsAnotherThesaurus() {
        let one = Tokeniser().fingerprint
        #expect(one == Tokeniser().fingerprint)
        #expect(one != Tokeniser(thesaurus: Thesaurus([])).fingerprint)
        #expect(one != Tokeniser(thesaurus: Thesaurus(Thesaurus.standard.concepts.dropLast())).fingerprint)
    }

    @Test func isWrittenNowAndThen() {
        let now = ContinuousClock.now
        #expect(SnapshotSchedule().isDue(1, at: now))
        #expect(!SnapshotSchedule().isDue(0, at: now))
        let saved = SnapshotSchedule(saved: 100, at: now)
        #expect(!saved.isDue(100, at: now + .seconds(1_000)))
        #expect(!saved.isDue(101, at: now + .seconds(59)) && saved.isDue(101, at: now + .seconds(60)))
        #expect(!saved.isDue(10_100, at: now + .seconds(5)) && saved.isDue(10_100, at: now + .seconds(6)))
    }
}

extension Data {
    fileprivate func changed(at place: Int) -> Data {
        var copy = self
        copy[startIndex + Swift.min(place, count - 1)] ^= 0x40
        return copy
    }
}
