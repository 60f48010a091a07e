import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.outcomes.*`: whether what was transferred came to the market.
enum Outcomes {
    struct Record: Codable, Sendable, Constrained {
        let dealId: DealID
        /// The side that says so.
        let side: Side
        let status: CommercialStatus
        /// Of a failure.
        let reason: FailureReason?
        let note: String?
        static let constraints: [String: Schema.Constraint] = ["note": .length(1...2_000)]
    }

    struct Get: Codable, Sendable {
        let dealId: DealID
    }

    static let methods: [Method] = [
        .command(
            "matching.outcomes.record",
            Bilingual(
                ko: "이전된 기술의 사업화 결과를 기록한다. 정정은 이력에 남는다",
                en: "Records what became of a transferred technology; corrections stay in the history")
        ) { (p: Record, w: Write) throws -> Outcome in
            let deal = try Deal.find(p.dealId, w.db)
            try Representation.require(deal.organisation(p.side), w.db, w.call)
            let finding = OutcomeFinding(status: p.status, reason: p.reason, note: p.note)
            let faults = finding.faults()
            guard faults.isEmpty else { throw Fault.invalid(faults) }
            guard deal.state == .committed else { throw notTransferred(deal) }
            return try deal.keep(finding, w)
        },
        .query(
            "matching.outcomes.get",
            Bilingual(ko: "거래의 사업화 결과를 이력과 함께 조회한다", en: "Reads a deal's outcome with its history"),
            role: .viewer
        ) { (p: Get, r: Read) throws -> Outcome in
            let deal = try Deal.find(p.dealId, r.db)
            try deal.requireParty(r.db, r.call)
            return try Outcome(deal, r.db)
        },
    ]

    private static func notTransferred(_ deal: Deal) -> Fault {
        .failedPrecondition(
            rule: "deal.notCommitted",
            Bilingual(
                ko: "거래가 '\(deal.state.name.ko)' 상태입니다. 이전이 확정된 거래에만 사업화 결과를 기록할 수 있습니다.",
                en: "The deal is \(deal.state.rawValue). Only a transferred technology has an outcome."),
            data: ["state": .string(deal.state.rawValue), "id": .string(deal.id.description)])
    }
}
