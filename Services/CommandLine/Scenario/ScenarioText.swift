import JSON
import Yams

/// YAML as JSON values, with the line where each mapping begins.
///
/// Scalars follow JSON, not YAML 1.1: `true`, `false`, `null`, `~` and JSON numbers are what they say, everything
/// else is text. So `no`, `2026-11-21` and `12:30` stay what the author wrote.
struct ScenarioText {
    /// A document that is no YAML, or not what a scenario needs.
    struct Mistake: Error, CustomStringConvertible, Sendable {
        let line: Int?
        let reason: String
        var description: String { line.map { words("\($0)번째 줄: \(reason)", "line \($0): \(reason)") } ?? reason }
    }

    static func parse(_ text: String) throws(Mistake) -> Node {
        do {
            if let node = try Yams.compose(yaml: text) { return node }
        } catch { throw Mistake(line: nil, reason: "\(error)") }
        throw Mistake(line: nil, reason: words("빈 파일이다", "the file is empty"))
    }

    static func json(_ node: Node) throws(Mistake) -> JSON {
        switch node {
        case .scalar(let scalar): return value(scalar)
        case .sequence(let items):
            var list: [JSON] = []
            for item in items { list.append(try json(item)) }
            return .array(list)
        case .mapping(let pairs):
            var members = JSON.Members()
            for (key, value) in pairs {
                guard let name = key.scalar?.string else {
                    throw Mistake(line: key.mark?.line, reason: words("이름이 글이 아니다", "a name must be text"))
                }
                members[name] = try json(value)
            }
            return .object(members)
        case .alias:
            throw Mistake(line: node.mark?.line, reason: words("별칭(*)은 쓰지 않는다", "aliases (*) are not used here"))
        }
    }

    private static func value(_ scalar: Node.Scalar) -> JSON {
        let text = scalar.string
        guard scalar.style == .plain || scalar.style == .any else { return .string(text) }
        if text.isEmpty || text == "~" { return .null }
        guard let first = text.utf8.first, "-0123456789tfn".utf8.contains(first) else { return .string(text) }
        return (try? JSON(parsing: text)) ?? .string(text)
    }
}
