import JSON

/// An assignment with everything that somebody else needs to check it: what was asked, the lottery, who was assigned to
/// whom, why nobody can have what it would rather have, and a digest of all of it.
///
/// Its canonical JSON is the same for the same problem, method and seed. The digest finds accidents; against forgery the
/// checker recomputes everything that the digest covers.
struct AssignmentCertificate: Codable, Sendable, Hashable {
    static let format = "ieum.assignment.certificate/1"

    struct Pair: Codable, Sendable, Hashable {
        let applicant: String
        let host: String
    }

    /// A participant that has free places or would rather have somebody else.
    struct Standing: Codable, Sendable, Hashable {
        let id: String
        let assigned: Int
        let capacity: Int
        /// Everybody it would rather have, the best first, and why not.
        let wanted: [Refusal]
    }

    /// Why one that is wanted is not had.
    struct Refusal: Codable, Sendable, Hashable {
        let id: String
        /// Of a stable assignment: whom it has instead and likes least; it is full, and likes all of its own better.
        let least: String?
        /// Of a maximal sum: what the pair would add, and what the places would be taken from: never less.
        let score: Int?
        let price: Int?
    }

    /// The dual solution of a maximal sum: what one more place of each participant would add.
    struct Price: Codable, Sendable, Hashable {
        let id: String
        let price: Int
    }

    struct Totals: Codable, Sendable, Hashable {
        let pairs: Int
        let unassignedApplicants: Int
        let vacantPlaces: Int
        /// Where the problem has scores.
        let score: Int?
        /// Pairs that would rather have each other; none of a stable assignment.
        let blockingPairs: Int
    }

    let format: String
    let method: AssignmentMethod
    let problem: AssignmentProblem
    let problemDigest: String
    let lottery: Lottery
    /// By applicant and then host, in the problem's order.
    let assignment: [Pair]
    let applicants: [Standing]
    let hosts: [Standing]
    /// Of a maximal sum; all others are 0.
    let applicantPrices: [Price]?
    let hostPrices: [Price]?
    let totals: Totals
    var digest: String

    /// SHA-256 of the canonical JSON, for `digest` without that member.
    static func digest(of json: JSON) -> String {
        var json = json
        json["digest"] = nil
        return SHA256.digest(json.canonical.bytes)
    }
}
