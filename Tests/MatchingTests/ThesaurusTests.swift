import Testing

@testable import Matching

@Suite("The thesaurus")
struct ThesaurusTests {
    static let tables = [
        ThesaurusTable.analysis, ThesaurusTable.life, ThesaurusTable.information, ThesaurusTable.manufacturing,
        ThesaurusTable.energyAndDefence, ThesaurusTable.agency, ThesaurusTable.people, ThesaurusTable.investigation,
        ThesaurusTable.problems,
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
}
