import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.demands.*` and `matching.technologies.*`: writing, publishing, withdrawing, reading.
enum Profiles<Kind: ProfileKind> {
    struct Create: Codable, Sendable, Constrained {
        let organisationId: OrganisationID
        /// Of this side's types; default: a technology offer or a technology request.
        let type: ProfileType?
        let title: String
        let summary: String
        let description: String?
        /// What is new, and better than what others have.
        let advantages: String?
        let keywords: [String]?
        let trl: TRL?
        /// `granted` needs a registration number among the patents, `applied` an application number.
        let iprStatus: [IPRStatus]?
        /// Applications (`10-2020-0123456`), registrations (`10-1234567`) and PCT (`PCT/KR2020/012345`).
        let patents: [String]?
        /// IPC or CPC symbols, such as `H01L 21/02` or `G01N`.
        let classifications: [String]?
        let fields: [ScienceField]?
        let industries: [StrategicIndustry]?
        let ksicSections: [KSICSection]?
        let region: Region?
        let partnerSought: PartnerSought?
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
        let type: ProfileType?
        let title: String?
        let summary: String?
        let description: String?
        let advantages: String?
        let keywords: [String]?
        let trl: TRL?
        let iprStatus: [IPRStatus]?
        let patents: [String]?
        let classifications: [String]?
        let fields: [ScienceField]?
        let industries: [StrategicIndustry]?
        let ksicSections: [KSICSection]?
        let region: Region?
        let partnerSought: PartnerSought?
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

    static func create(_ p: Create, _ w: Write) throws -> Profile<Kind> {
        try checkValidity(p.validUntil, w.now)
        let organisation = try Organisations.find(p.organisationId, w.db)
        try Representation.require(organisation.id, w.db, w.call)
        try organisation.requireNotMerged()
        let codes = try WrittenCodes(p.patents, p.classifications, w.now)
        let profile = Profile<Kind>(
            id: .new(at: w.now), organisationId: organisation.id,
            type: try checkedType(p.type) ?? .standard(of: Kind.side), state: .draft, version: 1, title: p.title,
            summary: p.summary, description: p.description ?? "", advantages: p.advantages ?? "",
            keywords: p.keywords ?? [], trl: p.trl, iprStatus: p.iprStatus ?? [], patents: codes.patents ?? [],
            classifications: codes.classifications ?? [], fields: p.fields ?? [], industries: p.industries ?? [],
            ksicSections: p.ksicSections ?? [], region: p.region ?? organisation.region,
            partnerSought: p.partnerSought, partnerships: p.partnerships ?? [],
            exclusive: p.exclusive ?? (Kind.side == .supply), validUntil: p.validUntil, source: p.source,
            createdAt: w.now, updatedAt: w.now, publishedAt: nil)
        try profile.requireSoundIPR()
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
        let codes = try WrittenCodes(p.patents, p.classifications, w.now)
        if let type = try checkedType(p.type), type != profile.type {
            guard state == .draft else {
                throw Fault.failedPrecondition(
                    rule: "profile.typeFixed",
                    Bilingual(
                        ko: "유형은 초안일 때만 바꿀 수 있습니다. 새로 등록하세요.",
                        en: "Its type can change only while it is a draft. Create another one."),
                    data: ["type": .string(profile.type.rawValue), "state": .string(state.rawValue)])
            }
            profile.type = type
        }
        profile.title = p.title ?? profile.title
        profile.summary = p.summary ?? profile.summary
        profile.description = p.description ?? profile.description
        profile.advantages = p.advantages ?? profile.advantages
        profile.keywords = p.keywords ?? profile.keywords
        profile.trl = p.trl ?? profile.trl
        profile.iprStatus = p.iprStatus ?? profile.iprStatus
        profile.patents = codes.patents ?? profile.patents
        profile.classifications = codes.classifications ?? profile.classifications
        profile.fields = p.fields ?? profile.fields
        profile.industries = p.industries ?? profile.industries
        profile.ksicSections = p.ksicSections ?? profile.ksicSections
        profile.region = p.region ?? profile.region
        profile.partnerSought = p.partnerSought ?? profile.partnerSought
        profile.partnerships = p.partnerships ?? profile.partnerships
        profile.exclusive = p.exclusive ?? profile.exclusive
        profile.validUntil = p.validUntil ?? profile.validUntil
        profile.version += 1
        profile.updatedAt = w.now
        try profile.requireSoundIPR()
        try profile.save(.edited, w)
        return profile
    }

    static func publish(_ p: Publish, _ w: Write) throws -> Profile<Kind> {
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
        try profile.requireNotMerged()
        return profile
    }

    /// The type that was asked for, if it is one of this side.
    private static func checkedType(_ type: ProfileType?) throws -> ProfileType? {
        guard let type, type.side != Kind.side else { return type }
        let own = ProfileType.allCases.filter { $0.side == Kind.side }.map(\.rawValue).joined(separator: ", ")
        throw Fault.invalid(
            "/type", .string(type.rawValue),
            Bilingual(
                ko: "\(type.side.name.ko)의 유형입니다. \(Kind.plural)에는 \(own) 가운데 하나여야 합니다",
                en: "is a type of \(type.side.name.en); of \(Kind.plural) it must be one of \(own)"))
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
        "advantages": .length(0...4_000), "keywords": .count(0...50), "iprStatus": .count(0...8),
        "patents": .count(0...50), "classifications": .count(0...50), "fields": .count(0...16),
        "industries": .count(0...20),
        "ksicSections": .count(0...21), "partnerships": .count(0...6),
    ]
}
