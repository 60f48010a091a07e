import JSON
import ServiceKit
import Storage
import Vocabulary

/// When a person has time, as windows of days with a share of full time. Windows of one person do not overlap.
enum Availability {
    /// A day range that anyone may ask about at once.
    static let longestPeriod = 3 * 366
    /// 9999-12-31: days are compared as text in SQL, which holds for years of four digits only.
    private static let lastDay = Day(number: 2_932_896)

    struct Set: Codable, Sendable, Constrained {
        let personId: PersonID
        /// Replaces all windows from today on; `end` is the first day that does not belong to a window.
        let windows: [Window]

        static let constraints: [String: Schema.Constraint] = ["windows": .count(0...100)]
    }

    struct Window: Codable, Sendable, Constrained {
        let start: Day
        let end: Day
        let share: Int

        static let constraints: [String: Schema.Constraint] = ["share": .range(1...100)]
    }

    struct Ask: Codable, Sendable {
        let personId: PersonID
        let from: Day
        let to: Day
    }

    struct Answer: Codable, Sendable {
        let personId: PersonID
        let windows: [ShareSpan]
        /// What is free, over the period that was asked for.
        let free: [ShareSpan]
    }

    static let methods: [Method] = [
        .command(
            "talent.availability.set",
            Bilingual(
                ko: "가능한 기간과 비율을 바꾼다. 이미 잡힌 일정보다 줄일 수는 없다",
                en: "Replaces the windows of availability; never below what is held or booked"),
            role: .member, idempotent: true
        ) { (p: Set, w: Write) throws -> Answer in try set(p, w) },
        .query(
            "talent.availability.get",
            Bilingual(ko: "기간 안의 빈 비율을 읽는다", en: "Reads the free share over a period of days"), role: .viewer
        ) { (p: Ask, r: Read) throws -> Answer in
            guard
                try Ownership.holds(Profiles.owner(p.personId, r.db), r.call)
                    || Consents.isLive(.recommendation, of: p.personId, r.db, r.now)
            else { throw Profiles.unknown(p.personId) }
            try checkPeriod(p.from, p.to, at: "/to")
            return Answer(
                personId: p.personId, windows: try windows(of: p.personId, from: p.from, to: p.to, r.db),
                free: try free(p.personId, from: p.from, to: p.to, r.db, r.now))
        },
    ]

    private static func set(_ p: Set, _ w: Write) throws -> Answer {
        let owner = try Profiles.lock(p.personId, w)
        try Ownership.require(owner, w.call, permission: "talent.person.own")
        for (place, window) in p.windows.enumerated() {
            try checkPeriod(window.start, window.end, at: "/windows/\(place)/end")
        }
        let windows = p.windows.map { ShareSpan(start: $0.start, end: $0.end, share: $0.share) }
            .sorted { $0.start < $1.start }
        for (one, next) in zip(windows, windows.dropFirst()) where next.start < one.end {
            throw Fault.invalid(
                "/windows", .string("\(one.start)…\(one.end), \(next.start)…\(next.end)"),
                Bilingual(ko: "기간이 서로 겹칩니다. 겹치지 않게 나눠 주세요", en: "windows overlap: split them so that they do not"))
        }
        let today = Day.inSeoul(at: w.now)
        let taken = try taken(p.personId, from: today, to: lastDay, w.db, w.now)
        let excess = Shares.excess(
            available: windows,
            taken: taken.map { ShareSpan(start: max($0.start, today), end: $0.end, share: $0.share) })
        guard excess.isEmpty else {
            throw Fault.conflict(
                Bilingual(
                    ko: "이미 잡힌 일정보다 적습니다. data.missing의 기간을 더 열거나 먼저 예약을 취소해 주세요",
                    en: "Less than what is already held or booked. Offer more in the spans of data.missing, or void "
                        + "the holds first"),
                data: ["personId": .string(p.personId.description), "missing": try JSON.encode(excess)])
        }
        // What is past stays as it was agreed: engagements of those days rest on it.
        try w.db.run("DELETE FROM availability WHERE person_id = ? AND start_day >= ?", p.personId, today)
        try w.db.run(
            "UPDATE availability SET end_day = ? WHERE person_id = ? AND end_day > ?", today, p.personId, today)
        for window in windows where window.end > today {
            try w.db.run(
                "INSERT INTO availability (person_id, start_day, end_day, share) VALUES (?, ?, ?, ?)", p.personId,
                max(window.start, today), window.end, window.share)
        }
        w.audit(subject: p.personId.description)
        try w.emit("talent.availability.changed", subject: p.personId.description, Subject(id: p.personId))
        let end = max(windows.last?.end ?? today, today.adding(days: 1))
        return Answer(
            personId: p.personId, windows: try Self.windows(of: p.personId, from: today, to: end, w.db),
            free: try free(p.personId, from: today, to: end, w.db, w.now))
    }

    static func checkPeriod(_ start: Day, _ end: Day, at pointer: String) throws {
        guard start < end, end - start <= longestPeriod else {
            throw Fault.invalid(
                pointer, .string(end.description),
                Bilingual(
                    ko: "끝 날(포함하지 않음)은 시작 날보다 뒤이고 \(longestPeriod)일 이내여야 합니다",
                    en:
                        "must be after the start and at most \(longestPeriod) days later; the end day itself is not included"
                ))
        }
    }

    static func windows(of person: PersonID, from: Day, to: Day, _ db: Connection) throws -> [ShareSpan] {
        try spans(
            db.rows(
                """
                SELECT start_day, end_day, share FROM availability
                WHERE person_id = ? AND start_day < ? AND end_day > ? ORDER BY start_day
                """, person, to, from))
    }

    /// What live holds and posted engagements take. A hold past its time counts no more, marked or not.
    static func taken(_ person: PersonID, from: Day, to: Day, _ db: Connection, _ now: Instant) throws -> [ShareSpan] {
        try spans(
            db.rows(
                """
                SELECT start_day, end_day, share FROM engagements
                WHERE person_id = ? AND end_day > ? AND start_day < ?
                    AND state IN ('held', 'posted') AND (state = 'posted' OR expires_at > ?)
                """, person, from, to, now))
    }

    static func free(_ person: PersonID, from: Day, to: Day, _ db: Connection, _ now: Instant) throws -> [ShareSpan] {
        Shares.free(
            from: from, to: to, available: try windows(of: person, from: from, to: to, db),
            taken: try taken(person, from: from, to: to, db, now))
    }

    static func spans(_ rows: [Row]) throws -> [ShareSpan] {
        try rows.map { row throws in
            ShareSpan(start: try row.get("start_day"), end: try row.get("end_day"), share: try row.get("share"))
        }
    }
}
