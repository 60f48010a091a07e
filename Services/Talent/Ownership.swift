import ServiceKit

/// Who may act for a record: the principal that made it, an operator, or another service of the house.
enum Ownership {
    static func holds(_ owner: String, _ call: Call) -> Bool {
        call.principal == owner || actsForOthers(call)
    }

    static func actsForOthers(_ call: Call) -> Bool {
        call.roles.contains(.operator) || call.roles.contains(.service)
    }

    static func require(_ owner: String, _ call: Call, permission: String) throws {
        guard holds(owner, call) else { throw Fault.forbidden(permission: permission) }
    }
}
