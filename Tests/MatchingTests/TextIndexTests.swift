import Testing
import Vocabulary

@testable import Matching

/// A small deterministic generator, so that a failing corpus can be seen again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite("The text index")
struct TextIndexTests {
    static let words = [
        "질량분석", "이차이온", "현미경", "시료", "분해능", "SIMS", "TEM", "1nm", "LC/MS", "드론", "위성영상", "data", "독소", "빛",
        "염기서열", "시퀀서", "경량화", "3D프린팅", "전자현미경",
    ]

    private func text(_ generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: 1...12, using: &generator)).map { _ in
            Self.words.randomElement(using: &generator) ?? ""
        }.joined(separator: " ")
    }

    /// BM25 as the textbook writes it, over plain dictionaries.
    private func naive(_ query: Query, _ corpus: [Int: TermVector]) -> [Int: Double] {
        let average = Double(corpus.values.reduce(0) { $0 + $1.length }) / Double(max(corpus.count, 1))
        var scores: [Int: Double] = [:]
        let frequencies = query.entries.map { entry in
            Double(corpus.values.count { $0.count(of: entry.term) > 0 })
        }
        for (key, document) in corpus {
            var score = 0.0
            for (entry, containing) in zip(query.entries, frequencies) {
                let count = Double(document.count(of: entry.term))
                if count == 0 { continue }
                let rarity = log1(1 + (Double(corpus.count) - containing + 0.5) / (containing + 0.5))
                score +=
                    entry.weight * rarity * count * 1.9
                    / (count + 0.9 * (0.6 + 0.4 * Double(document.length) / average))
            }
            scores[key] = score
        }
        return scores
    }

    @Test(arguments: 0..<20)
    func agreesWithTheTextbook(_ seed: Int) throws {
        var generator = SeededGenerator(state: UInt64(seed))
        let tokeniser = Tokeniser()
        var index = TextIndex<Int>()
        var corpus: [Int: TermVector] = [:]
        for _ in 0..<Int.random(in: 1...500, using: &generator) {
            let key = Int.random(in: 0..<350, using: &generator)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                index.remove(key)
                corpus[key] = nil
            case 1: index.settle()
            default:
                let vector = tokeniser.vector(of: text(&generator))
                index.put(key, vector)
                corpus[key] = vector
            }
        }
        #expect(index.count == corpus.count)
        for _ in 0..<3 {
            let query = Query(tokeniser.vector(of: text(&generator)))
            let statistics = index.statistics(for: query)
            let expected = naive(query, corpus)
            let found = index.nearest(query, statistics, count: corpus.count)
            #expect(found.map(\.document.key).sorted() == expected.filter { $0.value > 0 }.keys.sorted())
            for one in found {
                let wanted = try #require(expected[one.document.key])
                #expect(abs(one.score - wanted) <= 1e-9 * max(1, wanted))
            }
            let order = found.map { -$0.score }
            #expect(order == order.sorted())
            // The first twenty of the quantised pass, scored exactly, are the first twenty.
            let first = index.nearest(query, statistics, count: 20).map(\.score)
            let best = expected.values.filter { $0 > 0 }.sorted(by: >).prefix(20)
            #expect(first.count == best.count)
            for (one, other) in zip(first, best) { #expect(abs(one - other) <= 0.02 * other) }
        }
    }

    @Test func manyPutsAndManyBlocksAreOneCollection() throws {
        var generator = SeededGenerator(state: 7)
        let tokeniser = Tokeniser()
        var index = TextIndex<Int>()
        var corpus: [Int: TermVector] = [:]
        for key in 0..<2_400 {
            let vector = tokeniser.vector(of: text(&generator))
            index.put(key, vector)
            corpus[key] = vector
            if key % 300 == 299 { index.settle() }
            if key % 7 == 6 {
                let gone = Int.random(in: 0...key, using: &generator)
                index.remove(gone)
                corpus[gone] = nil
            }
        }
        #expect(index.count == corpus.count && index.blocks.count > 1 && index.blocks.count < 20)
        let query = Query(tokeniser.vector(of: "이차이온 질량분석 1nm"))
        let found = index.nearest(query, index.statistics(for: query), count: 2_400)
        let expected = naive(query, corpus).filter { $0.value > 0 }
        #expect(found.count == expected.count)
        for one in found { #expect(abs(one.score - (expected[one.document.key] ?? 0)) < 1e-9) }
    }

    @Test func aLongQueryOfEqualWordsNeverOverflows() {
        let tokeniser = Tokeniser()
        var index = TextIndex<Int>()
        let words = (0..<600).map { "w\($0)" }.joined(separator: " ")
        for key in 0..<300 { index.put(key, tokeniser.vector(of: key == 11 ? words + " " + words : words)) }
        index.settle()
        let query = Query(tokeniser.vector(of: words))
        let best = index.roughly(query, index.statistics(for: query), count: 1)
        #expect(best.map { index.document($0.number, in: $0.block).key } == [11])
    }

    @Test func filtersAreAskedDuringThePass() {
        let tokeniser = Tokeniser()
        var index = TextIndex<Int>()
        for key in 0..<1_000 {
            let traits = Traits(facts: Facts(region: key % 100 == 3 ? .jeju : .seoul))
            index.put(key, tokeniser.vector(of: "드론 \(key)"), traits)
        }
        index.settle()
        let query = Query(tokeniser.vector(of: "드론"))
        let found = index.nearest(query, index.statistics(for: query), count: 5) { $0.facts.region == .jeju }
        #expect(found.map(\.document.key) == [3, 103, 203, 303, 403])
    }

    @Test func aReaderKeepsWhatItTook() {
        let tokeniser = Tokeniser()
        var index = TextIndex<Int>()
        index.put(1, tokeniser.vector(of: "질량분석"))
        let taken = index
        index.put(1, tokeniser.vector(of: "드론"))
        index.put(2, tokeniser.vector(of: "질량분석"))
        index.settle()
        let query = Query(tokeniser.vector(of: "질량분석"))
        #expect(taken.count == 1 && index.count == 2)
        #expect(taken.nearest(query, taken.statistics(for: query), count: 5).map(\.document.key) == [1])
        #expect(index.nearest(query, index.statistics(for: query), count: 5).map(\.document.key) == [2])
    }

    @Test func ownScoreIsTheMostAQueryCanExpect() {
        let tokeniser = Tokeniser()
        var index = TextIndex<Int>()
        let text = "이차이온 질량분석 장비의 분해능 1nm"
        index.put(1, tokeniser.vector(of: text))
        index.put(2, tokeniser.vector(of: "드론 위성영상 데이터"))
        let query = Query(tokeniser.vector(of: text))
        let statistics = index.statistics(for: query)
        let found = query.contributions(of: tokeniser.vector(of: text), in: statistics).reduce(0, +)
        #expect(abs(found / query.ownScore(in: statistics) - 1) < 1e-9)
    }

    @Test func englishFindsKoreanThroughTheConcept() {
        let tokeniser = Tokeniser()
        var index = TextIndex<Int>()
        index.put(1, tokeniser.vector(of: "이차이온 질량분석 기술"))
        index.put(2, tokeniser.vector(of: "드론 기술"))
        let query = Query(tokeniser.vector(of: "imaging SIMS instrument"))
        let found = index.nearest(query, index.statistics(for: query), count: 5)
        #expect(found.map(\.document.key) == [1])
    }
}
