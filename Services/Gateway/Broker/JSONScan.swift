/// Walks over JSON text without building anything. Strict (RFC 8259): UTF-8, no trailing commas, no bare words. What
/// it walked over may be copied on as it is.
struct JSONScan {
    struct Malformed: Error {}

    static let depthLimit = 32

    private let bytes: ArraySlice<UInt8>
    private(set) var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var isAtEnd: Bool { position == bytes.endIndex }
    var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    mutating func skipSpace() {
        while position < bytes.endIndex {
            switch bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            default: return
            }
        }
    }

    mutating func accept(_ byte: UInt8) -> Bool {
        guard position < bytes.endIndex, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(Malformed) {
        if !accept(byte) { throw Malformed() }
    }

    /// Visits the members of an object: the key's range without its quotes, whether it has escapes, and the value's
    /// range. The visitor may end it early by returning false; then the rest is not checked.
    mutating func members(
        depth: Int = 0, _ visit: (_ key: Range<Int>, _ isEscaped: Bool, _ value: Range<Int>) -> Bool
    ) throws(Malformed) {
        skipSpace()
        try expect(UInt8(ascii: "{"))
        skipSpace()
        if accept(UInt8(ascii: "}")) { return }
        while true {
            skipSpace()
            let keyStart = position + 1
            let isEscaped = try string()
            let key = keyStart..<position - 1
            skipSpace()
            try expect(UInt8(ascii: ":"))
            skipSpace()
            let start = position
            try value(depth: depth + 1)
            if !visit(key, isEscaped, start..<position) { return }
            skipSpace()
            if accept(UInt8(ascii: "}")) { return }
            try expect(UInt8(ascii: ","))
        }
    }

    mutating func value(depth: Int) throws(Malformed) {
        guard depth <= Self.depthLimit, let first = next else { throw Malformed() }
        switch first {
        case UInt8(ascii: "{"): try members(depth: depth) { _, _, _ in true }
        case UInt8(ascii: "["): try array(depth: depth)
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
    }

    private mutating func array(depth: Int) throws(Malformed) {
        position += 1
        skipSpace()
        if accept(UInt8(ascii: "]")) { return }
        while true {
            skipSpace()
            try value(depth: depth + 1)
            skipSpace()
            if accept(UInt8(ascii: "]")) { return }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func word(_ word: String) throws(Malformed) {
        for byte in word.utf8 { try expect(byte) }
    }

    private mutating func digits() throws(Malformed) {
        let start = position
        while let digit = next, digit >= 0x30, digit <= 0x39 { position += 1 }
        if position == start { throw Malformed() }
    }

    private mutating func number() throws(Malformed) {
        _ = accept(UInt8(ascii: "-"))
        if !accept(UInt8(ascii: "0")) { try digits() }
        if accept(UInt8(ascii: ".")) { try digits() }
        if accept(UInt8(ascii: "e")) || accept(UInt8(ascii: "E")) {
            if !accept(UInt8(ascii: "+")) { _ = accept(UInt8(ascii: "-")) }
            try digits()
        }
    }

    /// Returns whether the string has escapes.
    private mutating func string() throws(Malformed) -> Bool {
        try expect(UInt8(ascii: "\""))
        let start = position
        var isEscaped = false
        var isPlain = true
        while position < bytes.endIndex {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                // Only what has bytes above ASCII needs the slower check.
                if !isPlain, String(validating: bytes[start..<position], as: UTF8.self) == nil { throw Malformed() }
                position += 1
                return isEscaped
            case UInt8(ascii: "\\"):
                isEscaped = true
                position += 1
                try escape()
            case ..<0x20: throw Malformed()
            default:
                if byte >= 0x80 { isPlain = false }
                position += 1
            }
        }
        throw Malformed()
    }

    private mutating func escape() throws(Malformed) {
        guard let kind = next else { throw Malformed() }
        position += 1
        switch kind {
        case UInt8(ascii: "u"):
            for _ in 0..<4 {
                guard let digit = next, Character(UnicodeScalar(digit)).isHexDigit else { throw Malformed() }
                position += 1
            }
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        default: throw Malformed()
        }
    }
}
