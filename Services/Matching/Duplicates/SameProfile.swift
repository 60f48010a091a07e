import JSON
import ServiceKit
import Storage
import Vocabulary

/// A profile of the same side that certainly is the same thing: the same title of the same organisation.
struct SameProfile<Kind: ProfileKind> {
    let id: ID<Kind>
    /// What is the same, in the parameters of `create`.
    let pointer: String

    static func certain(_ profile: Profile<Kind>, _ db: Connection) throws -> [SameProfile] {
        try db.rows(
            """
            SELECT profile.id AS id FROM profile_code JOIN profile ON profile.id = profile_code.profile_id
            WHERE profile_code.scheme = 'title' AND profile_code.code = ? AND profile.side = ?
                AND profile.organisation_id = ? AND profile.id <> ? AND profile.merged_into IS NULL
            ORDER BY profile.id LIMIT 5
            """, ProfileTitle.key(profile.title), Kind.side, profile.organisationId, profile.id
        ).map { SameProfile(id: try $0.get("id"), pointer: "/title") }
    }

    func hint(_ name: Bilingual) -> Bilingual {
        Bilingual(
            ko: "같은 기관의 같은 제목이 이미 있습니다: \(id). 같은 것이면 matching.\(Kind.plural).merge로 합치세요",
            en:
                "the organisation has this title already: \(id). If it is the same, matching.\(Kind.plural).merge joins them"
        )
    }
}
