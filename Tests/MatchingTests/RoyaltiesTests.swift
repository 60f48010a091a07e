import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite("Royalties")
struct RoyaltiesTests {
    /// A deal with a contract of February 2021: 100 million in three parts, 2.5 % of sales, 1 to 50 million a year.
    private func contracted(_ exchange: Exchange, _ terms: JSON = [:]) async throws -> Dealing {
        let deal = try await Dealing(exchange)
        try await deal.skipToNegotiation()
        try await deal.contract(Dealing.terms(terms))
        return deal
    }

    private func call(_ deal: Dealing, _ method: String, _ more: JSON, as side: String = "demand") async throws -> JSON
    {
        var parameters: JSON = ["dealId": .string(deal.id), "side": .string(side)]
        for (key, value) in more.object ?? JSON.Members() { parameters[key] = value }
        if more["id"] != nil { parameters["dealId"] = nil }
        return try await deal.exchange.kit.call(
            "matching.royalties.\(method)", parameters, principal: Dealing.principals[side] ?? "",
            roles: [.viewer, .member])
    }

    private func account(_ deal: Dealing) async throws -> JSON {
        try await deal.exchange.kit.call("matching.royalties.account", ["dealId": .string(deal.id)])
    }

    @Test func paymentsSettleTheOldestFirstAndTheRestIsACredit() async throws {
        let deal = try await contracted(try await Exchange())
        try await deal.exchange.kit.advance(seconds: 0)
        let types = try await deal.exchange.types().filter { $0.hasSuffix("royalty.overdue") }
        #expect(types.count == 3, "the three parts are past their days")
        _ = try await call(deal, "pay", ["amount": 40_000_000, "paidOn": "2021-04-01", "reference": "이체 1"])
        let partly = try await account(deal)
        #expect(partly["due"]?.integer == 100_000_000 && partly["open"]?.integer == 60_000_000)
        #expect(
            partly["standing"]?.array?.compactMap { $0["open"]?.integer } == [0, 26_666_667, 33_333_333])
        #expect(partly["overdue"]?.integer == 60_000_000)
        let open = try await deal.exchange.kit.call("matching.royalties.overdue", ["dealId": .string(deal.id)])
        #expect(open["items"]?.array?.compactMap { $0["open"]?.integer } == [26_666_667, 33_333_333])
        let rest = try await call(deal, "pay", ["amount": 70_000_000, "paidOn": "2022-04-01", "reference": "이체 2"])
        let credit = try await account(deal)
        #expect(credit["open"]?.integer == 0 && credit["credit"]?.integer == 10_000_000)
        // A wrong entry is taken back by another; doing it again changes nothing.
        let wrong: JSON = ["id": rest["id"] ?? .null, "reason": "다른 계약의 입금"]
        let reversal = try await call(deal, "reversePayment", wrong)
        #expect(reversal["amount"]?.integer == -70_000_000)
        #expect(try await call(deal, "reversePayment", wrong)["id"] == reversal["id"])
        #expect(try await account(deal)["paid"]?.integer == 40_000_000)
        let entries = try await deal.exchange.kit.call("matching.royalties.payments", ["dealId": .string(deal.id)])
        #expect(entries["items"]?.array?.compactMap { $0["amount"]?.integer } == [40_000_000, 70_000_000, -70_000_000])
    }

    @Test func aYearsSalesMakeTheRunningRoyaltyDueOnce() async throws {
        let deal = try await contracted(try await Exchange(), ["fixedFee": .null])
        func report(_ year: Int64, _ sales: Int64) async throws -> JSON {
            try await call(
                deal, "report",
                ["contractYear": .integer(year), "netSales": .integer(sales), "dueOn": "2022-06-30"])
        }
        let first = try await report(1, 1_234_567_860)
        #expect(first["amount"]?.integer == 30_864_196, "30,864,196.5: half to even")
        #expect(try await report(1, 1_234_567_860)["id"] == first["id"])
        await #expect(throws: Fault.self) { try await report(1, 1_234_567_861) }
        #expect(try await report(2, 1_000)["amount"]?.integer == 1_000_000, "the minimum")
        #expect(try await report(3, 9_000_000_000)["amount"]?.integer == 50_000_000, "the cap")
        let running = try await deal.exchange.fault(
            "matching.royalties.report",
            [
                "dealId": .string(deal.id), "side": "demand", "contractYear": 6, "netSales": 1,
                "dueOn": "2027-06-30",
            ], as: "company")
        #expect(running?.pointers == ["/contractYear"], "the sixth year has not ended")
        let corrected = try await call(
            deal, "correct", ["id": first["id"] ?? .null, "netSales": 1_000_000_000, "reason": "반품 반영"])
        #expect(corrected["amount"]?.integer == 25_000_000)
        let account = try await account(deal)
        #expect(account["due"]?.integer == 76_000_000)
        let dues = try await deal.exchange.kit.call("matching.royalties.dues", ["dealId": .string(deal.id)])
        let amounts = dues["items"]?.array?.compactMap { $0["amount"]?.integer } ?? []
        #expect(amounts == [30_864_196, 1_000_000, 50_000_000, -30_864_196, 25_000_000])
        #expect(amounts.reduce(0, +) == 76_000_000, "the entries add up to what stands")
        let again: JSON = ["id": first["id"] ?? .null, "side": "demand", "netSales": 1, "reason": "다시"]
        let gone = try await deal.exchange.kit.fault("matching.royalties.correct", again)
        #expect(gone.data["rule"]?.string == "royalty.notCorrectable")
    }

    @Test func whatIsBeyondAnyContractIsAMistakeInTheUnit() async throws {
        let deal = try await contracted(try await Exchange())
        func refusal(_ method: String, _ more: JSON) async throws -> Fault? {
            do {
                _ = try await call(deal, method, more)
                return nil
            } catch let fault as Fault { return fault }
        }
        let most: Int64 = 100_000_000_000_000
        let day: JSON = ["paidOn": "2021-04-01", "reference": "이체"]
        func paying(_ amount: Int64) -> JSON {
            var more = day
            more["amount"] = .integer(amount)
            return more
        }
        #expect(try await refusal("pay", paying(most + 1))?.pointers == ["/amount"])
        #expect(try await refusal("pay", paying(most)) == nil)
        #expect(try await refusal("pay", paying(1))?.pointers == ["/amount"], "in all, under one contract")
        #expect(try await account(deal)["paid"]?.integer == most)
        #expect(
            try await refusal("report", ["contractYear": 1, "netSales": .integer(most + 1), "dueOn": "2022-06-30"])?
                .pointers == ["/netSales"])
        // Nor is it due on a day that never comes: a year from today, since the contract year is long over.
        let latest = Day.inSeoul(at: deal.exchange.kit.now).adding(months: 12)
        func report(_ day: Day) -> JSON {
            ["contractYear": 2, "netSales": 1, "dueOn": .string(day.description)]
        }
        #expect(try await refusal("report", report(latest.adding(days: 1)))?.pointers == ["/dueOn"])
        #expect(try await refusal("report", report(latest)) == nil)
        #expect(try await refusal("report", report(latest.adding(days: -1)))?.code == .conflict, "told, not dropped")
        let fee = try await Dealing(deal.exchange)
        try await fee.skipToNegotiation()
        let payment: JSON = ["dueOn": "2021-03-31", "amount": .integer(most + 1)]
        let terms = Dealing.terms(["fixedFee": ["total": .integer(most + 1), "payments": [payment]]])
        #expect(try await fee.refused("offer", "supply", ["terms": terms])?.pointers == ["/terms/fixedFee/total"])
    }

    @Test func aCapInAllLeavesNothingBeyondIt() throws {
        let running = Terms.Running(
            rateBasisPoints: 1_000, annualMinimum: Won(5), annualCap: nil, totalCap: Won(100))
        #expect(try running.due(onSales: Won(700), alreadyDue: .zero).amount == 70)
        #expect(try running.due(onSales: Won(700), alreadyDue: Won(70)).amount == 30)
        #expect(try running.due(onSales: Won(700), alreadyDue: Won(100)).amount == 0)
        #expect(try running.due(onSales: .zero, alreadyDue: .zero).amount == 5)
        #expect(try running.due(onSales: Won(25), alreadyDue: Won(98)).amount == 2)
    }

    /// Whatever is scheduled, paid and taken back: parts add up, and nothing is settled twice.
    @Test(arguments: 0..<200)
    func moneyIsNeitherMadeNorLost(_ seed: Int) throws {
        var generator = SeededGenerator(state: UInt64(seed))
        let total = Won(Int64.random(in: 120...9_000_000_000_000, using: &generator))
        let count = Int.random(in: 1...120, using: &generator)
        let first = Day(number: Int.random(in: 18_000...20_000, using: &generator))
        let plan = Terms.Plan(firstOn: first, count: count, everyMonths: Int.random(in: 1...60, using: &generator))
        let payments = plan.payments(of: total)
        #expect(try Won.sum(payments.map(\.amount)) == total && payments.count == count)
        #expect(payments.map(\.dueOn) == payments.map(\.dueOn).sorted())
        let smallest = payments.map(\.amount).min() ?? .zero
        #expect(try payments.allSatisfy { try $0.amount - smallest <= Won(1) })
        let dues = payments.enumerated().map { index, payment in
            RoyaltyDue(
                id: .new(at: first.startInSeoul), dealId: .new(at: first.startInSeoul), kind: .fixed,
                number: index + 1, dueOn: payment.dueOn, amount: payment.amount, netSales: nil, reverses: nil,
                reason: nil, at: first.startInSeoul, principal: "x")
        }
        let paid = Won(Int64.random(in: 0...total.amount * 2, using: &generator))
        let account = try RoyaltyAccount(dues: dues.shuffled(using: &generator), paid: paid)
        #expect(account.due == total)
        #expect(try Won.sum(account.standing.map(\.paid)) + account.credit == paid)
        #expect(try account.open + Won.sum(account.standing.map(\.paid)) == total)
        let unsettled = account.standing.drop { $0.open == .zero }
        #expect(unsettled.dropFirst().allSatisfy { $0.paid == .zero }, "the oldest first")
    }

    @Test func totalsLeadBackToTheirEntriesAndAreForTheParties() async throws {
        let exchange = try await Exchange()
        let deal = try await contracted(exchange)
        for (amount, day) in [(40_000_000, "2021-04-01"), (20_000_000, "2021-12-31"), (7, "2022-01-01")] {
            _ = try await call(
                deal, "pay", ["amount": .integer(Int64(amount)), "paidOn": .string(day), "reference": "이체"])
        }
        func totals(_ by: String, _ principal: String) async throws -> [String: Int64] {
            let answer = try await exchange.kit.call(
                "matching.royalties.totals", ["by": .string(by)], principal: principal, roles: [.viewer])
            return Dictionary(
                uniqueKeysWithValues: (answer["items"]?.array ?? []).compactMap { item in
                    item["key"]?.string.map { ($0, item["paid"]?.integer ?? -1) }
                })
        }
        #expect(try await totals("year", "company") == ["2021": 60_000_000, "2022": 7])
        #expect(try await totals("technology", "institute") == [deal.technology: 60_000_007])
        #expect(try await totals("organisation", "institute") == [exchange.institute: 60_000_007])
        #expect(try await totals("year", "stranger") == [:])
        let rows = try await exchange.kit.call("matching.royalties.payments", ["year": 2021])
        #expect(rows["items"]?.array?.compactMap { $0["amount"]?.integer }.reduce(0, +) == 60_000_000)
        func count(_ method: String, _ filter: JSON) async throws -> Int? {
            try await exchange.kit.call("matching.royalties.\(method)", filter)["items"]?.array?.count
        }
        let institute: JSON = .string(exchange.institute)
        #expect(try await count("payments", ["organisationId": institute, "side": "supply"]) == 3)
        #expect(try await count("payments", ["organisationId": institute, "side": "demand"]) == 0)
        #expect(try await count("payments", ["organisationId": institute]) == 3)
        #expect(try await count("dues", ["year": 2021]) == 2)
        #expect(try await count("dues", ["year": 2022]) == 1)
        #expect(try await count("overdue", ["year": 2022]) == 1)
        let cursor = try await exchange.kit.fault("matching.royalties.totals", ["by": "year", "after": "작년"])
        #expect(cursor.pointers == ["/after"])
        let parameters: JSON = ["dealId": .string(deal.id)]
        #expect(
            try await exchange.fault("matching.royalties.account", parameters, as: "stranger", [.viewer])?.code
                == .forbidden)
        let pay: JSON = [
            "dealId": .string(deal.id), "side": "supply", "amount": 1, "paidOn": "2021-04-01", "reference": "x",
        ]
        #expect(try await exchange.fault("matching.royalties.pay", pay, as: "company")?.code == .forbidden)
        let events = try await exchange.kit.events.filter { $0["type"]?.string?.contains("royalty") == true }
        #expect(events.count >= 3 && !events.contains { $0.text.contains("40000000") })
    }
}
