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

    static func methods(_ catalogue: Catalogue) -> [Method] {
        writing(catalogue) + ProfilePublication<Kind>.methods + ProfileReviews<Kind>.methods + reading
            + ProfileDeclines<Kind>.methods + [search(catalogue)] + Duplicates<Kind>.methods(catalogue)
            + ProfileMerge<Kind>.methods
    }

    private static func name(_ verb: String) -> String { "matching.\(Kind.plural).\(verb)" }

    private static func writing(_ catalogue: Catalogue) -> [Method] {
        [
            .command(
                name("create"), Bilingual(ko: "\(Kind.name.ko)을(를) 초안으로 등록한다", en: "Writes a draft \(Kind.name.en)"),
                role: .member
            ) { (p: Create, w: Write) throws -> Created<Kind> in
                let profile = try create(p, w)
                return Created(
                    profile, try Duplicates.suspects(of: profile, catalogue, w.read, isCommitted: false))
            },
            .command(
                name("update"), Bilingual(ko: "\(Kind.name.ko)의 내용을 고친다", en: "Edits a \(Kind.name.en)"),
                role: .member
            ) { (p: Update, w: Write) throws -> Profile<Kind> in try update(p, w) },
        ]
    }

    static func create(_ p: Create, _ w: Write) throws -> Profile<Kind> {
        try ProfilePublication<Kind>.requireFuture(p.validUntil, w.now)
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
            partnerSought: p.partnerSought?.stated, partnerships: p.partnerships ?? [],
            exclusive: p.exclusive ?? (Kind.side == .supply), isReviewed: false, validUntil: p.validUntil,
            renewals: 0, source: p.source, createdAt: w.now, updatedAt: w.now, publishedAt: nil)
        try profile.requirePlainText()
        try profile.requireSoundIPR()
        try profile.save(.created, isNew: true, w)
        return profile
    }

    /// What is given replaces what was there; when nothing differs, nothing is recorded.
    private static func update(_ p: Update, _ w: Write) throws -> Profile<Kind> {
        try ProfilePublication<Kind>.requireFuture(p.validUntil, w.now)
        let old = try Profile<Kind>.own(p.id, w)
        var profile = old
        try profile.replaceContent(p, w.now)
        if let validUntil = p.validUntil, validUntil != old.validUntil {
            if old.state == .published {
                profile.setValidity(validUntil, w.now)
            } else {
                profile.validUntil = validUntil
            }
        }
        let changed = Set(
            Profile<Kind>.changes(from: try JSON.encode(old), to: try JSON.encode(profile)).map(\.member))
        let isContentChanged = !changed.isSubset(of: ["validUntil", "expiryNoticeAt"])
        var standing = old.standing(at: w.now)
        do throws(ProfileRefused) {
            var edited = standing
            try edited.edit(by: w.call.actor)
            if isContentChanged { standing = edited }
        } catch { throw error.fault(p.id) }
        guard !changed.isEmpty else { return old }
        try require(profile, mayFollow: old, at: standing.state, w)
        if isContentChanged { profile.version += 1 }
        try profile.stand(standing, w)
        try profile.save(.edited, w)
        return profile
    }

    /// What an edit may not do.
    private static func require(
        _ profile: Profile<Kind>, mayFollow old: Profile<Kind>, at state: ProfileState, _ w: Write
    ) throws {
        if profile.type != old.type, state != .draft {
            throw Fault.failedPrecondition(
                rule: "profile.typeFixed",
                Bilingual(
                    ko: "유형은 초안일 때만 바꿀 수 있습니다. 새로 등록하세요.",
                    en: "Its type can change only while it is a draft. Create another one."),
                data: ["type": .string(old.type.rawValue), "state": .string(state.rawValue)])
        }
        if Kind.side == .supply, profile.exclusive != old.exclusive {
            try TechnologyHolds.requireFree(profile.id.description, w)
        }
        try profile.requirePlainText()
        try profile.requireSoundIPR()
        if state == .submitted || state == .published { try profile.requireNoContact() }
    }

    /// The type that was asked for, if it is one of this side.
    fileprivate static func checkedType(_ type: ProfileType?) throws -> ProfileType? {
        guard let type, type.side != Kind.side else { return type }
        let own = ProfileType.allCases.filter { $0.side == Kind.side }.map(\.rawValue).joined(separator: ", ")
        throw Fault.invalid(
            "/type", .string(type.rawValue),
            Bilingual(
                ko: "\(type.side.name.ko)의 유형입니다. \(Kind.plural)에는 \(own) 가운데 하나여야 합니다",
                en: "is a type of \(type.side.name.en); of \(Kind.plural) it must be one of \(own)"))
    }
}

extension Profile {
    fileprivate mutating func replaceContent(_ p: Profiles<Kind>.Update, _ now: Instant) throws {
        let codes = try WrittenCodes(p.patents, p.classifications, now)
        type = try Profiles<Kind>.checkedType(p.type) ?? type
        title = p.title ?? title
        summary = p.summary ?? summary
        description = p.description ?? description
        advantages = p.advantages ?? advantages
        keywords = p.keywords ?? keywords
        trl = p.trl ?? trl
        iprStatus = p.iprStatus ?? iprStatus
        patents = codes.patents ?? patents
        classifications = codes.classifications ?? classifications
        fields = p.fields ?? fields
        industries = p.industries ?? industries
        ksicSections = p.ksicSections ?? ksicSections
        region = p.region ?? region
        partnerSought = p.partnerSought.map(\.stated) ?? partnerSought
        partnerships = p.partnerships ?? partnerships
        exclusive = p.exclusive ?? exclusive
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
