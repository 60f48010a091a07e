import JSON

/// Who meets whom in which round and at which table, with everything that somebody else needs to check it.
struct MeetingSchedule: Codable, Sendable, Hashable {
    static let format = "ieum.assignment.schedule/1"

    enum Method: String, Codable, CaseIterable, Sendable {
        /// Edge colouring; exact, whenever everybody is free.
        case edgeColouring
        /// Edge colouring, its rounds put in an order that fits everybody's absences; exact where it succeeds.
        case orderedColouring
        /// Most constrained first, with repetition; with absences the question is NP-complete (Even, Itai, Shamir 1976).
        case heuristic
    }

    struct Meeting: Codable, Sendable, Hashable {
        let applicant: String
        let host: String
        /// From 1.
        let round: Int
        let table: Int

        var pair: AssignmentCertificate.Pair { .init(applicant: applicant, host: host) }
    }

    /// When one who is to meet somebody cannot.
    struct Absence: Codable, Sendable, Hashable {
        let side: AssignmentSide
        let id: String
        /// From 1, in order.
        let rounds: [Int]
    }

    let format: String
    /// The digest of the certificate whose pairs meet.
    var assignmentDigest: String
    /// How many meetings a round can have; any number if left out.
    let tables: Int?
    let maxRounds: Int
    var absences: [Absence]
    let method: Method
    let rounds: Int
    /// No schedule can have fewer rounds.
    let lowerBound: Int
    /// Whether `rounds` is known to be the fewest possible.
    let isProvenMinimal: Bool
    /// By round, then table.
    var meetings: [Meeting]
    /// Meetings that found no round within `maxRounds`.
    var unplaced: [AssignmentCertificate.Pair]
    /// SHA-256 of the canonical JSON without this member.
    var digest: String
    /// Set where only the caller's own meetings are shown. An excerpt cannot be checked.
    var isExcerpt: Bool?

    /// With the assignment that it is for, and its digest.
    func certified(for assignmentDigest: String) throws -> MeetingSchedule {
        var schedule = self
        schedule.assignmentDigest = assignmentDigest
        schedule.digest = AssignmentCertificate.digest(of: try JSON.encode(schedule))
        return schedule
    }
}
