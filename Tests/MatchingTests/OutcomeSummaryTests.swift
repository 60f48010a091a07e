import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite("The summary of outcomes")
struct OutcomeSummaryTests {
    private func summary(_ exchange: Exchange, _ by: String, roles: Set<Role> = [.viewer, .operator]) async throws
        -> JSON
    {
        try await exchange.kit.call(
            "matching.outcomes.summary", ["by": .string(by)], principal: "anybody", roles: roles)
    }

    private func figure(_ answer: JSON, _ key: String, _ name: String) -> Int64? {
        answer["groups"]?.array?.first { $0["key"]?.string == key }?["figures"]?[name]?.integer
    }

    @Test func everyMatchIsFollowedToItsEnd() async throws {
        let exchange = try await Exchange()
        func deal(_ more: JSON, contract: Bool = true) async throws -> Dealing {
            let deal = try await Dealing(exchange, more)
            guard contract else { return deal }
            try await deal.skipToNegotiation()
            try await deal.contract()
            return deal
        }
        let risen = try await deal(["trl": 5, "fields": ["NB", "EB"]])
        try await exchange.kit.call(
            "matching.followUps.record",
            ["dealId": .string(risen.id), "side": "demand", "year": 1, "status": "succeeded", "trl": 9])
        try await exchange.kit.call(
            "matching.royalties.pay",
            [
                "dealId": .string(risen.id), "side": "demand", "amount": 5_000_000, "paidOn": "2021-04-01",
                "reference": "이체",
            ])
        let failed = try await deal(["trl": 4, "fields": ["NB"]])
        try await exchange.kit.call(
            "matching.outcomes.record",
            ["dealId": .string(failed.id), "side": "supply", "status": "failed", "reason": "marketChange"])
        _ = try await deal(["fields": ["NB"]])
        _ = try await deal(["fields": ["NB"]], contract: false)
        let ended = try await deal(["fields": ["EB"]], contract: false)
        try await ended.act("decline", "demand", ["reason": "termsUnsuitable"])
        let fields = try await summary(exchange, "field")
        for (name, value) in [
            ("matched", 4), ("transferred", 3), ("contracted", 3), ("succeeded", 1), ("failed", 1), ("undecided", 1),
            ("underWay", 1),
            ("royaltiesDue", 300_000_000), ("royaltiesPaid", 5_000_000), ("trlRise", 4), ("trlKnown", 1),
        ] as [(String, Int64)] { #expect(figure(fields, "NB", name) == value, "\(name)") }
        #expect(figure(fields, "EB", "matched") == 2 && figure(fields, "EB", "ended") == 1)
        #expect(fields["shown"]?.object == nil, "fields overlap")
        let types = try await summary(exchange, "type")
        #expect(figure(types, "licence", "contracted") == 3 && figure(types, "none", "matched") == 2)
        #expect(types.at("/shown/matched")?.integer == 5)
        #expect(try await figure(summary(exchange, "year"), "2026", "matched") == 5)
        // A viewer is shown no group of one or two, and none from which it could be had by subtraction.
        let seen = try await summary(exchange, "field", roles: [.viewer])
        #expect(figure(seen, "NB", "matched") == 4 && figure(seen, "EB", "matched") == nil)
        let hidden = try await summary(exchange, "type", roles: [.viewer])
        #expect(figure(hidden, "licence", "matched") == nil && figure(hidden, "none", "matched") == nil)
        #expect(hidden.at("/shown/matched")?.integer == 0)
    }

    /// A group of many deals of which one or two have a contract would tell what these pay.
    @Test func theMoneyOfOneOrTwoContractsIsHidden() throws {
        func group(matched: Int, paying: Int64) throws -> OutcomeSummary.Figures {
            var figures = OutcomeSummary.Figures()
            for number in 0..<matched {
                var fact = OutcomeSummary.Fact(keys: [])
                fact.isTransferred = true
                if number < paying { (fact.royaltiesDue, fact.royaltiesPaid, fact.trlRise) = (Won(7), Won(5), 2) }
                try figures.add(fact)
            }
            return figures
        }
        let groups = [
            "2020": try group(matched: 5, paying: 1), "2021": try group(matched: 9, paying: 4),
            "2022": try group(matched: 9, paying: 6), "2023": try group(matched: 4, paying: 0),
        ]
        let answer = try OutcomeSummary.answer(.year, groups, smallest: 3)
        func money(_ key: String) -> Won? { answer.groups.first { $0.key == key }?.figures?.royaltiesDue }
        #expect(answer.groups.compactMap(\.figures?.matched) == [5, 9, 9, 4])
        // The next larger one is hidden with it, or the first could be had by subtraction.
        #expect(money("2020") == nil && money("2021") == nil)
        #expect(money("2022") == Won(42) && money("2023") == .zero)
        #expect(answer.shown?.matched == 27 && answer.shown?.royaltiesDue == Won(42))
        #expect(answer.shown?.royaltiesPaid == Won(30) && answer.shown?.trlRise == 12)
        // Where groups overlap each is looked at alone.
        let fields = try OutcomeSummary.answer(.field, groups, smallest: 3)
        #expect(fields.groups.compactMap(\.figures?.royaltiesDue) == [Won(28), Won(42), .zero])
    }

    @Test(arguments: 0..<200)
    func whatIsHiddenCannotBeSubtracted(_ seed: Int) throws {
        var generator = SeededGenerator(state: UInt64(seed))
        var figures: [String: OutcomeSummary.Figures] = [:]
        for year in 2020..<2020 + Int.random(in: 1...6, using: &generator) {
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                try figures["\(year)", default: .init()].add(OutcomeSummary.Fact(keys: []))
            }
        }
        let answer = try OutcomeSummary.answer(.year, figures, smallest: 3)
        let hidden = answer.groups.filter { $0.figures == nil }
        #expect(hidden.count != 1 || figures.count == 1)
        let together = hidden.reduce(0) { $0 + (figures[$1.key]?.matched ?? 0) }
        #expect(hidden.isEmpty || together >= 3 || hidden.count == figures.count)
        #expect(answer.groups.compactMap(\.figures).allSatisfy { $0.matched >= 3 })
        #expect(answer.shown?.matched == answer.groups.compactMap(\.figures?.matched).reduce(0, +))
        let open = try OutcomeSummary.answer(.year, figures, smallest: 0)
        #expect(open.groups.allSatisfy { $0.figures != nil })
    }
}
