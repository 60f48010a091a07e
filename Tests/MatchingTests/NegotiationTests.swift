import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite("From the agreement to the contract")
struct NegotiationTests {
    private let digest = String(repeating: "ab", count: 32)

    @Test func everyStepIsKeptWithWhoAndWhatFor() async throws {
        let exchange = try await Exchange()
        let deal = try await Dealing(exchange)
        #expect(try await deal.get()["stage"]?.string == "nda")
        // What is confidential is given under the NDA of both sides only.
        let early = try await deal.refused("disclose", "supply", ["content": "배합비 3:7"])
        #expect(early?.data["rule"]?.string == "deal.ndaMissing")
        let paper: JSON = ["title": "NDA", "reference": "DJ-2026-17", "sha256": .string(digest)]
        try await deal.act("signNda", "supply", ["documents": [paper]])
        #expect(try await deal.refused("disclose", "supply", ["content": "배합비 3:7"]) != nil)
        #expect(try await deal.act("signNda", "demand")["stage"]?.string == "consulting")
        try await deal.act("disclose", "supply", ["content": "배합비 3:7"])
        try await deal.act(
            "consult", "supply", ["heldOn": "2026-10-01", "minutes": 90, "summary": "공정 적용 상담"])
        #expect(try await deal.act("finish", "demand", ["stage": "consulting"])["stage"]?.string == "valuation")
        try await deal.act("skip", "demand", ["stage": "valuation", "reason": "소액 기술지도"])
        let read = try await deal.get()
        let actions = read["history"]?.array?.compactMap { $0["action"]?.string } ?? []
        #expect(
            actions == [
                "proposed", "accepted", "agreed", "ndaSigned", "ndaSigned", "disclosed", "consulted", "finished",
                "skipped",
            ])
        #expect(read.at("/history/3/documents/0/sha256")?.string == digest)
        #expect(read.at("/history/3/principal")?.string == "institute")
        #expect(read.at("/history/8/note")?.string == "소액 기술지도" && read.at("/history/8/stage") == "negotiation")
        #expect(read["ndaSignedBy"]?.texts == ["demand", "supply"])
        for (method, pointer) in [("disclosures", "/items/0/content"), ("sessions", "/items/0/summary")] {
            let list = try await exchange.kit.call("matching.deals.\(method)", ["id": .string(deal.id)])
            #expect(list.at(pointer)?.string?.isEmpty == false)
            let stranger = try await exchange.fault(
                "matching.deals.\(method)", ["id": .string(deal.id)], as: "stranger", [.viewer])
            #expect(stranger?.code == .forbidden)
        }
        let types = try await exchange.types().filter { $0.contains(".deal.") }
        #expect(types.last == "ieum.matching.deal.skipped")
        // What is confidential is in no event.
        #expect(try await !exchange.kit.events.contains { $0.text.contains("배합비") })
    }

    @Test func theLastTermsThatBothAcceptedBecomeTheContract() async throws {
        let exchange = try await Exchange()
        let deal = try await Dealing(exchange)
        try await deal.skipToNegotiation()
        try await deal.act("offer", "supply", ["terms": Dealing.terms()])
        let counter = try await deal.act(
            "offer", "demand",
            ["terms": Dealing.terms(["running": ["rateBasisPoints": 200]]), "note": "요율을 낮추면 하겠습니다"])
        #expect(counter["version"]?.integer == 2)
        #expect(
            counter.at("/terms/fixedFee/payments")?.array?.compactMap { $0["amount"]?.integer } == [
                33_333_334, 33_333_333, 33_333_333,
            ])
        #expect(
            counter.at("/terms/fixedFee/payments/1/dueOn")?.string == "2021-09-30", "the last day of a shorter month")
        let stale = try await deal.refused("acceptTerms", "supply", ["version": 1])
        #expect(stale?.data["rule"]?.string == "deal.otherTerms")
        #expect(try await deal.act("acceptTerms", "supply", ["version": 2])["stage"]?.string == "contract")
        try await deal.act("sign", "demand", ["version": 2, "signedOn": "2021-02-20"])
        try await deal.act("sign", "demand", ["version": 2, "signedOn": "2021-02-20"])
        #expect(try await deal.get()["state"]?.string == "agreed")
        let signed = try await deal.act("sign", "supply", ["version": 2, "signedOn": "2021-02-22"])
        #expect(signed["state"]?.string == "committed" && signed["stage"]?.string == "followUp")
        let read = try await deal.get()
        #expect(read.at("/contract/signedOn")?.string == "2021-02-22", "the later of both days")
        #expect(read.at("/contract/terms/running/rateBasisPoints")?.integer == 200)
        #expect(read.at("/contract/isByTransfer")?.bool == false)
        // It took the technology: a posted hold stands, and nobody else can have it.
        let other = try await exchange.demand("센서 기술 둘")
        let taken = try await exchange.kit.fault(
            "matching.technologies.hold",
            ["technologyId": .string(deal.technology), "demandId": .string(other), "holder": "x"])
        #expect(taken.code == .conflict && taken.data["state"]?.string == "posted")
        // After it nobody declines, offers or goes back.
        #expect(try await deal.refused("decline", "supply", ["reason": "tooEarly"])?.code == .conflict)
        #expect(try await deal.refused("offer", "supply", ["terms": Dealing.terms()])?.data["rule"] == "deal.stage")
        let offers = try await exchange.kit.call("matching.deals.offers", ["id": .string(deal.id), "limit": 1])
        #expect(offers.at("/items/0/version")?.integer == 1)
        let next: JSON = ["id": .string(deal.id), "after": offers["next"] ?? .null]
        #expect(try await exchange.kit.call("matching.deals.offers", next).at("/items/0/version")?.integer == 2)
    }

    @Test func theFlowsTransferIsTheContractOfTheTermsThatWereAccepted() async throws {
        for withTerms in [true, false] {
            let exchange = try await Exchange()
            let deal = try await Dealing(exchange)
            if withTerms {
                try await deal.skipToNegotiation()
                try await deal.act("offer", "supply", ["terms": Dealing.terms()])
                try await deal.act("acceptTerms", "demand", ["version": 1])
            }
            let hold = try await exchange.kit.call(
                "matching.technologies.hold",
                ["technologyId": .string(deal.technology), "demandId": .string(deal.demand), "holder": "flow"])
            if withTerms {
                try await deal.act("sign", "supply", ["version": 1])
                let during = try await deal.refused("sign", "demand", ["version": 1])
                #expect(during?.data["rule"]?.string == "deal.held", "the flow's posting concludes")
                let backing = try await deal.refused("offer", "supply", ["terms": Dealing.terms()])
                #expect(backing?.data["rule"]?.string == "deal.held", "nobody goes back on what is about to be posted")
            }
            try await exchange.kit.call("matching.technologies.post", ["id": hold["id"] ?? .null])
            let read = try await deal.get()
            #expect(read["state"]?.string == "committed" && read["holdId"] == hold["id"])
            #expect(read["stage"]?.string == (withTerms ? "followUp" : "nda"))
            #expect(read.at("/contract/isByTransfer")?.bool == (withTerms ? true : nil))
            guard !withTerms else { continue }
            // The contract is made up for afterwards, and takes no second hold.
            try await deal.skipToNegotiation()
            try await deal.contract()
            let after = try await deal.get()
            #expect(after["stage"]?.string == "followUp" && after["holdId"] == hold["id"])
        }
    }

    @Test func theTransferStandsForTheSignatures() async throws {
        let exchange = try await Exchange()
        let deal = try await Dealing(exchange)
        try await deal.skipToNegotiation()
        try await deal.act("offer", "supply", ["terms": Dealing.terms()])
        try await deal.act("acceptTerms", "demand", ["version": 1])
        // One side signed on an earlier day; it is by the transfer that there is a contract.
        try await deal.act("sign", "supply", ["version": 1, "signedOn": "2021-02-20"])
        let hold = try await exchange.kit.call(
            "matching.technologies.hold",
            ["technologyId": .string(deal.technology), "demandId": .string(deal.demand), "holder": "flow"])
        try await exchange.kit.call("matching.technologies.post", ["id": hold["id"] ?? .null])
        let contract = try await deal.get()["contract"]
        #expect(contract?["signedOn"]?.string == Day.inSeoul(at: exchange.kit.now).description)
        for side in ["demand", "supply"] {
            #expect(try await deal.act("sign", side, ["version": 1])["stage"]?.string == "followUp")
        }
        #expect(try await deal.get()["contract"] == contract)
    }

    /// Guidance leaves the technology to others, by a flow's posting as by signatures.
    @Test func aTransferTakesNoMoreThanItsTerms() async throws {
        let exchange = try await Exchange()
        let deal = try await Dealing(exchange)
        try await deal.skipToNegotiation()
        let guidance = Dealing.terms(["type": "guidance", "exclusive": false])
        try await deal.act("offer", "supply", ["terms": guidance])
        try await deal.act("acceptTerms", "demand", ["version": 1])
        let hold: JSON = [
            "technologyId": .string(deal.technology), "demandId": .string(deal.demand), "holder": "flow",
            "dealId": .string(deal.id),
        ]
        let held = try await exchange.kit.call("matching.technologies.hold", hold)
        #expect(held["exclusive"]?.bool == false)
        #expect(try await exchange.kit.call("matching.technologies.hold", hold)["id"] == held["id"])
        try await exchange.kit.call("matching.technologies.post", ["id": held["id"] ?? .null])
        #expect(try await deal.get().at("/contract/terms/type")?.string == "guidance")
        // Another has it for himself afterwards, and then nobody else.
        let other = try await exchange.demand("센서 기술 둘")
        let taking: JSON = [
            "technologyId": .string(deal.technology), "demandId": .string(other), "holder": "other",
        ]
        let taken = try await exchange.kit.call("matching.technologies.hold", taking)
        #expect(taken["exclusive"]?.bool == true)
        let late = try await exchange.kit.fault(
            "matching.technologies.hold",
            ["technologyId": .string(deal.technology), "demandId": .string(deal.demand), "holder": "third"])
        #expect(late.code == .conflict)
    }

    /// What takes the technology is committed by its signatures: who counts transfers by their events counts it.
    @Test func signaturesCommitADealOnce() async throws {
        let exchange = try await Exchange()
        let deal = try await Dealing(exchange)
        try await deal.skipToNegotiation()
        try await deal.contract()
        let actions = try await deal.get()["history"]?.array?.compactMap { $0["action"]?.string } ?? []
        #expect(actions.suffix(4) == ["signed", "signed", "committed", "concluded"])
        let again = try await exchange.kit.fault(
            "matching.technologies.hold",
            [
                "technologyId": .string(deal.technology), "demandId": .string(deal.demand), "holder": "flow",
                "dealId": .string(deal.id),
            ])
        #expect(again.data["rule"]?.string == "deal.signed", "nothing is left to hold")
    }

    @Test func howeverLongTheNotesADealCanBeRead() async throws {
        let deal = try await Dealing(try await Exchange())
        let digest = digest
        let papers = JSON.array(
            (0..<20).map { _ in
                [
                    "title": .string(String(repeating: "가", count: 200)),
                    "reference": .string(String(repeating: "나", count: 500)), "sha256": .string(digest),
                ]
            })
        try await deal.act("skip", "demand", ["stage": "nda", "reason": "공개 기술"])
        for _ in 0..<30 {
            try await deal.act(
                "consult", "supply",
                ["heldOn": "2026-10-01", "minutes": 90, "summary": "상담", "documents": papers])
        }
        let read = try await deal.get()
        #expect(read.text.utf8.count < 700_000)
        let steps = read["history"]?.array ?? []
        #expect(steps.last?["step"]?.integer == 34 && steps.count + Int(read["olderSteps"]?.integer ?? 0) == 34)
    }

    @Test func exclusivityAgreesWithTheTechnology() async throws {
        let exchange = try await Exchange()
        let one = try await Dealing(exchange)
        try await one.skipToNegotiation()
        let many = try await one.refused("offer", "demand", ["terms": Dealing.terms(["exclusive": false])])
        #expect(many?.data["rule"]?.string == "contract.exclusivity")
        // Guidance takes nothing from others: no hold is posted.
        try await one.contract(Dealing.terms(["type": "guidance", "exclusive": false]))
        #expect(try await one.get()["holdId"]?.string == nil)
        let open = try await Dealing(try await Exchange(), ["exclusive": false])
        try await open.skipToNegotiation()
        #expect(
            try await open.refused("offer", "demand", ["terms": Dealing.terms()])?.data["rule"]
                == "contract.exclusivity")
        try await open.contract(Dealing.terms(["exclusive": false]))
        #expect(try await open.get()["holdId"]?.string != nil)
        // One that was opened to many after the terms were accepted is not held for one.
        let changed = try await Dealing(exchange)
        try await changed.skipToNegotiation()
        try await changed.act("offer", "supply", ["terms": Dealing.terms()])
        try await changed.act("acceptTerms", "demand", ["version": 1])
        try await exchange.kit.call(
            "matching.technologies.update", ["id": .string(changed.technology), "exclusive": false])
        let held = try await exchange.kit.fault(
            "matching.technologies.hold",
            [
                "technologyId": .string(changed.technology), "demandId": .string(changed.demand), "holder": "flow",
                "dealId": .string(changed.id),
            ])
        #expect(held.data["rule"]?.string == "contract.exclusivity")
    }

    @Test func termsAreSoundToTheLastWon() async throws {
        let deal = try await Dealing(try await Exchange())
        try await deal.skipToNegotiation()
        let wrong: [(JSON, Set<String>)] = [
            (["type": "assignment", "exclusive": false], ["/terms/exclusive"]),
            (["endsOn": "2021-03-01"], ["/terms/endsOn"]),
            (["fixedFee": ["total": 10]], ["/terms/fixedFee/payments"]),
            (["fixedFee": ["total": 0, "payments": []]], ["/terms/fixedFee/payments"]),
            (
                ["fixedFee": ["total": 10, "payments": [["dueOn": "2021-03-31", "amount": 9]]]],
                ["/terms/fixedFee/payments"]
            ),
            (
                ["fixedFee": ["total": 0, "payments": [["dueOn": "2021-03-31", "amount": 0]]]],
                ["/terms/fixedFee/total"]
            ),
            (
                ["fixedFee": ["total": 2, "plan": ["firstOn": "2021-03-31", "count": 3, "everyMonths": 6]]],
                ["/terms/fixedFee/plan/count"]
            ),
            (["running": ["rateBasisPoints": 0]], ["/terms/running/rateBasisPoints"]),
            (
                ["running": ["rateBasisPoints": 300, "annualMinimum": 5, "annualCap": 4]],
                ["/terms/running/annualMinimum"]
            ),
        ]
        for (terms, pointers) in wrong {
            let fault = try await deal.refused("offer", "supply", ["terms": Dealing.terms(terms)])
            #expect(fault?.pointers == pointers, "\(terms.text)")
        }
        let ahead = try await deal.refused("signNda", "supply", ["signedOn": "2999-01-01"])
        #expect(ahead?.pointers == ["/signedOn"])
        let digest = try await deal.refused(
            "signNda", "supply", ["documents": [["title": "NDA", "reference": "1", "sha256": "ABC"]]])
        #expect(digest?.pointers == ["/documents/0/sha256"])
    }

    @Test func whatStandsStillIsSaidOnce() async throws {
        let exchange = try await Exchange()
        let deal = try await Dealing(exchange)
        func stalled() async throws -> Int {
            try await exchange.types().count { $0 == "ieum.matching.deal.stalled" }
        }
        try await exchange.kit.advance(seconds: 30 * 86_400 - 1)
        #expect(try await stalled() == 0)
        for _ in 1...2 { try await exchange.kit.advance(seconds: 1) }
        #expect(try await stalled() == 1)
        let list = try await exchange.kit.call("matching.deals.list", ["isStalled": true, "stage": "nda"])
        #expect(list["items"]?.array?.compactMap { $0["id"]?.string } == [deal.id])
        try await deal.act("skip", "demand", ["stage": "nda", "reason": "공개 기술"])
        #expect(try await deal.get()["stalledAt"]?.string == nil)
        try await exchange.kit.advance(seconds: 90 * 86_400)
        #expect(try await stalled() == 2)
    }
}
