import JSON
import ServiceKit
import Storage
import Vocabulary

extension ProfileType {
    /// How long a profile is public when nobody says: one year for every type, as in the Enterprise Europe Network.
    var validity: Duration { .seconds(365 * 86_400) }
}

/// The end of a profile's time: its owner is told before, and the profile is marked after. Until it is marked it
/// counts as expired all the same (`Profile.isOpen`).
enum ProfileValidity {
    /// How long before the end its owner is told.
    static let notice: Duration = .seconds(30 * 86_400)
    /// How many are marked in one turn, so that a turn stays short.
    private static let batch = 200

    static let jobs = [
        Job.inParts("expire profiles", every: .seconds(5)) { (w: Write) throws in
            try each(
                "SELECT * FROM profile WHERE state = 'published' AND valid_until <= ? ORDER BY valid_until", w
            ) { row in
                switch try row.get("side") as Side {
                case .demand: try expire(Profile<DemandKind>(row), w)
                case .supply: try expire(Profile<TechnologyKind>(row), w)
                }
            }
        },
        Job.inParts("tell of expiry", every: .seconds(60)) { (w: Write) throws in
            try each("SELECT * FROM profile WHERE notice_at <= ? ORDER BY notice_at", w) { row in
                switch try row.get("side") as Side {
                case .demand: try tell(Profile<DemandKind>(row), w)
                case .supply: try tell(Profile<TechnologyKind>(row), w)
                }
            }
        },
    ]

    /// Returns whether there may be more.
    private static func each(_ sql: String, _ w: Write, _ act: (Row) throws -> Void) throws -> Bool {
        let rows = try w.db.rows("\(sql) LIMIT \(batch)", w.now)
        for row in rows { try act(row) }
        return rows.count == batch
    }

    private static func expire<Kind>(_ profile: Profile<Kind>, _ w: Write) throws {
        var profile = profile
        var standing = profile.standing(at: w.now)
        standing.state = .expired
        try profile.stand(standing, w)
        try profile.save(.expired, w)
    }

    private struct Notice: Codable, Sendable {
        let id: String
        let organisationId: OrganisationID
        let title: String
        let validUntil: Instant?
        /// The method that prolongs it.
        let renewWith: String
    }

    /// No step of the history: nothing of the profile changes.
    private static func tell<Kind>(_ profile: Profile<Kind>, _ w: Write) throws {
        try w.db.run("UPDATE profile SET notice_at = NULL WHERE id = ?", profile.id)
        guard profile.isOpen(at: w.now) else { return }
        let notice = Notice(
            id: profile.id.description, organisationId: profile.organisationId, title: profile.title,
            validUntil: profile.validUntil, renewWith: "matching.\(Kind.plural).prolong")
        try w.emit("matching.\(Kind.noun).expiring", subject: notice.id, notice)
    }
}

extension Profile {
    /// Into the public, for the time that is given or usual.
    mutating func open(until validUntil: Instant?, _ now: Instant) {
        publishedAt = now
        setValidity(validUntil ?? now + type.validity, now)
    }

    /// The owner is told ahead of the end, unless the time is shorter than that.
    mutating func setValidity(_ validUntil: Instant, _ now: Instant) {
        self.validUntil = validUntil
        let notice = validUntil - ProfileValidity.notice
        expiryNoticeAt = notice > now ? notice : nil
    }
}
