import Yams
public import ZeroMQ

extension PolicyFile {
    /// A principal that is not in the file yet, as its lines.
    public static func lines(key: CurveKey, name: String, roles: [String], indent: String = "  ") -> String {
        """
        \(indent)- key: "\(key)"
        \(indent)  name: \(name)
        \(indent)  roles: [\(roles.joined(separator: ", "))]

        """
    }

    /// The text of a policy with one more principal, and everything else as it was written; checked as a whole.
    public func adding(key: CurveKey, name: String, roles: [String], to text: String) throws(PolicyMistakes) -> String {
        _ = try policy(of: text)
        let root = (try? Yams.compose(yaml: text))?.flatMap { $0 }?.mapping
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last?.isEmpty ?? false { lines.removeLast() }
        var end = lines.count
        var indent = "  "
        if let root, let list = root["principals"] {
            if let item = list.sequence?.first?.mark { indent = String(repeating: " ", count: max(0, item.column - 3)) }
            let next = root.compactMap { $0.key.mark?.line }.filter { $0 > list.line }.min()
            if let next { end = next - 1 }
        } else {
            lines.append("principals:")
            end = lines.count
        }
        lines.insert(String(Self.lines(key: key, name: name, roles: roles, indent: indent).dropLast()), at: end)
        let fresh = lines.joined(separator: "\n") + "\n"
        // What cannot be continued so, such as a list in brackets, is a mistake now, and told.
        _ = try policy(of: fresh)
        return fresh
    }
}
