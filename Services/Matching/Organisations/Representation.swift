import JSON
import ServiceKit
import Storage
import Vocabulary

/// Who may act for an organisation: those it names, operators, and other services (a flow acts for its caller).
enum Representation {
    static func mayAct(for organisation: OrganisationID, _ db: Connection, _ call: Call) throws -> Bool {
        try call.actsForOthers || isNamed(call.principal, for: organisation, db)
    }

    /// Whether the organisation itself names a principal, whatever his roles are.
    static func isNamed(_ principal: String, for organisation: OrganisationID, _ db: Connection) throws -> Bool {
        try db.row(
            "SELECT 1 AS one FROM representative WHERE organisation_id = ? AND principal = ?", organisation, principal
        ) != nil
    }

    static func require(_ organisation: OrganisationID, _ db: Connection, _ call: Call) throws {
        guard try mayAct(for: organisation, db, call) else {
            throw Fault.forbidden(permission: "matching.organisation.represent:\(organisation)")
        }
    }
}
