import JSON
import ServiceKit
import Storage
import Vocabulary

/// Demands and technologies have one shape: what they are about, the stage, where, and how they would like to work
/// together. They differ in the side they are on.
protocol ProfileKind: IDKind {
    static var side: Side { get }
    /// In methods: `matching.<plural>.create`.
    static var plural: String { get }
    /// In events and errors.
    static var noun: String { get }
    static var name: Bilingual { get }
    static func index(_ indexes: Catalogue.Indexes) -> TextIndex<ID<Self>>
}

extension DemandKind: ProfileKind {
    static let side = Side.demand
    static let plural = "demands"
    static let noun = "demand"
    static let name = Bilingual(ko: "기술 수요", en: "technology demand")

    static func index(_ indexes: Catalogue.Indexes) -> TextIndex<DemandID> { indexes.demands }
}

extension TechnologyKind: ProfileKind {
    static let side = Side.supply
    static let plural = "technologies"
    static let noun = "technology"
    static let name = Bilingual(ko: "공급 기술", en: "technology offer")

    static func index(_ indexes: Catalogue.Indexes) -> TextIndex<TechnologyID> { indexes.technologies }
}

extension Side: SQLValue {}

/// A technology offer or a demand.
struct Profile<Kind: ProfileKind>: Codable, Sendable {
    let id: ID<Kind>
    let organisationId: OrganisationID
    /// Of this side's types; fixed once it is no draft any more.
    var type: ProfileType
    var state: ProfileState
    /// Counts the edits of the content, from 1.
    var version: Int
    var title: String
    var summary: String
    var description: String
    /// What is new, and better than what others have.
    var advantages: String
    var keywords: [String]
    /// Of a technology the stage it has reached, of a demand the stage it needs; absent when the source does not say.
    var trl: TRL?
    var iprStatus: [IPRStatus]
    var patents: [PatentNumber]
    /// IPC and CPC.
    var classifications: [PatentClass]
    var fields: [ScienceField]
    var industries: [StrategicIndustry]
    var ksicSections: [KSICSection]
    var region: Region?
    var partnerSought: PartnerSought?
    var partnerships: [Partnership]
    /// Of a technology: it goes to one taker only. Of a demand: exclusive rights are needed.
    var exclusive: Bool
    /// The present version passed its review; what an operator published and what was edited since have not.
    var isReviewed: Bool
    /// Waits for a reviewer since then.
    var submittedAt: Instant?
    var validUntil: Instant?
    /// When its owner will be told that its time ends; absent when that is past or not needed.
    var expiryNoticeAt: Instant?
    /// How often its validity was prolonged.
    var renewals: Int
    let source: String?
    let createdAt: Instant
    var updatedAt: Instant
    var publishedAt: Instant?
    /// The profile that took its place when the two were found to be one; it stays withdrawn.
    var mergedInto: ID<Kind>?

    /// Open to matching at this moment; the job that marks what has expired may not have run yet.
    func isOpen(at now: Instant) -> Bool { effectiveState(at: now) == .published }

    func effectiveState(at now: Instant) -> ProfileState { state == .published && isPast(now) ? .expired : state }

    /// What it says was public at some time and is nobody's secret: it was published, and not taken back by a review.
    var isPublic: Bool {
        publishedAt != nil && (state == .published || state == .withdrawn || state == .expired)
    }

    /// The same as a condition on a row of the table.
    static func isPublic(in table: String = "profile") -> String {
        "\(table).published_at IS NOT NULL AND \(table).state IN ('published', 'withdrawn', 'expired')"
    }

    func isPast(_ now: Instant) -> Bool { validUntil.map { $0 <= now } ?? false }

    var text: String {
        ProfileText.joined(
            [
                title, summary, description, keywords.joined(separator: "\n"), advantages,
                partnerSought?.expertise ?? "",
            ],
            classifications)
    }

    var facts: Facts {
        Facts(
            trl: trl, region: region, fields: CaseSet(fields), industries: CaseSet(industries),
            sections: CaseSet(ksicSections), partnerships: CaseSet(partnerships))
    }
}

