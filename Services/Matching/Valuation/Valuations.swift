import JSON
import ServiceKit
import Storage
import Vocabulary

enum ValuationKind: IDKind { static let prefix = "val" }

/// `matching.valuations.*`: what a technology is worth by the income approach, with all that the figure rests on.
enum Valuations {
    struct Compute: Codable, Sendable {
        let inputs: ValuationInputs
    }

    struct Record: Codable, Sendable, Constrained {
        let dealId: DealID
        let side: Side
        let inputs: ValuationInputs
        /// Whether the other side reads it too. What is not shared is one side's own preparation.
        let isShared: Bool
        let note: String?
        let documents: [Document]?
        static let constraints: [String: Schema.Constraint] = [
            "note": .length(1...2_000), "documents": Document.limit,
        ]
    }

    struct List: Codable, Sendable, Constrained {
        let dealId: DealID
        let limit: Int?
        let after: ID<ValuationKind>?
        static let constraints: [String: Schema.Constraint] = ["limit": .range(1...50)]
    }

    struct Valuation: Codable, Sendable {
        let id: ID<ValuationKind>
        let dealId: DealID
        let side: Side
        let isShared: Bool
        let inputs: ValuationInputs
        let report: ValuationReport
        let note: String?
        let documents: [Document]
        let at: Instant
        let principal: String
    }

    static let methods: [Method] = [
        .query(
            "matching.valuations.compute",
            Bilingual(
                ko: "수익접근법으로 기술가치를 계산한다. 저장하지 않는다", en: "Values a technology by the income approach; keeps nothing"),
            role: .viewer
        ) { (p: Compute, _: Read) throws -> ValuationReport in try report(p.inputs) },
        .command(
            "matching.valuations.record",
            Bilingual(ko: "거래의 기술가치평가를 계산해 남긴다", en: "Values a deal's technology and keeps the report")
        ) { (p: Record, w: Write) throws -> Valuation in
            var deal = try Deals.mine(p.dealId, p.side, w)
            let valuation = Valuation(
                id: .new(at: w.now), dealId: deal.id, side: p.side, isShared: p.isShared, inputs: p.inputs,
                report: try report(p.inputs), note: p.note, documents: p.documents ?? [], at: w.now,
                principal: w.call.principal)
            _ = try deal.take(.value, w)
            try w.db.run(
                """
                INSERT INTO valuation (id, deal_id, side, is_shared, inputs, report, note, documents, at, principal)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                valuation.id, deal.id, p.side, p.isShared, try JSON.encode(p.inputs).text,
                try JSON.encode(valuation.report).text, p.note, try JSON.encode(valuation.documents).text, w.now,
                w.call.principal)
            // Both sides read the history; note and documents go with the valuation, to whom it is shown.
            try deal.record(.valued, p.side, note: nil, w)
            return valuation
        },
        .command(
            "matching.valuations.share",
            Bilingual(ko: "평가를 상대에게도 보여준다", en: "Lets the other side read a valuation"), role: .member,
            idempotent: true
        ) { (p: ByID<ValuationKind>, w: Write) throws -> Valuation in
            let valuation = try find(p.id, w.db)
            let deal = try Deals.mine(valuation.dealId, valuation.side, w)
            try w.db.run("UPDATE valuation SET is_shared = 1 WHERE id = ?", p.id)
            w.audit(subject: deal.id.description)
            return try find(p.id, w.db)
        },
        .query(
            "matching.valuations.get", Bilingual(ko: "기술가치평가를 조회한다", en: "Reads a valuation"), role: .viewer
        ) { (p: ByID<ValuationKind>, r: Read) throws -> Valuation in
            let valuation = try find(p.id, r.db)
            let deal = try Deal.find(valuation.dealId, r.db)
            try deal.requireParty(r.db, r.call)
            guard try valuation.isShared || Representation.mayAct(for: deal.organisation(valuation.side), r.db, r.call)
            else { throw Fault.notFound(kind: "valuation", id: p.id.description) }
            return valuation
        },
        .query(
            "matching.valuations.list", Bilingual(ko: "거래의 기술가치평가를 조회한다", en: "Lists a deal's valuations"),
            role: .viewer
        ) { (p: List, r: Read) throws -> Page<Valuation> in
            let deal = try Deal.find(p.dealId, r.db)
            try deal.requireParty(r.db, r.call)
            let mine = try Side.allCases.filter {
                try Representation.mayAct(for: deal.organisation($0), r.db, r.call)
            }
            var listing = Listing("SELECT * FROM valuation")
            listing.add("deal_id = ?", p.dealId)
            listing.add("(is_shared = 1 OR side IN (\(placeholders(mine.count))))", all: mine)
            return try listing.page(
                in: r.db, after: p.after, limit: p.limit ?? 20, cursor: \.id.description, item: valuation)
        },
    ]

    private static func report(_ inputs: ValuationInputs) throws -> ValuationReport {
        let faults = inputs.faults(at: "/inputs")
        guard faults.isEmpty else { throw Fault.invalid(faults) }
        do {
            return try ValuationReport(inputs)
        } catch {
            let growth = inputs.terminalGrowth
            throw Fault.invalid(
                growth == nil ? "/inputs/revenue/won" : "/inputs/terminalGrowth",
                growth.map { .integer(Int64($0.basisPoints)) },
                Bilingual(
                    ko: "가치가 \(Won.largest.korean)을 넘습니다. 단위(원)와, 영구성장률이 할인율에 너무 가깝지 않은지 확인하세요",
                    en:
                        "makes a value above \(Won.largest.english): check the unit, and that growth is well below the rate"
                ))
        }
    }

    private static func find(_ id: ID<ValuationKind>, _ db: Connection) throws -> Valuation {
        guard let row = try db.row("SELECT * FROM valuation WHERE id = ?", id) else {
            throw Fault.notFound(kind: "valuation", id: id.description)
        }
        return try valuation(row)
    }

    private static func valuation(_ row: Row) throws -> Valuation {
        Valuation(
            id: try row.get("id"), dealId: try row.get("deal_id"), side: try row.get("side"),
            isShared: try row.get("is_shared"),
            inputs: try JSON(parsing: try row.get("inputs") as String).decode(ValuationInputs.self),
            report: try JSON(parsing: try row.get("report") as String).decode(ValuationReport.self),
            note: try row.getIfPresent("note"), documents: try Document.list(row),
            at: try row.get("at"), principal: try row.get("principal"))
    }
}
