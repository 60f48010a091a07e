import JSON
import ServiceKit
import Storage
import Vocabulary

/// A profile of the same side that certainly is the same thing: it names the same patent, or has the same title in
/// the same organisation.
struct SameProfile<Kind: ProfileKind> {
    let id: ID<Kind>
    let reason: LikenessReason

    /// What is the same, in the parameters of `create`.
    var pointer: String { reason == .samePatent ? "/patents" : "/title" }

    /// Those that the caller may know of: what is public, and what is of organisations that he acts for.
    static func certain(_ profile: Profile<Kind>, _ r: Read) throws -> [SameProfile] {
        let title = try find(profile, "title", ProfileTitle.key(profile.title), "AND profile.organisation_id = ?", r)
        let patents = try profile.patents.flatMap {
            try find(profile, "patent", $0.description, "AND profile.organisation_id <> ?", r)
                + find(profile, "patent", $0.description, "AND profile.organisation_id = ?", r)
        }
        var seen: Set<ID<Kind>> = []
        return
            (patents.map { SameProfile(id: $0, reason: .samePatent) }
            + title.map { SameProfile(id: $0, reason: .sameTitle) }).filter { seen.insert($0.id).inserted }
    }

    private static func find(
        _ profile: Profile<Kind>, _ scheme: String, _ code: String, _ condition: String, _ r: Read
    ) throws -> [ID<Kind>] {
        // The few with the code first: by itself SQLite would go through the whole side in the order of identifiers.
        try r.db.rows(
            """
            SELECT profile.id AS id FROM profile_code CROSS JOIN profile ON profile.id = profile_code.profile_id
            WHERE profile_code.scheme = ? AND profile_code.code = ? AND profile.side = ? \(condition)
                AND profile.id <> ? AND profile.merged_into IS NULL AND profile.state NOT IN ('withdrawn', 'rejected')
                AND (? OR profile.state = 'published' OR profile.organisation_id IN
                    (SELECT organisation_id FROM representative WHERE principal = ?))
            ORDER BY profile.id LIMIT 5
            """, scheme, code, Kind.side, profile.organisationId, profile.id, r.call.actsForOthers, r.call.principal
        ).map { try $0.get("id") }
    }

    var hint: Bilingual {
        Bilingual(
            ko: "이미 있는 것 같습니다(\(reason.name.ko)): \(id). 같은 것이면 matching.\(Kind.plural).merge로 합치세요",
            en: "seems to be there already (\(reason.name.en)): \(id). If so, matching.\(Kind.plural).merge joins them")
    }
}
