import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.technologies.hold`, `renew`, `post`, `void` and `holdStatus`: a technology is set aside for one demand
/// until the whole transaction is posted. An exclusive technology has one live hold or posted transfer at most.
enum TechnologyHolds {
    struct Hold: Codable, Sendable, Constrained {
        let technologyId: TechnologyID
        let demandId: DemandID
        /// Must be agreed by both sides. Left out, the agreed deal of the pair is taken if there is one.
        let dealId: DealID?
        /// For whom it is held, such as a flow's id.
        let holder: String
        /// Default 600.
        let ttlSeconds: Int?
        static let constraints: [String: Schema.Constraint] = [
            "holder": .length(1...200), "ttlSeconds": .range(1...86_400),
        ]
    }

    struct Renew: Codable, Sendable, Constrained {
        let id: HoldID
        let ttlSeconds: Int
        static let constraints: [String: Schema.Constraint] = ["ttlSeconds": .range(1...86_400)]
    }

    struct Void: Codable, Sendable, Constrained {
        let id: HoldID
        let reason: String?
        static let constraints: [String: Schema.Constraint] = ["reason": .length(1...500)]
    }

    static let methods: [Method] = [
        .command(
            "matching.technologies.hold",
            Bilingual(ko: "기술을 한 수요를 위해 보류한다", en: "Holds a technology for one demand"), role: .member
        ) { (p: Hold, w: Write) throws -> TechnologyHold in try hold(p, w) },
        .command(
            "matching.technologies.renew", Bilingual(ko: "보류를 연장한다", en: "Keeps a hold for longer"), role: .member,
            idempotent: true
        ) { (p: Renew, w: Write) throws -> TechnologyHold in
            try act(p.id, .renew, ttlSeconds: p.ttlSeconds, w)
        },
        .command(
            "matching.technologies.post",
            Bilingual(ko: "보류한 기술의 이전을 확정한다", en: "Posts a hold: the transfer is recorded on its deal"), role: .member,
            idempotent: true
        ) { (p: ByID<HoldKind>, w: Write) throws -> TechnologyHold in try act(p.id, .post, w) },
        .command(
            "matching.technologies.void", Bilingual(ko: "보류를 취소한다", en: "Voids a hold"), role: .member,
            idempotent: true
        ) { (p: Void, w: Write) throws -> TechnologyHold in try act(p.id, .void, reason: p.reason, w) },
        .query(
            "matching.technologies.holdStatus", Bilingual(ko: "보류를 조회한다", en: "Reads a hold"), role: .viewer
        ) { (p: ByID<HoldKind>, r: Read) throws -> TechnologyHold in
            let hold = try TechnologyHold.find(p.id, r.db)
            guard try hold.mayRead(r) else { throw Fault.forbidden(permission: "matching.hold:\(p.id)") }
            return hold.effective(at: r.now)
        },
    ]

    static let jobs = [
        Job(name: "expire technology holds", every: .seconds(1)) { (w: Write) throws in
            try expire(
                """
                SELECT * FROM technology_hold WHERE state = 'held' AND expires_at <= ? ORDER BY expires_at LIMIT 500
                """, [w.now], w)
        }
    ]

    private static func hold(_ p: Hold, _ w: Write) throws -> TechnologyHold {
        let technology = try Profile<TechnologyKind>.visible(p.technologyId, w.read)
        let demand = try Profile<DemandKind>.visible(p.demandId, w.read)
        let deal = try deal(p, w)
        try requireMay(technology, demand, isAgreed: deal != nil, w)
        try expire(
            "SELECT * FROM technology_hold WHERE technology_id = ? AND state = 'held' AND expires_at <= ?",
            [p.technologyId, w.now], w)
        if let live = try live(p.technologyId.description, w.db, w.now, holder: p.holder) {
            let isSame = live.holder == p.holder && live.demandId == p.demandId && live.state == .held
            if isSame, live.mayAct(w.call) { return live }
            if live.exclusive { throw live.taken }
        }
        try requireOpen(technology, w.now)
        try requireOpen(demand, w.now)
        let terms = try deal?.agreedTerms(w.db)
        try terms?.requireFit(technology)
        // What leaves the technology to others, such as guidance, keeps nobody from it.
        let hold = TechnologyHold(
            id: .new(at: w.now), technologyId: p.technologyId, demandId: p.demandId, dealId: deal?.id,
            holder: p.holder, exclusive: technology.exclusive && terms?.takesTechnology ?? true, state: .held,
            expiresAt: w.now.adding(seconds: Int64(p.ttlSeconds ?? 600)), reason: nil, createdBy: w.call.principal,
            createdAt: w.now, updatedAt: w.now)
        do {
            try hold.insert(w.db)
        } catch StorageError.constraint(.unique, _) {
            // Nothing that runs through this service comes here; the index keeps the promise all the same.
            throw Fault.conflict(Bilingual(ko: "이미 보류되었습니다. 잠시 뒤 다시 시도하세요.", en: "It is held already. Try later."))
        }
        try hold.emit(.held, w)
        return hold
    }

    private static func deal(_ p: Hold, _ w: Write) throws -> Deal? {
        guard let id = p.dealId else {
            return try Deal.open(p.demandId, p.technologyId, w.db).flatMap { $0.state == .agreed ? $0 : nil }
        }
        let deal = try Deal.find(id, w.db)
        try deal.requireParty(w.db, w.call)
        guard deal.demandId == p.demandId, deal.technologyId == p.technologyId else {
            throw Fault.invalid(
                "/dealId", .string(id.description),
                Bilingual(ko: "이 수요와 기술의 거래가 아닙니다", en: "is not the deal of this demand and this technology"))
        }
        if try deal.isSigned(w.db) {
            // A flow that comes to it goes on without this hold (`FlowParts.holds`).
            throw Fault.failedPrecondition(
                rule: "deal.signed",
                Bilingual(
                    ko: "양쪽이 계약에 서명해 이전이 이미 확정되었습니다. 보류할 것이 없습니다.",
                    en: "Both sides signed, and the contract committed the transfer. Nothing is left to hold."),
                data: ["state": .string(deal.state.rawValue), "id": .string(id.description)])
        }
        guard deal.state == .agreed else {
            throw Fault.failedPrecondition(
                rule: "deal.notAgreed",
                Bilingual(
                    ko: "거래가 '\(deal.state.name.ko)' 상태입니다. 양쪽이 모두 수락한 거래만 보류할 수 있습니다.",
                    en: "The deal is \(deal.state.rawValue). Only a deal that both sides accepted can be held for."),
                data: ["state": .string(deal.state.rawValue), "id": .string(id.description)])
        }
        return deal
    }

    /// With an agreed deal either side may hold; without one only who offers the technology.
    private static func requireMay(
        _ technology: Profile<TechnologyKind>, _ demand: Profile<DemandKind>, isAgreed: Bool, _ w: Write
    ) throws {
        if isAgreed, try Representation.mayAct(for: demand.organisationId, w.db, w.call) { return }
        try Representation.require(technology.organisationId, w.db, w.call)
    }

    private static func requireOpen<Kind>(_ profile: Profile<Kind>, _ now: Instant) throws {
        guard !profile.isOpen(at: now) else { return }
        let state = profile.effectiveState(at: now)
        throw Fault.failedPrecondition(
            rule: "\(Kind.noun).notPublished",
            Bilingual(
                ko: "\(Kind.name.ko)이(가) 공개 상태가 아닙니다(\(state.name.ko)). 공개한 뒤 다시 시도하세요.",
                en: "The \(Kind.name.en) is \(state.rawValue), not published. Publish it first."),
            data: ["id": .string(profile.id.description), "state": .string(state.rawValue)])
    }

    private static func act(
        _ id: HoldID, _ action: HoldAction, ttlSeconds: Int = 0, reason: String? = nil, _ w: Write
    ) throws -> TechnologyHold {
        var hold = try TechnologyHold.find(id, w.db)
        guard hold.mayAct(w.call) else { throw Fault.forbidden(permission: "matching.hold:\(id)") }
        let next = try hold.state.changed(by: action, of: id, expiresAt: hold.expiresAt, now: w.now)
        // A repeated post or void changes nothing and leaves no second event.
        guard action == .renew || next != hold.effective(at: w.now).state else { return hold.effective(at: w.now) }
        hold.state = next
        hold.updatedAt = w.now
        switch action {
        case .renew: hold.expiresAt = max(hold.expiresAt, w.now.adding(seconds: Int64(ttlSeconds)))
        case .post: try commitDeal(of: &hold, w)
        case .void: hold.reason = reason
        case .expire: break
        }
        try hold.replace(w.db)
        try hold.emit(action.event, w)
        return hold
    }

    private static func commitDeal(of hold: inout TechnologyHold, _ w: Write) throws {
        let deal: Deal? =
            if let id = hold.dealId { try Deal.find(id, w.db) } else {
                try Deal.open(hold.demandId, hold.technologyId, w.db).flatMap { $0.state == .agreed ? $0 : nil }
            }
        guard var deal else { return }
        hold.dealId = deal.id
        try deal.commit(hold.id, w)
    }

    /// Marks what is past its time as expired.
    private static func expire(_ query: String, _ arguments: [(any SQLValue)?], _ w: Write) throws {
        for row in try w.db.rows(query, arguments) {
            var hold = try TechnologyHold(row)
            hold.state = .expired
            hold.updatedAt = w.now
            try hold.replace(w.db)
            try hold.emit(.expired, w)
        }
    }
}
