import JSON

/// The first difference between what a scenario expects and what came.
struct Mismatch: Error, Sendable, Equatable {
    /// JSON Pointer into the value.
    let pointer: String
    let expected: String
    let actual: String
}

/// What a value must look like. Objects match in part: members that the scenario does not name may be anything.
/// Arrays match item by item. An object whose members all begin with `$` is a set of conditions:
///
/// `$matches: regex` · `$min`, `$max` · `$range: [low, high]` · `$oneOf: […]` · `$size: n` (or conditions on it) ·
/// `$contains: item` · `$every: item` · `$exists: true|false` · `$not: pattern` · `$type: string|integer|…` ·
/// `$exactly: value` (nothing more than that). A member name that begins with `/` is a JSON Pointer.
enum Expectation {
    static func check(_ expected: JSON, _ actual: JSON?, at pointer: String = "") throws(Mismatch) {
        if let conditions = expected.object, !conditions.isEmpty, conditions.keys.allSatisfy({ $0.hasPrefix("$") }) {
            for (name, operand) in conditions { try Condition.check(name, operand, actual, pointer) }
            return
        }
        guard let actual else { throw Mismatch(pointer: pointer, expected: expected.text, actual: absent) }
        switch (expected, actual) {
        case (.object(let members), .object): try check(members, in: actual, pointer)
        case (.array(let items), .array(let found)):
            guard items.count == found.count else {
                let count = words("\(items.count)개", "\(items.count) items")
                let got = words("\(found.count)개", "\(found.count) items") + ": " + shortened(actual)
                throw Mismatch(pointer: pointer, expected: count, actual: got)
            }
            for (index, item) in items.enumerated() {
                try check(item, found[index], at: "\(pointer)/\(index)")
            }
        default:
            guard isEqual(expected, actual) else {
                throw Mismatch(pointer: pointer, expected: expected.text, actual: shortened(actual))
            }
        }
    }

    private static func check(_ members: JSON.Members, in actual: JSON, _ pointer: String) throws(Mismatch) {
        for (name, wish) in members {
            if name.hasPrefix("/") {
                try check(wish, actual.at(name), at: pointer + name)
            } else {
                try check(wish, actual[name], at: pointer + pointerStep(name))
            }
        }
    }

    /// Whether a value looks as expected.
    static func holds(_ expected: JSON, _ actual: JSON?) -> Bool {
        do {
            try check(expected, actual)
            return true
        } catch { return false }
    }

    /// `1` and `1.0` are one number.
    static func isEqual(_ left: JSON, _ right: JSON) -> Bool {
        if left == right { return true }
        guard let a = left.double, let b = right.double else { return false }
        return a == b
    }

    static var absent: String { words("(없음)", "(absent)") }

    static func shortened(_ value: JSON?) -> String {
        guard let text = value?.text else { return absent }
        return text.count <= 400 ? text : String(text.prefix(400)) + "…"
    }
}

/// The conditions that begin with `$`.
enum Condition {
    static func check(_ name: String, _ operand: JSON, _ actual: JSON?, _ pointer: String) throws(Mismatch) {
        let isMet: Bool
        switch name {
        case "$exists": isMet = (actual != nil) == (operand.bool ?? true)
        case "$not": isMet = !Expectation.holds(operand, actual)
        case "$exactly": isMet = actual.map { $0 == operand } ?? false
        case "$type": isMet = actual?.kindName == operand.string || operand == "number" && actual?.kindName == "integer"
        case "$matches": isMet = matches(operand.string, actual?.string)
        case "$min": isMet = compare(actual, operand) { $0 >= $1 }
        case "$max": isMet = compare(actual, operand) { $0 <= $1 }
        case "$range":
            isMet = compare(actual, operand[0]) { $0 >= $1 } && compare(actual, operand[1]) { $0 <= $1 }
        case "$oneOf": isMet = operand.array?.contains { Expectation.holds($0, actual) } ?? false
        case "$size": return try Expectation.check(operand, size(actual), at: pointer + " $size")
        case "$contains": isMet = actual?.array?.contains { Expectation.holds(operand, $0) } ?? false
        case "$every":
            for (index, item) in (actual?.array ?? []).enumerated() {
                try Expectation.check(operand, item, at: "\(pointer)/\(index)")
            }
            isMet = actual?.array != nil
        default:
            throw Mismatch(
                pointer: pointer, expected: words("아는 조건", "a known condition"), actual: name)
        }
        guard isMet else {
            throw Mismatch(
                pointer: pointer, expected: "\(name): \(operand.text)", actual: Expectation.shortened(actual))
        }
    }

    private static func size(_ value: JSON?) -> JSON? {
        let count = value?.array?.count ?? value?.object?.count ?? value?.string?.count
        return count.map { .integer(Int64($0)) }
    }

    /// Numbers by size, texts (instants, days) by order.
    private static func compare(_ left: JSON?, _ right: JSON?, _ holds: (Double, Double) -> Bool) -> Bool {
        if let a = left?.double, let b = right?.double { return holds(a, b) }
        guard let a = left?.string, let b = right?.string else { return false }
        return holds(a < b ? -1 : (a == b ? 0 : 1), 0)
    }

    private static func matches(_ pattern: String?, _ text: String?) -> Bool {
        guard let pattern, let text, let regex = try? Regex(pattern) else { return false }
        return (try? regex.firstMatch(in: text)) != nil
    }
}
