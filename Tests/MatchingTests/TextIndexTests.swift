import Testing

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
        for (key, document) in corpus {
            var score = 0.0
            for entry in query.entries {
                let count = Double(document.count(of: entry.term))
                if count == 0 { continue }
                let containing = Double(corpus.values.count { $0.count(of: entry.term) > 0 })
                let rarity = log1(1 + (Double(corpus.count) - containing + 0.5) / (containing + 0.5))
                score +=
                    entry.weight * rarity * count * 1.9
                    / (count + 0.9 * (0.6 + 0.4 * Double(document.length) / average))
            }
            scores[key] = score
        }
        return scores
    }

    @Test(arguments: 0..<60)
    func agreesWithTheTextbook(_ seed: Int) throws {
        var generator = SeededGenerator(state: UInt64(seed))
        let tokeniser = Tokeniser()
        var index = TextIndex<Int>()
        var corpus: [Int: TermVector] = [:]
        for _ in 0..<Int.random(in: 1...120, using: &generator) {
            let key = Int.random(in: 0..<30, using: &generator)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                index.remove(key)
                corpus[key] = nil
            case 1: index.compactIfNeeded(minimum: 4)
            default:
                let vector = tokeniser.vector(of: text(&generator))
                index.put(key, vector)
                corpus[key] = vector
            }
        }
        #expect(index.count == corpus.count)
        for _ in 0..<5 {
            let query = Query(tokeniser.vector(of: text(&generator)))
            let statistics = index.statistics(for: query)
            let scores = index.scores(for: query, statistics: statistics)
            let expected = naive(query, corpus)
            var seen: Set<Int> = []
            for document in 0..<index.capacity where index.isLive(document) {
                let key = index.key(document)
                #expect(seen.insert(key).inserted)
                let wanted = try #require(expected[key])
                #expect(abs(Double(scores[document]) - wanted) <= 1e-4 * max(1, wanted))
                let exact = query.contributions(of: try #require(corpus[key]), in: statistics).reduce(0, +)
                #expect(abs(exact - wanted) <= 1e-9 * max(1, wanted))
            }
            #expect(seen == Set(corpus.keys))
        }
    }

    @Test func aReaderKeepsWhatItTook() {
        let tokeniser = Tokeniser()
        var index = TextIndex<Int>()
        index.put(1, tokeniser.vector(of: "질량분석"))
        let taken = index
        index.put(1, tokeniser.vector(of: "드론"))
        index.put(2, tokeniser.vector(of: "질량분석"))
        index.compact()
        let query = Query(tokeniser.vector(of: "질량분석"))
        #expect(taken.count == 1 && index.count == 2)
        #expect(taken.scores(for: query, statistics: taken.statistics(for: query))[0] > 0)
        let scores = index.scores(for: query, statistics: index.statistics(for: query))
        #expect((0..<index.capacity).filter { index.isLive($0) && scores[$0] > 0 }.map(index.key) == [2])
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
        let scores = index.scores(for: query, statistics: index.statistics(for: query))
        #expect(scores[0] > 0 && scores[1] == 0)
    }
}
