import JSON
import ServiceKit
import Testing

@testable import Fund

@Suite struct CaseTests {
    @Test func aCaseIsProposedVotedAndApprovedWithFrozenMinutes() async throws {
        let scene = try await Scene(committed: 10_000, cash: 4_000)
        let outside = try await scene.approved(1_000, inRegion: false, company: "서울 회사")
        let posted = try await scene.hold(outside)
        try await scene.kit.call("fund.coinvestments.post", ["id": posted["id"] ?? .null])

        let id = try await scene.propose(3_000, extra: ["demandId": "dmd_00000000000070008000000000000001"])
        try await scene.vote(id, ["approve", "reject", "approve"], contribution: 80)
        let before = try await scene.kit.call("fund.cases.get", ["id": .string(id)])
        #expect(before["state"] == "proposed" && before.at("/tally/approve") == 2)
        #expect(before.at("/figures/regionalShareAfter/basisPoints") == 7_500)
        let decided = try await scene.kit.call("fund.cases.decide", ["id": .string(id), "approvedAmount": 1_000])
        #expect(decided["state"] == "approved" && decided["approvedAmount"] == 1_000)
        let minutes = try #require(decided["minutes"])
        #expect(minutes.at("/tally/contributionSum") == 240 && minutes.at("/tally/contributionCount") == 3)
        #expect(minutes.at("/figures/cash") == 3_000 && minutes.at("/figures/available") == 3_000)
        #expect(minutes.at("/figures/regionalShareBefore/basisPoints") == 0)
        #expect(minutes.at("/figures/regionalShareAfter/basisPoints") == 5_000)
        #expect(minutes.at("/figures/concentrationAfter/basisPoints") == 1_000)
        #expect(minutes["votes"]?.array?.count == 3)

        // What happens later changes nothing in the minutes.
        let money = try await scene.hold(id)
        try await scene.kit.call("fund.coinvestments.post", ["id": money["id"] ?? .null])
        let later = try await scene.kit.call("fund.cases.get", ["id": .string(id)])
        #expect(later["minutes"] == minutes && later["posted"] == 1_000)
        let again = try await scene.kit.fault("fund.cases.decide", ["id": .string(id)])
        #expect(again.code == .conflict && again.data["state"] == "approved")
        let listed = try await scene.kit.call("fund.cases.list", ["demandId": "dmd_00000000000070008000000000000001"])
        #expect(listed["items"]?.array?.compactMap { $0["id"]?.string } == [id])
        // The minutes have the votes; a list has neither.
        #expect(later["votes"] == nil && before["votes"]?.array?.count == 3)
        #expect(listed.at("/items/0/minutes") == nil && listed.at("/items/0/posted") == 1_000)
        #expect(try await scene.statement().at("/regionalShare/basisPoints") == 5_000)
        let types = try await scene.eventTypes()
        #expect(
            types.filter { $0.hasPrefix("ieum.fund.case.") }.suffix(2) == [
                "ieum.fund.case.proposed", "ieum.fund.case.approved",
            ])
    }

    /// However long the texts are, a page fits into a message, and all pages together have every case.
    @Test func aPageOfLongCasesEndsEarly() async throws {
        let scene = try await Scene()
        let purpose = String(repeating: "가", count: 2_000)
        for _ in 0..<250 { _ = try await scene.propose(500, extra: ["purpose": .string(purpose)]) }
        var (seen, after): (Int, JSON?) = (0, nil)
        repeat {
            var ask: JSON = ["limit": 200]
            ask["after"] = after
            let page = try await scene.kit.call("fund.cases.list", ask)
            #expect(page.bytes.count < 1 << 20)
            seen += page["items"]?.array?.count ?? 0
            after = page["next"]
        } while after != nil
        #expect(seen == 250)
    }

    @Test func votesRejectAndTheAmountIsNotGranted() async throws {
        let scene = try await Scene()
        let id = try await scene.propose(500)
        try await scene.vote(id, ["reject", "reject"])
        let decided = try await scene.kit.call("fund.cases.decide", ["id": .string(id)])
        #expect(decided["state"] == "rejected")
        #expect(decided["approvedAmount"] == nil)
        let hold = try await scene.kit.fault("fund.coinvestments.hold", ["caseId": .string(id), "holder": "x"])
        #expect(hold.code == .failedPrecondition && hold.data["rule"] == "case.notApproved")
        #expect(hold.data["state"] == "rejected")
    }

    @Test func nothingIsDecidedWithoutAQuorum() async throws {
        let scene = try await Scene(members: 4)
        let id = try await scene.propose(500)
        try await scene.vote(id, ["approve", "approve"])
        let early = try await scene.kit.fault("fund.cases.decide", ["id": .string(id)])
        #expect(early.data["rule"] == "committee.quorum")
        #expect(early.data["present"] == 2 && early.data["needed"] == 3)
        // A member with a conflict leaves three, of whom two are enough.
        let conflicted: JSON = ["id": .string(id), "member": .string(scene.members[3]), "conflictOfInterest": true]
        try await scene.kit.call("fund.cases.vote", conflicted)
        var vote = conflicted
        vote["conflictOfInterest"] = nil
        vote["vote"] = "approve"
        #expect(try await scene.kit.fault("fund.cases.vote", vote).data["rule"] == "committee.conflictDeclared")
        let decided = try await scene.kit.call("fund.cases.decide", ["id": .string(id)])
        #expect(decided["state"] == "approved" && decided.at("/minutes/tally/eligible") == 3)
    }

    @Test func aLaterVoteReplacesAnEarlierOne() async throws {
        let scene = try await Scene()
        let id = try await scene.propose(500)
        try await scene.vote(id, ["reject", "reject", "reject"])
        try await scene.vote(id, ["approve", "approve"])
        let decided = try await scene.kit.call("fund.cases.decide", ["id": .string(id)])
        #expect(decided["state"] == "approved")
        #expect(decided.at("/minutes/votes/0/revision") == 2)
    }

    @Test func ballotsAreCheckedAsAWhole() async throws {
        let scene = try await Scene()
        let id = try await scene.propose(500)
        let member = JSON.string(scene.members[0])
        let shapes = try await scene.kit.fault(
            "fund.cases.vote", ["id": "cas_x", "member": member, "vote": "maybe", "contribution": 101])
        #expect(Set(shapes.fieldPointers) == ["/id", "/vote", "/contribution"])
        let none = try await scene.kit.fault("fund.cases.vote", ["id": .string(id), "member": member])
        #expect(none.fieldPointers == ["/vote"])
        let both = try await scene.kit.fault(
            "fund.cases.vote",
            [
                "id": .string(id), "member": member, "vote": "approve", "contribution": 1, "conflictOfInterest": true,
            ])
        #expect(both.fieldPointers == ["/vote", "/contribution"])
        try await scene.kit.call("fund.committee.retire", ["id": member, "reason": "임기 만료"])
        let retired = try await scene.kit.fault(
            "fund.cases.vote", ["id": .string(id), "member": member, "vote": "approve"])
        #expect(retired.data["rule"] == "committee.notSeated")
        #expect(
            try await scene.kit.fault("fund.committee.retire", ["id": member, "reason": "x"]).code == .conflict)
        let few = try await scene.kit.fault("fund.cases.decide", ["id": .string(id)])
        #expect(few.data["rule"] == "committee.tooFewMembers" && few.data["eligible"] == 2)
        let members = try await scene.kit.call("fund.committee.members", ["fundId": .string(scene.fund)])
        #expect(members["items"]?.array?.count == 3)
    }

    @Test func aSeatOfAPrincipalIsItsOwn() async throws {
        let scene = try await Scene()
        let seat = try await scene.kit.call(
            "fund.committee.appoint",
            ["fundId": .string(scene.fund), "seat": ["ko": "시", "en": "City"], "principal": "uid:7"])
        let id = try await scene.propose(500)
        let params: JSON = ["id": .string(id), "member": seat["id"] ?? .null, "vote": "approve"]
        #expect(try await scene.kit.fault("fund.cases.vote", params).code == .forbidden)
        let vote = try await scene.kit.call("fund.cases.vote", params, principal: "uid:7")
        #expect(vote["revision"] == 1)
    }

    @Test func rulesOfTheFundDecide() async throws {
        let half: JSON = ["numerator": 1, "denominator": 2, "strictly": true]
        let all: JSON = ["numerator": 1, "denominator": 1, "strictly": false]
        let rules: JSON = [
            "quorum": all, "majority": half, "abstentionsCount": true, "minimumMembers": 3, "minimumContribution": 60,
            "concentrationLimit": 1_000,
        ]
        let scene = try await Scene(committed: 10_000, cash: 4_000, rules: rules)
        let id = try await scene.propose(1_001)
        try await scene.vote(id, ["approve", "approve", "approve"])
        #expect(
            try await scene.kit.fault("fund.cases.decide", ["id": .string(id)]).data["rule"]
                == "committee.contributionMissing")
        try await scene.vote(id, ["approve", "approve", "approve"], contribution: 60)
        let concentrated = try await scene.kit.fault("fund.cases.decide", ["id": .string(id)])
        #expect(concentrated.data["rule"] == "fund.concentration")
        let granted = try await scene.kit.call("fund.cases.decide", ["id": .string(id), "approvedAmount": 1_000])
        #expect(granted["state"] == "approved")
        // What was approved for a company counts before it is invested, under any spelling of its name.
        let more = try await scene.propose(1, company: " 나노소자 ")
        try await scene.vote(more, ["approve", "approve", "approve"], contribution: 60)
        let second = try await scene.kit.fault("fund.cases.decide", ["id": .string(more)])
        #expect(second.data["rule"] == "fund.concentration")
        let poor = try await scene.propose(100, company: "다른 회사")
        try await scene.vote(poor, ["approve", "approve", "approve"], contribution: 59)
        #expect(try await scene.kit.call("fund.cases.decide", ["id": .string(poor)])["state"] == "rejected")

        var wrong = rules
        wrong["minimumContribution"] = 101
        wrong["quorum"] = ["numerator": 1, "denominator": 0, "strictly": false]
        let bad = try await scene.kit.fault(
            "fund.committee.configure", ["fundId": .string(scene.fund), "rules": wrong, "reason": ""])
        #expect(
            Set(bad.fieldPointers) == ["/rules/minimumContribution", "/rules/quorum/denominator", "/reason"])
        var loose = rules
        loose["minimumContribution"] = nil
        let change = try await scene.kit.call(
            "fund.committee.configure", ["fundId": .string(scene.fund), "rules": loose, "reason": "완화"])
        #expect(change.at("/before/minimumContribution") == 60 && change.at("/rules/minimumContribution") == nil)
    }

    @Test func casesAreCheckedWithdrawnAndListed() async throws {
        let scene = try await Scene()
        let bad = try await scene.kit.fault(
            "fund.cases.propose",
            [
                "fundId": .string(scene.fund), "amount": -1, "instrument": "gold", "purpose": "", "inRegion": "yes",
                "industry": "tulips",
            ])
        #expect(
            Set(bad.fieldPointers) == ["/amount", "/instrument", "/purpose", "/inRegion", "/industry"])
        var nameless: JSON = [
            "fundId": .string(scene.fund), "amount": 1, "instrument": "loan", "purpose": "운전자금", "inRegion": true,
        ]
        #expect(try await scene.kit.fault("fund.cases.propose", nameless).fieldPointers == ["/companyName"])
        nameless["companyName"] = " "
        #expect(try await scene.kit.fault("fund.cases.propose", nameless).fieldPointers == ["/companyName"])
        nameless["companyName"] = "이름:"
        try await scene.kit.call("fund.cases.propose", nameless)
        let id = try await scene.propose(500)
        let over = try await scene.kit.fault("fund.cases.decide", ["id": .string(id), "approvedAmount": 501])
        #expect(over.fieldPointers == ["/approvedAmount"])
        let gone = try await scene.kit.call("fund.cases.withdraw", ["id": .string(id), "reason": "계획 변경"])
        #expect(gone["state"] == "withdrawn" && gone["reason"] == "계획 변경")
        #expect(try await scene.kit.fault("fund.cases.decide", ["id": .string(id)]).code == .conflict)
        let open = try await scene.kit.call("fund.cases.list", ["fundId": .string(scene.fund), "state": "proposed"])
        #expect(open["items"]?.array?.count == 1)
    }
}
