import Foundation
import Testing

@testable import Matching

@Suite("Measuring retrieval")
struct EvaluationTests {
    @Test func theEvaluationCountsAsTheBooksDo() throws {
        let set = Evaluation(
            name: "three",
            judged: [
                .init(id: "1", query: "이차이온 질량분석", relevant: [1: 2]),
                .init(id: "2", query: "드론", relevant: [2: 2, 0: 1]),
                .init(id: "3", query: "없는낱말", relevant: [2: 2]),
            ],
            collection: ["드론 관제", "SIMS 장비", "무인기 드론 항법 장치와 부품"])
        let figures = set.figures(of: set.run(.search))
        #expect(abs(figures.mrr - 2.0 / 3) < 1e-9 && figures.mrr10 == figures.mrr)
        #expect(abs(figures.recall10 - 2.0 / 3) < 1e-9)
        #expect(abs(figures.ndcg10 - 2.0 / 3) < 1e-9)
        #expect(set.figures(of: set.run(.bigrams)).recall10 < figures.recall10)
    }

    @Test(arguments: [JudgedPair.given, JudgedPair.written]) func everyJudgedRowIsRead(_ table: String) {
        for row in table.split(separator: "\n") { #expect(JudgedPair.pair(String(row)) != nil, "\(row)") }
    }

    @Test func thePairsSayWhereTheyAreFromAndStayInTheirHalves() {
        let pairs = JudgedPair.writtenPairs
        #expect(Set(pairs.compactMap(\.id)).count == pairs.count)
        // A pair that moved to the other half would make what was tuned on count as never seen.
        #expect(pairs.count { $0.isHeldOut } == 59 && pairs.count == 97)
        #expect(pairs.count { $0.isHeldOut && !$0.sharesTerms } == 26)
        let gold = JudgedPair.givenPairs
        #expect(gold.count == 14 && gold[0].answers.count == 2 && gold[0].sharesTerms)
    }

    @Test func anIntervalHoldsTheMeanAndNarrowsWithMoreQueries() throws {
        let few = (0..<10).map { Double($0 % 2) }
        let many = (0..<1_000).map { Double($0 % 2) }
        let wide = try #require(Bootstrap.interval(few))
        let narrow = try #require(Bootstrap.interval(many))
        #expect(wide.contains(0.5) && narrow.contains(0.5))
        #expect(narrow.upperBound - narrow.lowerBound < (wide.upperBound - wide.lowerBound) / 3)
        #expect(Bootstrap.interval([]) == nil)
        #expect(Bootstrap.interval(few) == wide)
    }

    @Test func filesOfPairsAndDocumentsAreRead() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "evaluation-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ name: String, _ text: String) throws -> String {
            let file = folder.appending(path: name)
            try Data(text.utf8).write(to: file)
            return file.path
        }
        let array = try write("mine.json", #"[{"demand": "드론 항법", "technology": "무인기", "also_relevant": ["위성항법"]}]"#)
        let lines = try write("more.jsonl", "{\"demand\": \"수소\", \"technology\": \"수전해\"}\n")
        let document = try write("plan.txt", " - (시민 리빙랩 활성화) 시민참여로 문제를 찾는다\n그 밖의 한 줄입니다\n")
        let sets = try EvaluationFiles([array, lines, document]).sets(.titles)
        #expect(sets.map(\.name) == ["mine", "more", "knownItems"])
        #expect(sets[0].collection.count == 4 && sets[0].collection.contains("시민 리빙랩 활성화"))
        #expect(sets[0].judged[0].relevant.count == 2 && sets[2].judged.count == 1)
        let all = try EvaluationFiles([array, document]).sets(.lines)
        #expect(all[0].collection.contains("그 밖의 한 줄입니다"))
        let broken = try write("broken.json", "{}")
        #expect(throws: EvaluationFiles.Unreadable.self) { try EvaluationFiles([broken]) }
    }

    @Test func withoutFilesTheOwnSetsAreMeasured() throws {
        let sets = try EvaluationFiles([]).sets(.titles)
        #expect(sets.map(\.name) == ["given", "tune", "heldOut", "heldOutWithoutSharedTerm", "knownItems"])
        #expect(sets.allSatisfy { !$0.judged.isEmpty && $0.collection.count > 100 })
    }
}
