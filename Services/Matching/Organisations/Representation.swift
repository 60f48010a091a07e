import JSON
import ServiceKit
import Storage
import Vocabulary

/// Who may act for an organisation: those it names, operators, and other services (a flow acts for its caller).
enum Representation {
    static func mayAct(for organisation: OrganisationID, _ db: Connection, _ call: Call) throws -> Bool {
        if call.actsForOthers { return true }
        return try db.row(
            "SELECT 1 AS one FROM representative WHERE organisation_id = ? AND principal = ?", organisation,
            call.principal) != nil
    }

    static func require(_ organisation: OrganisationID, _ db: Connection, _ call: Call) throws {
        guard try mayAct(for: organisation, db, call) else {
            throw Fault.forbidden(permission: "matching.organisation.represent:\(organisation)")
        }
    }
}
