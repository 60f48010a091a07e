import JSON
import ServiceKit
import Storage
import Vocabulary

/// Consent of a person: for each purpose by itself, with an end, withdrawn at any time (PIPA Art. 15, 17, 22, 37).
/// What was given stays recorded; what counts is the row without an end whose time has not passed.
enum Consents {
    enum Purpose: String, Codable, CaseIterable, Sendable, SQLValue {
        /// To appear, masked, in recommendations.
        case recommendation
        /// To hand name and contact to an organisation after both sides agreed.
        case contact
        /// To hold and book the person's time.
        case engagement
    }

    /// Edition of the notice texts below; recorded with each consent.
    static let edition = "2026-11"
    static let defaultDays: Int64 = 365
    static let longestDays: Int64 = 3 * 365

    struct Consent: Codable, Sendable {
        let id: ConsentID
        let personId: PersonID
        let purpose: Purpose
        /// Edition of the notice that the person read.
        let notice: String
        let recordedBy: String
        let grantedAt: Instant
        let expiresAt: Instant
        let endedAt: Instant?
        /// Given, not withdrawn, not past its time.
        let live: Bool
    }

    struct Grant: Codable, Sendable {
        let personId: PersonID
        let purpose: Purpose
        /// At most three years ahead; left out: one year.
        let expiresAt: Instant?
    }

    struct Withdraw: Codable, Sendable {
        let personId: PersonID
        let purpose: Purpose
    }

    struct ByPerson: Codable, Sendable { let personId: PersonID }
    struct History: Codable, Sendable { let items: [Consent] }

    struct Notice: Codable, Sendable {
        let purpose: Purpose
        let edition: String
        let items: Bilingual
        let use: Bilingual
        let retention: Bilingual
        let refusal: Bilingual
    }
    struct Notices: Codable, Sendable { let items: [Notice] }

    static let methods: [Method] = [
        .command(
            "talent.consents.grant",
            Bilingual(ko: "목적별 동의를 기록한다", en: "Records a person's consent for one purpose"), role: .member
        ) { (p: Grant, w: Write) throws -> Consent in
            try Ownership.require(Profiles.lock(p.personId, w), w.call, permission: "talent.person.own")
            w.audit(subject: p.personId.description)
            return try grant(p.purpose, of: p.personId, until: p.expiresAt, at: "/expiresAt", w)
        },
        .command(
            "talent.consents.withdraw",
            Bilingual(
                ko: "동의를 철회한다. 추천에서 즉시 사라지고, 진행 중인 예약은 취소된다",
                en: "Withdraws a consent: it takes effect at once, and holds that rested on it are voided"),
            role: .member, idempotent: true
        ) { (p: Withdraw, w: Write) throws -> History in
            try Ownership.require(Profiles.lock(p.personId, w), w.call, permission: "talent.person.own")
            w.audit(subject: p.personId.description)
            try withdraw(p.purpose, of: p.personId, w)
            return try history(of: p.personId, w.db, w.now)
        },
        .query(
            "talent.consents.list",
            Bilingual(ko: "동의와 철회의 기록을 읽는다", en: "Reads the record of consents and withdrawals"), role: .member
        ) { (p: ByPerson, r: Read) throws -> History in
            try Ownership.require(Profiles.owner(p.personId, r.db), r.call, permission: "talent.person.own")
            return try history(of: p.personId, r.db, r.now)
        },
        .query(
            "talent.consents.notices",
            Bilingual(ko: "동의를 받을 때 알려야 할 사항", en: "What a person must be told before consenting"), role: .viewer
        ) { (_: NoParameters, _: Read) throws -> Notices in Notices(items: Purpose.allCases.map(notice)) },
    ]

    static func isLive(_ purpose: Purpose, of person: PersonID, _ db: Connection, _ now: Instant) throws -> Bool {
        try db.row(
            """
            SELECT id FROM consents
            WHERE person_id = ? AND purpose = ? AND ended_at IS NULL AND expires_at > ?
            """, person, purpose, now) != nil
    }

    static func require(_ purpose: Purpose, of person: PersonID, _ db: Connection, _ now: Instant) throws {
        guard try !isLive(purpose, of: person, db, now) else { return }
        throw Fault.failedPrecondition(
            rule: "consent.\(purpose.rawValue)",
            Bilingual(
                ko: "이 목적의 동의가 없거나 끝났습니다. 본인에게 안내하고 talent.consents.grant로 동의를 기록해 주세요",
                en: "There is no live consent for this purpose. Give the person the notice and record the consent "
                    + "with talent.consents.grant"),
            data: ["personId": .string(person.description), "purpose": .string(purpose.rawValue)])
    }

