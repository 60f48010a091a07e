import JSON
import ServiceKit
import Testing

@testable import Fund

/// Funds, partners, commitments and contributions through the service.
@Suite struct CapitalTests {
    @Test func aFundIsRegisteredReadAndListed() async throws {
        let kit = try TestService(Fund.service)
        let mother = try await kit.call(
            "fund.funds.create",
            [
                "name": ["ko": "대전 모펀드", "en": "Daejeon fund of funds"], "kind": "fundOfFunds",
                "vehicle": "ventureAssociation", "vintage": 2025, "targetAmount": 204_800_000_000,
                "purpose": ["ko": "전략산업", "en": "Strategic industries"],
                "term": ["start": "2025-09-29", "end": "2035-09-28"],
                "obligations": [
                    ["kind": "region", "basis": "invested", "basisPoints": 6000],
                    ["kind": "region", "basis": "committed"],
                ],
            ])
        let child = try await kit.call(
            "fund.funds.create",
            ["name": ["ko": "자펀드", "en": "Child"], "kind": "child", "parentId": .string(try mother.text("id"))])
        let read = try await kit.call("fund.funds.get", ["id": .string(try mother.text("id"))])
        #expect(read == mother)
        #expect(read.at("/obligations/1/basisPoints") == nil)
        #expect(read.at("/rules/minimumMembers") == 3)
        let children = try await kit.call("fund.funds.list", ["parentId": .string(try mother.text("id"))])
        #expect(children.at("/items/0/id") == child["id"])
        let first = try await kit.call("fund.funds.list", ["limit": 1])
        let second = try await kit.call("fund.funds.list", ["limit": 1, "after": first["next"] ?? .null])
        #expect(first.at("/items/0/id") == mother["id"] && second.at("/items/0/id") == child["id"])
        #expect(second["next"] == nil || second["next"] == .null)
        let statement = try await kit.call("fund.funds.statement", ["id": .string(try mother.text("id"))])
        #expect(statement.at("/target/known") == 204_800_000_000)
        #expect(statement.at("/obligations/0/met") == nil)
        #expect(statement.at("/netAssetValue/open/en") != nil)
        #expect(try await kit.events.map { $0["type"] } == ["ieum.fund.fund.created", "ieum.fund.fund.created"])
    }

