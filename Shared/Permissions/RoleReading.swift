import ServiceKit
import Yams

extension PolicyReading {
    private static let patternLength = 1...200

    mutating func readRoles(_ node: Node) {
        guard let mapping = node.mapping else {
            return wrong(
                node, "roles", ko: "역할 이름마다 항목이 있어야 합니다", en: "must be a mapping of the roles' names")
        }
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            let field = "roles.\(name)"
            guard Self.isName(name) else {
                wrong(
                    key, "roles", ko: "이름은 영문·숫자·'-'·'_' 1~64자여야 합니다",
                    en: "a name must have 1 to 64 letters, digits, '-' or '_'")
                continue
            }
            let members = members(of: value, field, ["as"] + Permission.Kind.allCases.map(\.rawValue))
            let rank = members["as"].flatMap { readRank($0, "\(field).as") } ?? .viewer
            var grants: [Policy.Grant] = []
            for kind in Permission.Kind.allCases {
                guard let list = members[kind.rawValue] else { continue }
                grants += readGrants(list, "\(field).\(kind.rawValue)", kind, name, rank)
            }
            roles.append(Policy.PolicyRole(name: name, rank: rank, grants: grants, line: key.line))
        }
    }

    static func isName(_ name: String) -> Bool { Policy.isName(name) }

    private mutating func readRank(_ node: Node, _ field: String) -> Role? {
        if let rank = node.scalar.flatMap({ Role(rawValue: $0.string) }) { return rank }
        let list = Role.allCases.map(\.rawValue).joined(separator: ", ")
        wrong(node, field, ko: "다음 가운데 하나여야 합니다: \(list)", en: "must be one of: \(list)")
        return nil
    }

    private mutating func readGrants(
        _ node: Node, _ field: String, _ kind: Permission.Kind, _ role: String, _ rank: Role
    ) -> [Policy.Grant] {
        var grants: [Policy.Grant] = []
        for item in texts(node, field) {
            let text = item.scalar?.string ?? ""
            guard Self.patternLength.contains(text.utf8.count), !text.dropLast().contains("*"),
                text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f })
            else {
                wrong(
                    item, field, ko: "빈칸 없이 200바이트까지이고 '*'는 끝에만 올 수 있습니다",
                    en: "has at most 200 bytes, no spaces, and '*' only at its end")
                continue
            }
            guard isFit(text, kind, item, field) else { continue }
            let pattern = Pattern(text)
            if let other = grants.first(where: { $0.pattern.covers(pattern) || pattern.covers($0.pattern) }) {
                wrong(
                    item, field, ko: "\(other.line)번째 줄의 \(other.pattern)와 겹칩니다. 하나만 남기세요",
                    en: "overlaps with \(other.pattern) in line \(other.line); keep one of them")
                continue
            }
            grants.append(Policy.Grant(kind: kind, pattern: pattern, role: role, rank: rank, line: item.line))
        }
        return grants
    }

    /// What the kind of permission asks of a pattern.
    private mutating func isFit(_ text: String, _ kind: Permission.Kind, _ item: Node, _ field: String) -> Bool {
        switch kind {
        case .call where text != "*" && !text.contains("."):
            wrong(
                item, field, ko: "서비스 전체는 '\(text).*', 메서드 하나는 '\(text).…'로 적습니다",
                en: "a whole service is '\(text).*', one method '\(text).…'")
        case .subscribe where !text.hasSuffix("*"):
            wrong(
                item, field, ko: "구독은 주제의 앞부분입니다. '\(text)*'처럼 '*'로 끝나야 합니다",
                en: "a subscription brings every topic that begins so, and must end with '*', such as '\(text)*'")
        case .serve where text == "gateway" || text.hasPrefix("mmi.") || text.hasPrefix("titanic."):
            wrong(item, field, ko: "게이트웨이 자신의 이름입니다", en: "is a name that the gateway serves itself")
        default: return true
        }
        return false
    }
}

extension Policy {
    private static let nameLength = 1...64

    /// Whether a role or a key can be called so.
    public static func isName(_ name: String) -> Bool {
        nameLength.contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}