    /// A new consent takes the place of the one before; the caller has locked the person.
    static func grant(
        _ purpose: Purpose, of person: PersonID, until: Instant?, at pointer: String, _ w: Write
    ) throws -> Consent {
        let expiresAt = until ?? w.now.adding(seconds: defaultDays * 86_400)
        guard expiresAt > w.now, expiresAt <= w.now.adding(seconds: longestDays * 86_400) else {
            throw Fault.invalid(
                pointer, .string(expiresAt.description),
                Bilingual(ko: "지금부터 3년 이내의 시각이어야 합니다", en: "must lie within three years from now"))
        }
        try w.db.run(
            "UPDATE consents SET ended_at = ? WHERE person_id = ? AND purpose = ? AND ended_at IS NULL", w.now, person,
            purpose)
        let id = ConsentID.new(at: w.now)
        try w.db.run(
            """
            INSERT INTO consents (id, person_id, purpose, notice, recorded_by, granted_at, expires_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, id, person, purpose, edition, w.call.principal, w.now, expiresAt)
        try w.emit(
            "talent.consent.granted", subject: person.description,
            Changed(personId: person, purpose: purpose, expiresAt: expiresAt))
        return Consent(
            id: id, personId: person, purpose: purpose, notice: edition, recordedBy: w.call.principal,
            grantedAt: w.now, expiresAt: expiresAt, endedAt: nil, live: true)
    }

    /// The caller has locked the person. Withdrawing what is not there changes nothing.
    static func withdraw(_ purpose: Purpose, of person: PersonID, _ w: Write) throws {
        let ended = try w.db.run(
            "UPDATE consents SET ended_at = ? WHERE person_id = ? AND purpose = ? AND ended_at IS NULL", w.now, person,
            purpose)
        guard ended > 0 else { return }
        if purpose == .engagement { try Engagements.voidHolds(of: person, reason: "consent withdrawn", w) }
        try w.emit(
            "talent.consent.withdrawn", subject: person.description,
            Changed(personId: person, purpose: purpose, expiresAt: nil))
    }

    private struct Changed: Codable, Sendable {
        let personId: PersonID
        let purpose: Purpose
        let expiresAt: Instant?
    }

    private static func history(of person: PersonID, _ db: Connection, _ now: Instant) throws -> History {
        let rows = try db.rows("SELECT * FROM consents WHERE person_id = ? ORDER BY id DESC LIMIT 200", person)
        return History(
            items: try rows.map { row throws in
                let (expiresAt, endedAt): (Instant, Instant?) = (
                    try row.get("expires_at"), try row.getIfPresent("ended_at")
                )
                return Consent(
                    id: try row.get("id"), personId: person, purpose: try row.get("purpose"),
                    notice: try row.get("notice"), recordedBy: try row.get("recorded_by"),
                    grantedAt: try row.get("granted_at"), expiresAt: expiresAt, endedAt: endedAt,
                    live: endedAt == nil && expiresAt > now)
            })
    }

    private static func notice(_ purpose: Purpose) -> Notice {
        let (items, use): (Bilingual, Bilingual) =
            switch purpose {
            case .recommendation:
                (
                    Bilingual(
                        ko: "기술·경력, 지역, 산업, 가능한 기간, 이름의 첫 글자", en: "skills, region, industries, availability, initial"),
                    Bilingual(ko: "구인 공고에 가려진 모습으로 추천", en: "to be recommended, masked, for postings")
                )
            case .contact:
                (
                    Bilingual(ko: "이름, 전자우편, 전화, 이력", en: "name, e-mail, phone, CV"),
                    Bilingual(
                        ko: "서로 동의한 기관에 \(Interests.contactDays)일 동안 제공(제3자 제공)",
                        en: "to be shown to an organisation after mutual agreement for \(Interests.contactDays) days")
                )
            case .engagement:
                (
                    Bilingual(ko: "가능한 기간과 비율", en: "availability in days and shares"),
                    Bilingual(ko: "일정의 예약과 확정", en: "to hold and book time")
                )
            }
        return Notice(
            purpose: purpose, edition: edition, items: items, use: use,
            retention: Bilingual(
                ko: "동의한 기한까지(최장 3년), 철회·삭제 요청 시 지체 없이 파기",
                en: "until the agreed end, three years at most; destroyed at once when asked"),
            refusal: Bilingual(
                ko: "동의를 거부할 수 있으며, 거부하면 이 기능만 쓸 수 없습니다", en: "You may refuse; then only this function is not available"
            ))
    }
}
