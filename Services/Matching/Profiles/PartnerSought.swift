import JSON
import Storage
import Vocabulary

/// Whom a profile looks for.
struct PartnerSought: Codable, Sendable, Hashable, Constrained {
    /// Types of organisation; empty: any.
    var organisationKinds: [Organisations.Kind]?
    /// What the partner is to do.
    var role: String?
    /// What the partner should know or have.
    var expertise: String?

    static let constraints: [String: Schema.Constraint] = [
        "organisationKinds": .count(0...8), "role": .length(1...1_000), "expertise": .length(1...1_000),
    ]

    var isEmpty: Bool { (organisationKinds ?? []).isEmpty && role == nil && expertise == nil }

    /// Nil for one that says nothing, as it is kept.
    var stated: PartnerSought? { isEmpty ? nil : self }
}

extension PartnerSought {
    /// Nil where the row says nothing.
    init?(_ row: Row) throws {
        let kinds: [Organisations.Kind] = Codes.list(try row.get("partner_kinds"))
        let (role, expertise): (String, String) = (try row.get("partner_role"), try row.get("partner_expertise"))
        self.init(
            organisationKinds: kinds.isEmpty ? nil : kinds, role: role.isEmpty ? nil : role,
            expertise: expertise.isEmpty ? nil : expertise)
        if isEmpty { return nil }
    }
}
