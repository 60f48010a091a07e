import ServiceKit

/// Who may act for a record: the principal that made it, an operator, or another service of the house.
enum Ownership {
    static func holds(_ owner: String, _ call: Call) -> Bool {
        call.principal == owner || call.actsForOthers
    }

    static func require(_ owner: String, _ call: Call, permission: String) throws {
        guard holds(owner, call) else { throw Fault.forbidden(permission: permission) }
    }
}
