import Testing

@testable import Matching

@Suite("The thesaurus")
struct ThesaurusTests {
    static let tables = [
        ThesaurusTable.analysis, ThesaurusTable.life, ThesaurusTable.information, ThesaurusTable.manufacturing,
        ThesaurusTable.energyAndDefence,
    ]

    @Test(arguments: tables) func everyRowIsRead(_ table: String) {
        for row in table.split(separator: "\n") {
            let concept = ThesaurusTable.concept(String(row), "2026-11-21")
            #expect(concept != nil, "\(row)")
            #expect(concept?.source.isEmpty == false, "\(row)")
        }
    }

    @Test func everyRelationLeadsSomewhereAndNoIdentifierIsTwice() {
        let concepts = Thesaurus.standard.concepts
        let ids = Set(concepts.map(\.id))
        #expect(ids.count == concepts.count)
        for concept in concepts {
            for relation in concept.related {
                #expect(ids.contains(relation.concept), "\(concept.id) → \(relation.concept)")
                #expect((0.3...0.5).contains(relation.weight), "\(concept.id) → \(relation.concept)")
            }
        }
    }

    @Test func noNameMeansTwoThingsWithoutAContext() {
        var owners: [String: String] = [:]
        for concept in Thesaurus.standard.concepts {
            for name in concept.names where name.context.isEmpty {
                let known = owners.updateValue(concept.id, forKey: name.text)
                #expect(known == nil || known == concept.id, "\(name.text): \(known ?? "") and \(concept.id)")
            }
        }
    }

    @Test func relationsHoldBothWays() throws {
        let thesaurus = Thesaurus.standard
        let one = try #require(thesaurus.place(of: "odour"))
        let other = try #require(thesaurus.place(of: "volatile"))
        #expect(thesaurus.relations(of: one).contains { $0.place == other && $0.weight == 0.4 })
        #expect(thesaurus.relations(of: other).contains { $0.place == one && $0.weight == 0.4 })
    }

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
}
