import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.demands.*` and `matching.technologies.*`: writing, publishing, withdrawing, reading.
enum Profiles<Kind: ProfileKind> {
    struct Create: Codable, Sendable, Constrained {
        let organisationId: OrganisationID
        let title: String
        let summary: String
        let description: String?
        let keywords: [String]?
        let trl: TRL?
        let fields: [ScienceField]?
        let industries: [StrategicIndustry]?
        let ksicSections: [KSICSection]?
        let region: Region?
        let partnerships: [Partnership]?
        /// Default: true for a technology, false for a demand.
        let exclusive: Bool?
        let validUntil: Instant?
        /// Where the record comes from, such as a line of a document, or `synthetic`.
        let source: String?

        static var constraints: [String: Schema.Constraint] {
            ProfileLimits.content.merging(["source": .length(1...200)]) { _, new in new }
        }
    }

    /// Every member that is given replaces what was there.
    struct Update: Codable, Sendable, Constrained {
        let id: ID<Kind>
        let title: String?
        let summary: String?
        let description: String?
        let keywords: [String]?
        let trl: TRL?
        let fields: [ScienceField]?
        let industries: [StrategicIndustry]?
        let ksicSections: [KSICSection]?
        let region: Region?
        let partnerships: [Partnership]?
        let exclusive: Bool?
        let validUntil: Instant?

        static var constraints: [String: Schema.Constraint] { ProfileLimits.content }
    }

    struct Publish: Codable, Sendable {
        let id: ID<Kind>
        /// A new validity, needed when the old one has passed.
        let validUntil: Instant?
    }

    struct Withdraw: Codable, Sendable, Constrained {
        let id: ID<Kind>
        let reason: String?
        static var constraints: [String: Schema.Constraint] { ["reason": .length(1...500)] }
    }

    static func methods(_ catalogue: Catalogue) -> [Method] { writing + reading + [search(catalogue)] }

    private static func name(_ verb: String) -> String { "matching.\(Kind.plural).\(verb)" }

    private static var writing: [Method] {
        [
            .command(
                name("create"), Bilingual(ko: "\(Kind.name.ko)을(를) 초안으로 등록한다", en: "Writes a draft \(Kind.name.en)"),
                role: .member
            ) { (p: Create, w: Write) throws -> Profile<Kind> in try create(p, w) },
            .command(
                name("update"), Bilingual(ko: "\(Kind.name.ko)의 내용을 고친다", en: "Edits a \(Kind.name.en)"),
                role: .member
            ) { (p: Update, w: Write) throws -> Profile<Kind> in try update(p, w) },
            .command(
                name("publish"),
                Bilingual(ko: "\(Kind.name.ko)을(를) 공개하거나 다시 공개한다", en: "Publishes a \(Kind.name.en), or renews it"),
                role: .member, idempotent: true
            ) { (p: Publish, w: Write) throws -> Profile<Kind> in try publish(p, w) },
            .command(
                name("withdraw"), Bilingual(ko: "\(Kind.name.ko)을(를) 철회한다", en: "Withdraws a \(Kind.name.en)"),
                role: .member, idempotent: true
            ) { (p: Withdraw, w: Write) throws -> Profile<Kind> in try withdraw(p, w) },
        ]
    }

    private static func create(_ p: Create, _ w: Write) throws -> Profile<Kind> {
        try checkValidity(p.validUntil, w.now)
        let organisation = try Organisations.find(p.organisationId, w.db)
        try Representation.require(organisation.id, w.db, w.call)
        let profile = Profile<Kind>(
            id: .new(at: w.now), organisationId: organisation.id, state: .draft, version: 1, title: p.title,
            summary: p.summary, description: p.description ?? "", keywords: p.keywords ?? [], trl: p.trl,
            fields: p.fields ?? [], industries: p.industries ?? [], ksicSections: p.ksicSections ?? [],
            region: p.region ?? organisation.region, partnerships: p.partnerships ?? [],
            exclusive: p.exclusive ?? (Kind.side == .supply), validUntil: p.validUntil, source: p.source,
            createdAt: w.now, updatedAt: w.now, publishedAt: nil)
        try profile.save(.created, isNew: true, w)
        return profile
    }

    private static func update(_ p: Update, _ w: Write) throws -> Profile<Kind> {
        try checkValidity(p.validUntil, w.now)
        var profile = try mine(p.id, w)
        let state = profile.effectiveState(at: w.now)
        guard state == .draft || state == .published else {
            throw Fault.failedPrecondition(
                rule: "profile.closed",
                Bilingual(
                    ko: "\(state.name.ko) 상태에서는 고칠 수 없습니다. 먼저 다시 공개하세요.",
                    en: "It is \(state.rawValue) and cannot be edited. Publish it again first."),
                data: ["state": .string(state.rawValue)])
        }
        if Kind.side == .supply, let exclusive = p.exclusive, exclusive != profile.exclusive {
            try TechnologyHolds.requireFree(profile.id.description, w)
        }
        profile.title = p.title ?? profile.title
        profile.summary = p.summary ?? profile.summary
        profile.description = p.description ?? profile.description
        profile.keywords = p.keywords ?? profile.keywords
        profile.trl = p.trl ?? profile.trl
        profile.fields = p.fields ?? profile.fields
        profile.industries = p.industries ?? profile.industries
        profile.ksicSections = p.ksicSections ?? profile.ksicSections
        profile.region = p.region ?? profile.region
        profile.partnerships = p.partnerships ?? profile.partnerships
        profile.exclusive = p.exclusive ?? profile.exclusive
        profile.validUntil = p.validUntil ?? profile.validUntil
        profile.version += 1
        profile.updatedAt = w.now
        try profile.save(.edited, w)
        return profile
    }

    private static func publish(_ p: Publish, _ w: Write) throws -> Profile<Kind> {
        try checkValidity(p.validUntil, w.now)
        var profile = try mine(p.id, w)
        if profile.isOpen(at: w.now), p.validUntil == nil || p.validUntil == profile.validUntil { return profile }
        profile.validUntil = p.validUntil ?? profile.validUntil
        guard !profile.isPast(w.now) else {
            throw Fault.failedPrecondition(
                rule: "profile.validityPassed",
                Bilingual(
                    ko: "유효기간이 지났습니다. 새 유효기간(validUntil)과 함께 공개하세요.",
                    en: "Its validity has passed. Publish it with a new validUntil."),
                data: ["validUntil": .string(profile.validUntil?.description ?? "")])
        }
        profile.state = .published
        profile.publishedAt = w.now
        profile.updatedAt = w.now
        try profile.save(.published, w)
        return profile
    }

    private static func withdraw(_ p: Withdraw, _ w: Write) throws -> Profile<Kind> {
        var profile = try mine(p.id, w)
        if profile.state == .withdrawn { return profile }
        if Kind.side == .supply { try TechnologyHolds.requireNoLiveHold(profile.id.description, w) }
        profile.state = .withdrawn
        profile.updatedAt = w.now
        try profile.save(.withdrawn, reason: p.reason, w)
        return profile
    }

    /// The profile, if the caller may act for its organisation.
    private static func mine(_ id: ID<Kind>, _ w: Write) throws -> Profile<Kind> {
        let profile = try Profile<Kind>.find(id, w.db)
        try Representation.require(profile.organisationId, w.db, w.call)
        return profile
    }

    private static func checkValidity(_ validUntil: Instant?, _ now: Instant) throws {
        guard let validUntil, validUntil <= now else { return }
        throw Fault.invalid(
            "/validUntil", .string(validUntil.description),
            Bilingual(ko: "앞으로 올 시각이어야 합니다", en: "must be a moment in the future"))
    }
}

/// The lengths of what people write, the same for every kind and every method.
enum ProfileLimits {
    static let content: [String: Schema.Constraint] = [
        "title": .length(2...200), "summary": .length(2...2_000), "description": .length(0...20_000),
        "keywords": .count(0...50), "fields": .count(0...16), "industries": .count(0...20),
        "ksicSections": .count(0...21), "partnerships": .count(0...6),
    ]
}
