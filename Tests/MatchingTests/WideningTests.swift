import JSON
import ServiceKit
import Testing

@testable import Matching

@Suite("Widening a query by what it found")
struct WideningTests {
    private let tokeniser = Tokeniser()

    private func widened(_ text: String, _ first: [String]) -> Widening? {
        let query = Query(tokeniser.vector(of: text))
        let read = first.enumerated().map {
            (name: "\($0.offset)", tokens: tokeniser.tokens(of: $0.element), score: 2.0 - Double($0.offset))
        }
        return Widening(query, read, tokeniser.thesaurus)
    }

    @Test func itAddsWordsOfTheFirstTextsBelowTheWeightOfTheOwn() throws {
        let widened = try #require(self.widened("누에고치 실", ["누에고치 봉합사 제조", "누에고치 봉합사와 붕대"]))
        let suture = try #require(widened.words.first { $0.text.hasPrefix("봉합사") })
        #expect(suture.weight > 0 && suture.weight <= 0.5)
        #expect(widened.words.contains { $0.text == "봉합사" && $0.from == ["0"] })
        #expect(!widened.words.contains { $0.text == "누에고치" })
        // The own words come first and are what they were.
        let own = Query(tokeniser.vector(of: "누에고치 실"))
        #expect(widened.query.entries.prefix(own.entries.count).map(\.weight) == own.entries.map(\.weight))
        #expect(widened.words.count <= Widening.wordCount)
    }

    @Test func commonWordsAndKnownWordsAddNothing() {
        #expect(widened("누에고치", ["누에고치 지원 사업"]) == nil)
        #expect(widened("누에고치", []) == nil)
    }

    @Test func whatTheAddedWordsFoundIsToldAsTheirs() throws {
        let widened = try #require(self.widened("누에고치 실", ["누에고치 봉합사"]))
        let tokens = tokeniser.tokens(of: "누에고치 실")
        let even = CollectionStatistics(
            documents: 100, averageLength: 5, frequencies: widened.query.entries.map { _ in 1 })
        let evidence = Evidence(
            query: widened.query, tokens: tokens, of: tokeniser.vector(of: "녹는 봉합사"), in: even)
        #expect(evidence.words.map(\.text) == ["봉합사"] && evidence.words.first?.kind == .expanded)
        #expect(abs(evidence.words.reduce(0) { $0 + $1.contribution } - evidence.score) < 1e-9)
        #expect(!evidence.missing.contains { $0.kind == .expanded })
    }

    @Test func onlyAWeakFindIsWidened() {
        #expect(Widening.isWeak(0.1) && !Widening.isWeak(0.6))
    }
}