    @Test func badFundsAreRefusedWithEveryFieldAtOnce() async throws {
        let kit = try TestService(Fund.service)
        let shapes = try await kit.fault(
            "fund.funds.create",
            ["name": ["ko": "가"], "kind": "hedge", "vintage": 1066, "targetAmount": 0, "parentId": "fnd_1"])
        #expect(shapes.code == .invalidParams)
        #expect(Set(shapes.fieldPointers) == ["/name/en", "/kind", "/vintage", "/targetAmount", "/parentId"])
        let rules = try await kit.fault(
            "fund.funds.create",
            [
                "name": ["ko": "", "en": ""], "kind": "direct", "term": ["start": "2026-01-02", "end": "2026-01-01"],
                "obligations": [["kind": "industry", "basis": "invested"], ["kind": "other", "basis": "invested"]],
                "rules": [
                    "quorum": ["numerator": 2, "denominator": 1, "strictly": false],
                    "majority": ["numerator": 1, "denominator": 2, "strictly": true], "abstentionsCount": true,
                    "minimumMembers": 1,
                ],
            ])
        #expect(
            Set(rules.fieldPointers) == [
                "/name/ko", "/name/en", "/term/end", "/obligations/0/industry", "/obligations/1/text", "/rules/quorum",
            ])
        let parent = try await kit.call("fund.funds.create", ["name": ["ko": "가", "en": "A"], "kind": "direct"])
        let child = try await kit.fault(
            "fund.funds.create",
            ["name": ["ko": "나", "en": "B"], "kind": "child", "parentId": parent["id"] ?? .null])
        #expect(child.code == .failedPrecondition && child.data["rule"] == "fund.parentIsFundOfFunds")
        let missing = try await kit.fault("fund.funds.get", ["id": "fnd_00000000000070008000000000000000"])
        #expect(missing.code == .notFound && missing.data["kind"] == "fund")
    }

    @Test func aBusinessNumberIsCheckedAndUnique() async throws {
        let kit = try TestService(Fund.service)
        let name: JSON = ["ko": "은행", "en": "Bank"]
        let wrong = try await kit.fault(
            "fund.partners.register", ["kind": "limitedPartner", "name": name, "businessNumber": "124-81-00999"])
        #expect(wrong.fieldPointers == ["/businessNumber"])
        let bank = try await kit.call(
            "fund.partners.register", ["kind": "limitedPartner", "name": name, "businessNumber": "1248100998"])
        #expect(bank["businessNumber"] == "124-81-00998")
        let again = try await kit.fault(
            "fund.partners.register", ["kind": "generalPartner", "name": name, "businessNumber": "124-81-00998"])
        #expect(again.code == .conflict && again.data["id"] == bank["id"])
        #expect(try await kit.call("fund.partners.get", ["id": bank["id"] ?? .null]) == bank)
        let listed = try await kit.call("fund.partners.list", ["kind": "limitedPartner"])
        #expect(listed["items"]?.array == [bank])
    }

    @Test func aCommitmentIsCorrectedByANewOne() async throws {
        let scene = try await Scene(committed: 1_000, cash: 400, members: 0)
        let first = try #require(
            try await scene.kit.call("fund.commitments.list", ["fundId": .string(scene.fund)]).at("/items/0"))
        let more = try await scene.kit.call(
            "fund.commitments.correct", ["id": first["id"] ?? .null, "amount": 1_500, "reason": "증액"])
        #expect(more["corrects"] == first["id"] && more["amount"] == 1_500)
        let stale = try await scene.kit.fault(
            "fund.commitments.correct", ["id": first["id"] ?? .null, "amount": 9, "reason": "x"])
        #expect(stale.code == .conflict && stale.data["correctedBy"] == more["id"])
        let low = try await scene.kit.fault(
            "fund.commitments.correct", ["id": more["id"] ?? .null, "amount": 399, "reason": "x"])
        #expect(low.code == .conflict && low.data["least"] == 400)
        let least = try await scene.kit.call(
            "fund.commitments.correct", ["id": more["id"] ?? .null, "amount": 400, "reason": "감액"])
        let same = try await scene.kit.fault(
            "fund.commitments.correct", ["id": least["id"] ?? .null, "amount": 400, "reason": "x"])
        #expect(same.fieldPointers == ["/amount"])
        let read = try await scene.kit.call("fund.commitments.get", ["id": first["id"] ?? .null])
        #expect(read["amount"] == 1_000 && read["correctedBy"] == more["id"])
        let statement = try await scene.statement()
        #expect(statement["committed"] == 400 && statement["uncalled"] == 0 && statement["paidIn"] == 400)
        #expect(statement.at("/paidInShare/basisPoints") == 10_000)
        try await scene.expectSound()
    }

    @Test func contributionsNeverExceedWhatIsUnfunded() async throws {
        let scene = try await Scene(committed: 1_000, cash: 0, members: 0)
        let params: JSON = [
            "id": "ctr_00000000000070008000000000000001", "fundId": .string(scene.fund),
            "partnerId": .string(scene.partner), "amount": 600,
        ]
        let paid = try await scene.kit.call("fund.contributions.record", params)
        #expect(try await scene.kit.call("fund.contributions.record", params) == paid)
        var other = params
        other["amount"] = 1
        #expect(try await scene.kit.fault("fund.contributions.record", other).code == .conflict)
        other["id"] = nil
        other["amount"] = 401
        let over = try await scene.kit.fault("fund.contributions.record", other)
        #expect(over.code == .conflict && over.data["unfunded"] == 400 && over.data["requested"] == 401)
        let back = try await scene.kit.call(
            "fund.contributions.reverse", ["id": paid["id"] ?? .null, "reason": "오입금"])
        #expect(back["reverses"] == paid["id"])
        let twice = try await scene.kit.fault(
            "fund.contributions.reverse", ["id": paid["id"] ?? .null, "reason": "오입금"])
        #expect(twice.code == .conflict)
        let listed = try await scene.kit.call("fund.contributions.list", ["fundId": .string(scene.fund)])
        #expect(listed["items"]?.array?.count == 2)
        #expect(
            try await scene.kit.call("fund.contributions.get", ["id": paid["id"] ?? .null])["reversedBy"] == back["id"])
        let statement = try await scene.statement()
        #expect(statement["paidIn"] == 0 && statement["cash"] == 0 && statement["uncalled"] == 1_000)
        try await scene.expectSound()
    }

    @Test func anAmountIsSharedOutToTheWon() async throws {
        let scene = try await Scene(committed: 100, cash: 0, members: 0)
        for _ in 0..<2 {
            let name: JSON = ["ko": "은행", "en": "Bank"]
            let bank = try await scene.kit.call("fund.partners.register", ["kind": "limitedPartner", "name": name])
            try await scene.commit(100, partner: try bank.text("id"))
        }
        let plan = try await scene.kit.call("fund.contributions.plan", ["fundId": .string(scene.fund), "amount": 200])
        #expect(plan["parts"]?.array?.compactMap { $0["amount"]?.integer } == [67, 67, 66])
        let over = try await scene.kit.fault("fund.contributions.plan", ["fundId": .string(scene.fund), "amount": 301])
        #expect(over.code == .conflict && over.data["unfunded"] == 300)
    }

    @Test func amountsThatNoClientCouldReadAreRefused() async throws {
        let scene = try await Scene(committed: 9_007_199_254_740_991, cash: 0, members: 0)
        let make: JSON = ["fundId": .string(scene.fund), "partnerId": .string(scene.partner), "amount": 1]
        #expect(try await scene.kit.fault("fund.commitments.make", make).fieldPointers == ["/amount"])
        var huge = make
        huge["amount"] = 9_007_199_254_740_992
        #expect(try await scene.kit.fault("fund.commitments.make", huge).fieldPointers == ["/amount"])
        huge["amount"] = 1.5
        #expect(try await scene.kit.fault("fund.commitments.make", huge).fieldPointers == ["/amount"])
        try await scene.expectSound()
    }

    @Test func textThatCannotBeStoredIsTheCallersMistake() async throws {
        let kit = try TestService(Fund.service)
        let zero = try await kit.fault(
            "fund.partners.register", ["kind": "city", "name": ["ko": "대\u{0}전", "en": "Daejeon"]])
        #expect(zero.code == .invalidParams)
    }
}