/// The text of a profile that is searched and compared: the same from a row as from a profile.
enum ProfileText {
    static let columns = ["title", "summary", "description", "keywords", "advantages", "partner_expertise"]

    static func joined(_ parts: [String], _ classifications: [PatentClass]) -> String {
        (parts + classifications.map(\.words)).joined(separator: "\n")
    }

    /// Of a row with those columns and `classifications`.
    static func of(_ row: Row) throws -> String {
        joined(try columns.map { try row.get($0) }, Lines.values(try row.get("classifications")))
    }
}

extension Profile {
    init(_ row: Row) throws {
        id = try row.get("id")
        organisationId = try row.get("organisation_id")
        type = try row.get("type")
        state = try row.get("state")
        version = try row.get("version")
        title = try row.get("title")
        summary = try row.get("summary")
        description = try row.get("description")
        advantages = try row.get("advantages")
        keywords = Lines.values(try row.get("keywords"))
        trl = try row.getIfPresent("trl")
        iprStatus = Codes.list(try row.get("ipr_status"))
        patents = Lines.values(try row.get("patents"))
        classifications = Lines.values(try row.get("classifications"))
        fields = Codes.list(try row.get("fields"))
        industries = Codes.list(try row.get("industries"))
        ksicSections = Codes.list(try row.get("sections"))
        region = try row.getIfPresent("region")
        partnerSought = try PartnerSought(row)
        partnerships = Codes.list(try row.get("partnerships"))
        exclusive = try row.get("exclusive")
        isReviewed = try row.get("reviewed")
        submittedAt = try row.getIfPresent("submitted_at")
        validUntil = try row.getIfPresent("valid_until")
        expiryNoticeAt = try row.getIfPresent("notice_at")
        renewals = try row.get("renewals")
        source = try row.getIfPresent("source")
        createdAt = try row.get("created_at")
        updatedAt = try row.get("updated_at")
        publishedAt = try row.getIfPresent("published_at")
        mergedInto = try row.getIfPresent("merged_into")
    }

    static func find(_ id: ID<Kind>, _ db: Connection) throws -> Profile {
        guard let profile = try findIfPresent(id, db) else {
            throw Fault.notFound(kind: Kind.noun, id: id.description)
        }
        return profile
    }

    /// The same for who may see it: what is not public yet is seen by its own organisation only.
    static func visible(_ id: ID<Kind>, _ r: Read) throws -> Profile {
        let profile = try find(id, r.db)
        if !profile.isPublic, try !Representation.mayAct(for: profile.organisationId, r.db, r.call) {
            throw Fault.notFound(kind: Kind.noun, id: id.description)
        }
        return profile
    }

    /// The same for who may act for its organisation.
    @discardableResult
    static func own(_ id: ID<Kind>, _ r: Read) throws -> Profile {
        let profile = try visible(id, r)
        try Representation.require(profile.organisationId, r.db, r.call)
        return profile
    }

    static func own(_ id: ID<Kind>, _ w: Write) throws -> Profile {
        let profile = try own(id, w.read)
        try profile.requireNotMerged()
        return profile
    }

    static func findIfPresent(_ id: ID<Kind>, _ db: Connection) throws -> Profile? {
        try db.row("SELECT * FROM profile WHERE id = ? AND side = ?", id, Kind.side).map(Profile.init)
    }

    /// Several at once, in no order; those that are not there are left out.
    static func find(_ ids: [ID<Kind>], _ db: Connection) throws -> [ID<Kind>: Profile] {
        var found: [ID<Kind>: Profile] = [:]
        for start in stride(from: 0, to: ids.count, by: 100) {
            let part = ids[start..<min(start + 100, ids.count)]
            for row in try db.rows("SELECT * FROM profile WHERE id IN (\(placeholders(part.count)))", Array(part)) {
                let profile = try Profile(row)
                found[profile.id] = profile
            }
        }
        return found
    }
}
