import Yams
import ZeroMQ

extension PolicyReading {
    private static let kinds = ["uid", "gid", "user", "group", "key"]

    mutating func readPrincipals(_ node: Node) {
        guard let list = node.sequence else {
            return wrong(
                node, "principals", ko: "목록이어야 합니다: - uid: 1001", en: "must be a list: - uid: 1001")
        }
        for (index, item) in list.enumerated() {
            let field = "principals[\(index)]"
            let members = members(of: item, field, Self.kinds + ["name", "roles"])
            if members.isEmpty { continue }
            let who = readWho(members, item, field)
            let roles = members["roles"].map { readRoleNames($0, "\(field).roles") } ?? []
            if members["roles"] == nil {
                wrong(item.line, field, nil, ko: "roles: 목록이 있어야 합니다", en: "needs a list roles:")
            }
            guard let who, isNew(who, item, field) else { continue }
            holders.append(Policy.Holder(who: who, roles: roles, line: item.line))
        }
    }

    private mutating func readWho(_ members: [String: Node], _ item: Node, _ field: String) -> Policy.Who? {
        let given = Self.kinds.filter { members[$0] != nil }
        guard given.count == 1, let kind = given.first, let node = members[kind] else {
            let list = Self.kinds.joined(separator: ", ")
            wrong(
                item.line, field, given.isEmpty ? nil : given.joined(separator: ", "),
                ko: "\(list) 가운데 꼭 하나가 있어야 합니다", en: "needs exactly one of \(list)")
            return nil
        }
        let place = "\(field).\(kind)"
        if kind != "key", let name = members["name"] {
            wrong(name, "\(field).name", ko: "key에만 쓰는 항목입니다", en: "goes with a key only")
        }
        switch kind {
        case "uid": return number(node, place).map { .user($0) }
        case "gid": return number(node, place).map { .group($0) }
        case "user": return account(node, place, accounts.user).map { .user($0) }
        case "group": return account(node, place, accounts.group).map { .group($0) }
        default: return readKey(node, place, members["name"], item, field)
        }
    }

    private mutating func number(_ node: Node, _ field: String) -> UInt32? {
        if let text = node.scalar?.string, let number = UInt32(text), number < .max { return number }
        wrong(
            node, field, ko: "0 이상의 정수여야 합니다. 이름은 user, group에 적습니다",
            en: "must be a whole number from 0; names go with user and group")
        return nil
    }

    private mutating func readKey(
        _ node: Node, _ place: String, _ name: Node?, _ item: Node, _ field: String
    ) -> Policy.Who? {
        var called: String?
        if let name {
            if let text = name.scalar?.string, Self.isName(text) {
                called = text
            } else {
                wrong(
                    name, "\(field).name", ko: "이름은 영문·숫자·'-'·'_' 1~64자여야 합니다",
                    en: "must have 1 to 64 letters, digits, '-' or '_'")
            }
        } else {
            wrong(
                item.line, field, nil, ko: "열쇠의 주인을 부를 name:이 있어야 합니다", en: "needs a name: for the owner of the key")
        }
        guard let key = node.scalar?.string, CurveKey(key) != nil else {
            wrong(
                node, place, ko: "Z85로 적은 40자 공개키여야 합니다. 만들려면: ieum keys new 이름",
                en: "must be a public key of 40 characters in Z85; make one: ieum keys new NAME")
            return nil
        }
        return called.map { .key(key, name: $0) }
    }

    private mutating func readRoleNames(_ node: Node, _ field: String) -> [String] {
        texts(node, field).compactMap { item in
            let name = item.scalar?.string ?? ""
            if roles.contains(where: { $0.name == name }) { return name }
            let known = roles.map(\.name).joined(separator: ", ")
            wrong(
                item, field, ko: "그런 역할이 없습니다. roles:에 있는 것: \(known)", en: "is no role; there are: \(known)")
            return nil
        }
    }

    /// Each is defined once; whoever runs the gateway may do everything and stands in no policy.
    private mutating func isNew(_ who: Policy.Who, _ item: Node, _ field: String) -> Bool {
        if who == .user(owner) {
            wrong(
                item.line, field, "\(owner)", ko: "게이트웨이를 실행하는 사용자라 이미 모두 할 수 있습니다. 지우세요",
                en: "is the user that the gateway runs as, who may do everything; remove it")
            return false
        }
        for other in holders {
            switch (who, other.who) {
            case (.key(let key, let name), .key(let otherKey, let otherName)):
                if key != otherKey && name != otherName { continue }
            default: if who != other.who { continue }
            }
            wrong(
                item.line, field, nil, ko: "\(other.line)번째 줄에 이미 있습니다. 하나로 합치세요",
                en: "is defined in line \(other.line) already; make one entry of both")
            return false
        }
        return true
    }
}
