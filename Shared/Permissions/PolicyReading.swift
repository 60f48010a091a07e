import JSON
import ServiceKit
import Yams
import ZeroMQ

/// The policy file, read strictly: what is not understood is a mistake, not a silence.
///
///     reach: everyone                       # or {group: NAME}; left out: the group of the gateway's user
///     roles:
///       partner:
///         as: member                        # viewer (when left out), member, operator, service
///         call: [matching.*, fund.funds.get]
///         subscribe: [ieum.matching.*]
///         serve: [echo]
///     principals:
///       - uid: 1001                         # or user: NAME, gid: N, group: NAME
///         roles: [partner]
///       - key: "…40 characters…"            # a CURVE public key, in Z85
///         name: lab
///         roles: [partner]
struct PolicyReading {
    let accounts: Accounts
    let owner: UInt32
    private(set) var mistakes: [PolicyMistake] = []
    var roles: [Policy.PolicyRole] = []
    var holders: [Policy.Holder] = []
    private var reach = Policy.Reach.standard

    init(owner: UInt32, accounts: Accounts) {
        self.owner = owner
        self.accounts = accounts
    }

    /// - Parameter path: for the messages.
    static func read(
        _ text: String, path: String, owner: UInt32, accounts: Accounts
    ) throws(PolicyMistakes) -> Policy {
        var reading = PolicyReading(owner: owner, accounts: accounts)
        do {
            if let root = try Yams.compose(yaml: text) { reading.read(root) }
        } catch {
            reading.notYAML(error)
        }
        guard reading.mistakes.isEmpty else {
            throw PolicyMistakes(path: path, reading.mistakes.sorted { $0.line < $1.line })
        }
        return Policy(owner: owner, roles: reading.roles, holders: reading.holders, reach: reading.reach)
    }

    private mutating func read(_ root: Node) {
        let members = members(of: root, "", ["reach", "roles", "principals"])
        if let node = members["reach"] { readReach(node) }
        if let node = members["roles"] { readRoles(node) }
        if let node = members["principals"] { readPrincipals(node) }
    }

    private mutating func notYAML(_ error: any Error) {
        let line: Int
        switch error as? YamlError {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): line = mark.line
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.joined(separator: ", ")
            return wrong(
                context.mark.line, "", names, ko: "같은 이름이 두 번 있습니다. 하나로 합치세요",
                en: "stands twice in one place; make one of it")
        default: line = 1
        }
        wrong(line, "", nil, ko: "YAML이 아닙니다: \(error)", en: "is not YAML: \(error)")
    }

    private mutating func readReach(_ node: Node) {
        if node.scalar?.string == "everyone" {
            reach = .everyone
        } else if node.mapping != nil {
            let members = members(of: node, "reach", ["group"])
            guard let group = members["group"] else { return }
            if let number = account(group, "reach.group", accounts.group) { reach = .group(number) }
        } else {
            wrong(
                node, "reach", ko: "everyone 또는 {group: 이름}이어야 합니다", en: "must be everyone or {group: NAME}")
        }
    }

    // MARK: What every part needs

    mutating func wrong(_ line: Int, _ field: String, _ value: String?, ko: String, en: String) {
        mistakes.append(
            PolicyMistake(line: max(1, line), field: field, value: value, rule: Bilingual(ko: ko, en: en)))
    }

    mutating func wrong(_ node: Node, _ field: String, ko: String, en: String) {
        wrong(node.line, field, node.scalar?.string, ko: ko, en: en)
    }

    /// The members of a mapping by their names; those that are not `allowed` are mistakes.
    mutating func members(of node: Node, _ field: String, _ allowed: [String]) -> [String: Node] {
        guard let mapping = node.mapping else {
            let list = allowed.joined(separator: ", ")
            wrong(node, field, ko: "\(list) 항목이 있어야 합니다", en: "must be a mapping with \(list)")
            return [:]
        }
        var members: [String: Node] = [:]
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            if allowed.contains(name) {
                members[name] = value
            } else {
                let list = allowed.joined(separator: ", ")
                wrong(
                    key.line, field, name, ko: "모르는 항목입니다. 쓸 수 있는 것: \(list)",
                    en: "is not a known member; there are: \(list)")
            }
        }
        return members
    }

    /// The scalars of a list, with a mistake for everything else and for what stands twice.
    mutating func texts(_ node: Node, _ field: String) -> [Node] {
        guard let list = node.sequence, !list.isEmpty else {
            wrong(node, field, ko: "하나 이상의 목록이어야 합니다: [하나, 둘]", en: "must be a list of at least one: [one, two]")
            return []
        }
        var seen: Set<String> = []
        return list.enumerated().compactMap { index, item in
            guard let text = item.scalar?.string, !text.isEmpty else {
                wrong(item, "\(field)[\(index)]", ko: "글이어야 합니다", en: "must be text")
                return nil
            }
            guard seen.insert(text).inserted else {
                wrong(item, "\(field)[\(index)]", ko: "두 번 있습니다. 하나를 지우세요", en: "stands twice; remove one")
                return nil
            }
            return item
        }
    }

    /// The number of an account of this machine.
    mutating func account(_ node: Node, _ field: String, _ find: (String) -> UInt32?) -> UInt32? {
        if let name = node.scalar?.string, let number = find(name) { return number }
        wrong(
            node, field, ko: "이 컴퓨터에 없는 이름입니다. 숫자로 적을 수도 있습니다 (uid, gid)",
            en: "is not known on this machine; its number can be given instead (uid, gid)")
        return nil
    }
}

extension Node {
    var line: Int { mark?.line ?? 1 }
}
