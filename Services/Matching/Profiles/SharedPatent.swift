import JSON
import ServiceKit
import Storage
import Vocabulary

/// A patent number that profiles of different organisations name: joint owners, or a mistake, or a claim to what is
/// another's. It is shown, never refused.
struct SharedPatent: Codable, Sendable {
    struct Other: Codable, Sendable {
        let id: String
        let organisationId: OrganisationID
        let title: String
        let state: ProfileState
    }

    let number: PatentNumber
    let others: [Other]

    /// Those of a profile, each with at most ten others that are public or wait for review.
    static func of<Kind>(_ profile: Profile<Kind>, _ db: Connection) throws -> [SharedPatent] {
        try profile.patents.compactMap { number in
            let others = try db.rows(
                """
                SELECT p.id, p.organisation_id, p.title, p.state
                FROM profile_code c JOIN profile p ON p.id = c.profile_id
                WHERE c.scheme = 'patent' AND c.code = ? AND p.organisation_id <> ?
                    AND p.state IN ('submitted', 'published', 'expired')
                ORDER BY c.profile_id LIMIT 10
                """, number.description, profile.organisationId
            ).map { row in
                Other(
                    id: try row.get("id"), organisationId: try row.get("organisation_id"),
                    title: try row.get("title"), state: try row.get("state"))
            }
            return others.isEmpty ? nil : SharedPatent(number: number, others: others)
        }
    }

    private struct Notice: Codable, Sendable {
        let number: PatentNumber
        let profileIds: [String]
    }

    /// One event for each number when a profile that names it becomes public, with the others that are; what waits for
    /// review is shown to the reviewers only, since everybody reads the events.
    static func tell<Kind>(of profile: Profile<Kind>, _ w: Write) throws {
        for shared in try of(profile, w.db) {
            let others = shared.others.filter { $0.state != .submitted }
            guard !others.isEmpty else { continue }
            try w.emit(
                "matching.patent.shared", subject: profile.id.description,
                Notice(number: shared.number, profileIds: [profile.id.description] + others.map(\.id)))
        }
    }
}
