import JSON
import ServiceKit
import Storage
import Vocabulary

/// What happened to a profile; the past participle is the last part of the event's type.
enum ProfileAction: String, Codable, CaseIterable, Sendable, SQLValue {
    case created, edited, submitted, published, reviewed, held, rejected, renewed, withdrawn, expired
    /// Of the one that stays; of the one that goes, which also is withdrawn; of one whose organisation changed.
    case merged, mergedInto, moved
}

/// One member that a step changed. Long texts are shortened; `content` has the whole.
struct ProfileChange: Codable, Sendable {
    let member: String
    /// Absent when there was nothing.
    let before: JSON?
    let after: JSON?
}

/// One step of a profile's history.
struct ProfileStep<Kind: ProfileKind>: Codable, Sendable {
    let step: Int
    let at: Instant
    /// Who did it.
    let principal: String
    let action: ProfileAction
    let state: ProfileState
    let version: Int
    let reason: String?
    /// What this step changed; empty for the first.
    let changes: [ProfileChange]
    /// The whole profile as it was after this step.
    let content: Profile<Kind>

    /// - Parameter before: the content after the step before.
    init(_ row: Row, before: JSON?) throws {
        let after = try JSON(parsing: try row.get("content") as String)
        step = try row.get("step")
        at = try row.get("at")
        principal = try row.get("principal")
        action = try row.get("action")
        state = try row.get("state")
        version = try row.get("version")
        reason = try row.getIfPresent("reason")
        changes = before.map { Profile<Kind>.changes(from: $0, to: after) } ?? []
        content = try Profile(history: after)
    }
}

extension Profiles {
    struct HistoryAsk: Codable, Sendable, Constrained {
        let id: ID<Kind>
        let limit: Int?
        /// The number of the last step that was read.
        let after: Int?
        static var constraints: [String: Schema.Constraint] { ["limit": .range(1...200), "after": .atLeast(0)] }
    }

    static var history: Method {
        .query(
            "matching.\(Kind.plural).history",
            Bilingual(
                ko: "\(Kind.name.ko)의 변경 이력을 누가, 언제, 무엇을 바꾸었는지 조회한다",
                en: "Reads every step of a \(Kind.name.en): who, when, what changed"),
            role: .viewer
        ) { (p: HistoryAsk, r: Read) throws -> Page<ProfileStep<Kind>> in
            try Profile<Kind>.own(p.id, r)
            var listing = Listing("SELECT * FROM profile_history")
            listing.add("profile_id = ?", p.id)
            // The step before the page is what its first step is compared with.
            let last = try r.db.row(
                "SELECT content FROM profile_history WHERE profile_id = ? AND step = ?", p.id, p.after ?? 0)
            var before = try last.map { try JSON(parsing: try $0.get("content") as String) }
            return try listing.page(
                in: r.db, by: "step", after: p.after, limit: p.limit, cursor: { String($0.step) }
            ) { row in
                let step = try ProfileStep<Kind>(row, before: before)
                before = try JSON(parsing: try row.get("content") as String)
                return step
            }
        }
    }
}

extension Profile {
    /// The members that differ, but for the moment of the change.
    static func changes(from before: JSON, to after: JSON) -> [ProfileChange] {
        let (old, new) = (before.object ?? JSON.Members(), after.object ?? JSON.Members())
        let removed = old.map(\.key).filter { new[$0] == nil }
        return (new.map(\.key) + removed).filter { $0 != "updatedAt" && old[$0] != new[$0] }.map { member in
            ProfileChange(member: member, before: shown(old[member]), after: shown(new[member]))
        }
    }

    private static func shown(_ value: JSON?) -> JSON? {
        guard let text = value?.string, text.count > 200 else { return value }
        return .string(text.prefix(200) + "…")
    }

    /// A content that was kept before profiles had all the members they have now.
    init(history content: JSON) throws {
        var content = content
        let missing: JSON = [
            "type": .string(ProfileType.standard(of: Kind.side).rawValue), "advantages": "", "iprStatus": [],
            "patents": [], "classifications": [], "isReviewed": false, "renewals": 0,
        ]
        for (member, value) in missing.object ?? JSON.Members() where content[member] == nil {
            content[member] = value
        }
        self = try content.decode(Profile.self)
    }
}
