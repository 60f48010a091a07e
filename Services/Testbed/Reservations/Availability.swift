import JSON
import ServiceKit
import Storage
import Vocabulary

/// When a resource can be had.
enum Availability {
    struct Ask: Codable, Sendable, Constrained {
        let resourceId: ResourceID
        let from: Instant
        let to: Instant
        /// With it, `free` has the longest stretches in which that many units are left, so that any booking inside
        /// one is possible. Without it, `free` is split wherever the number of units left changes.
        let units: Int?

        static let constraints: [String: Schema.Constraint] = ["units": .range(1...1_000_000)]
    }

    struct Answer: Codable, Sendable {
        let resourceId: ResourceID
        /// What was looked at: the wish without the past and without what lies beyond the booking horizon.
        let from: Instant
        let to: Instant
        let capacity: Int
        let state: ResourceState
        let timeZone: String
        /// False when there are more pieces than one answer holds: `to` is then where it stops; ask again from there.
        let isComplete: Bool
        /// In the order of time, half-open, disjoint; `units` are those left throughout.
        let free: [FreeTime]
    }

    /// A window longer than this is refused.
    static let longestDays = 92
    static let mostPieces = 5_000

    static let methods: [Method] = [
        .query(
            "testbed.availability",
            Bilingual(ko: "자원이 비어 있는 시간을 알려 준다", en: "Tells when a resource is free"), role: .viewer, answer)
    ]

    private static func answer(_ p: Ask, _ r: Read) throws -> Answer {
        var errors = Moments.orderErrors(p.from, p.to, "from", "to")
        if p.to > p.from.adding(seconds: Int64(longestDays) * 86_400) {
            errors.append(
                FieldError(
                    "/to", .string("\(p.to)"),
                    Bilingual(
                        ko: "from부터 최대 \(longestDays)일입니다. 나누어 물어보세요.",
                        en: "Must be at most \(longestDays) days after from. Ask in parts.")))
        }
        guard errors.isEmpty else { throw Fault.invalid(errors) }
        let resource = try Resources.find(p.resourceId, in: r.db)
        let window = bookable(p.from..<p.to, resource, now: r.now)
        var free: [FreeTime] = []
        if resource.state == .active {
            free = try self.free(resource, window, now: r.now, in: r.db)
            if let units = p.units { free = FreeTime.stretches(of: free, atLeast: units) }
        }
        let shown = Array(free.prefix(mostPieces))
        let isComplete = shown.count == free.count
        return Answer(
            resourceId: resource.id, from: window.lowerBound,
            to: isComplete ? window.upperBound : shown.last?.end ?? window.upperBound, capacity: resource.capacity,
            state: resource.state, timeZone: resource.timeZone, isComplete: isComplete, free: shown)
    }

    /// The part of a window that is neither past nor beyond the horizon; empty where there is none.
    private static func bookable(_ window: Range<Instant>, _ resource: Resource, now: Instant) -> Range<Instant> {
        window.clamped(to: now..<max(now, now.adding(seconds: Int64(resource.horizonSeconds))))
    }

    /// Units left at each instant of the window at which a use could go on, the buffer after it counted in.
    static func free(
        _ resource: Resource, _ window: Range<Instant>, now: Instant, in db: Connection
    ) throws -> [FreeTime] {
        guard !window.isEmpty else { return [] }
        let buffer = Int64(resource.bufferSeconds)
        let seen = window.lowerBound..<window.upperBound.adding(seconds: buffer)
        let taken = try Reservations.occupancy(of: resource.id, seen, now: now, in: db)
        return taken.lookingAhead(seconds: buffer)
            .free(during: try resource.openTimes(window, in: db), capacity: resource.capacity)
    }

    /// The nearest times of the same length that could be held now, looked for further and further away.
    static func nearest(_ wish: Holding.Wish, _ w: Write) throws -> [FreeTime] {
        var found: [FreeTime] = []
        for days in [7, 31, longestDays] {
            let reach = Int64(days) * 86_400
            let window = bookable(
                wish.body.lowerBound.adding(seconds: -reach)..<wish.body.upperBound.adding(seconds: reach),
                wish.resource, now: w.now)
            let free = try free(wish.resource, window, now: w.now, in: w.db)
            found = FreeTime.nearest(to: wish.body, in: FreeTime.stretches(of: free, atLeast: wish.units))
            if found.contains(where: { $0.start > wish.body.lowerBound }) { break }
        }
        return found
    }
}
