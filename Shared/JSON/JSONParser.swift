extension JSON {
    /// Why bytes are not JSON, and at which byte.
    public struct SyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
        public let offset: Int
        public let reason: Bilingual
        public var description: String { message.en }
        public var message: Bilingual {
            Bilingual(
                ko: "JSON이 아닙니다 (바이트 \(offset)): \(reason.ko)", en: "not valid JSON at byte \(offset): \(reason.en)")
        }
    }

    /// How deep arrays and objects may be nested. Deeper input is an error, not a stack overflow.
    public static let depthLimit = 64

    /// Parses one JSON value strictly by RFC 8259: valid UTF-8, no duplicate keys, no trailing bytes, numbers in range.
    public init(parsing bytes: some Collection<UInt8>) throws(SyntaxError) {
        var parser = JSONParser(bytes: Array(bytes))
        self = try parser.document()
    }

    public init(parsing text: String) throws(SyntaxError) {
        try self.init(parsing: Array(text.utf8))
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    var offset = 0
    var depth = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSON.SyntaxError) -> JSON {
        skipSpace()
        let value = try value()
        skipSpace()
        if offset < bytes.count { throw error("값 뒤에 다른 것이 더 있습니다", "something follows the value") }
        return value
    }

    func error(_ ko: String, _ en: String) -> JSON.SyntaxError {
        .init(offset: offset, reason: Bilingual(ko: ko, en: en))
    }

    var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    mutating func value() throws(JSON.SyntaxError) -> JSON {
        guard let byte = next else { throw error("값이 있어야 할 곳에서 본문이 끝납니다", "the text ends where a value should be") }
        switch byte {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default:
            throw error("\(Self.shown(byte))(으)로 시작하는 값은 없습니다", "no value begins with \(Self.shown(byte))")
        }
    }

    /// A byte as a person knows it: the character, or the number of what has none.
    static func shown(_ byte: UInt8) -> String {
        (0x21..<0x7f).contains(byte) ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
    }

    mutating func word(_ word: StaticString, _ value: JSON) throws(JSON.SyntaxError) -> JSON {
        let length = word.utf8CodeUnitCount
        let matches = word.withUTF8Buffer { expected in
            unsafe bytes[offset...].prefix(length).elementsEqual(expected)
        }
        guard matches else { throw error("\(word)이어야 합니다", "expected \(word)") }
        offset += length
        return value
    }

    mutating func enter() throws(JSON.SyntaxError) {
        depth += 1
        if depth > JSON.depthLimit {
            throw error("\(JSON.depthLimit)겹보다 깊습니다", "nested deeper than \(JSON.depthLimit)")
        }
        offset += 1
        skipSpace()
    }

    mutating func leave() {
        depth -= 1
        offset += 1
    }

    mutating func array() throws(JSON.SyntaxError) -> JSON {
        try enter()
        var items: [JSON] = []
        if next == UInt8(ascii: "]") {
            leave()
            return .array(items)
        }
        while true {
            skipSpace()
            items.append(try value())
            skipSpace()
            switch next {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "]"):
                leave()
                return .array(items)
            default: throw error("배열에는 , 또는 ]가 와야 합니다", "expected , or ] in an array")
            }
        }
    }

    mutating func object() throws(JSON.SyntaxError) -> JSON {
        try enter()
        var members: [JSON.Members.Member] = []
        var seen: Set<String> = []
        if next == UInt8(ascii: "}") {
            leave()
            return .object(JSON.Members(unique: members))
        }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else {
                throw error("큰따옴표로 묶은 이름이 와야 합니다", "expected a key in double quotes")
            }
            let key = try string()
            // Few keys are compared one by one; many go through a set, so that hostile input stays linear.
            if members.count == 16 { seen = Set(members.map(\.key)) }
            let known = members.count < 16 ? members.contains { $0.key == key } : !seen.insert(key).inserted
            if known {
                throw error(
                    "한 객체에 이름 \"\(key.prefix(64))\"이(가) 두 번 있습니다",
                    "the key \"\(key.prefix(64))\" stands twice in one object")
            }
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw error("이름 뒤에는 :이 와야 합니다", "expected : after a key") }
            offset += 1
            skipSpace()
            members.append(.init(key: key, value: try value()))
            skipSpace()
            switch next {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "}"):
                leave()
                return .object(JSON.Members(unique: members))
            default: throw error("객체에는 , 또는 }가 와야 합니다", "expected , or } in an object")
            }
        }
    }

    mutating func digits() throws(JSON.SyntaxError) {
        let start = offset
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { offset += 1 }
        if offset == start { throw error("숫자가 와야 합니다", "expected a digit") }
    }

    mutating func number() throws(JSON.SyntaxError) -> JSON {
        let start = offset
        var whole = true
        if next == UInt8(ascii: "-") { offset += 1 }
        if next == UInt8(ascii: "0") { offset += 1 } else { try digits() }
        if next == UInt8(ascii: ".") {
            whole = false
            offset += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            whole = false
            offset += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
            try digits()
        }
        if whole, let value = integer(from: start) { return .integer(value) }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard offset - start <= 400, let value = Double(text), value.isFinite else {
            throw error("수가 너무 크거나 깁니다", "the number is too large or too long")
        }
        return .number(value)
    }

    /// The digits since `start` as an integer, nil when they do not fit.
    func integer(from start: Int) -> Int64? {
        let negative = bytes[start] == UInt8(ascii: "-")
        var value: Int64 = 0
        for byte in bytes[(negative ? start + 1 : start)..<offset] {
            let digit = Int64(byte &- UInt8(ascii: "0"))
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) =
                negative
                ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            if overflow || carried { return nil }
            value = sum
        }
        return value
    }

    mutating func string() throws(JSON.SyntaxError) -> String {
        offset += 1
        let start = offset
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                let text = try text(bytes[start..<offset])
                offset += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw error("문자열에 제어 문자가 그대로 있습니다", "a control character stands unescaped in a string")
            default: offset += 1
            }
        }
        throw error("문자열이 끝나지 않습니다", "a string does not end")
    }

    func text(_ slice: some Collection<UInt8>) throws(JSON.SyntaxError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw error("문자열이 UTF-8이 아닙니다", "a string is not valid UTF-8")
        }
        return text
    }

    mutating func escapedString(from start: Int) throws(JSON.SyntaxError) -> String {
        var buffer = Array(bytes[start..<offset])
        while let byte = next {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(buffer)
            case UInt8(ascii: "\\"): try escape(into: &buffer)
            case 0..<0x20: throw error("문자열에 제어 문자가 그대로 있습니다", "a control character stands unescaped in a string")
            default: buffer.append(byte)
            }
        }
        throw error("문자열이 끝나지 않습니다", "a string does not end")
    }

    mutating func escape(into buffer: inout [UInt8]) throws(JSON.SyntaxError) {
        guard let byte = next else { throw error("문자열이 끝나지 않습니다", "a string does not end") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(byte)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0C)
        case UInt8(ascii: "n"): buffer.append(0x0A)
        case UInt8(ascii: "r"): buffer.append(0x0D)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"): buffer.append(contentsOf: Array(String(Character(try scalar())).utf8))
        default: throw error("문자열에 모르는 \\ 표기가 있습니다", "unknown escape in a string")
        }
    }

    var halfAPair: JSON.SyntaxError {
        error("문자열에 짝이 없는 서로게이트가 있습니다", "half a surrogate pair in a string")
    }

    mutating func scalar() throws(JSON.SyntaxError) -> Unicode.Scalar {
        let high = try hexadecimal()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard (0xD800..<0xDC00).contains(high), next == UInt8(ascii: "\\") else {
            throw halfAPair
        }
        offset += 1
        guard next == UInt8(ascii: "u") else { throw halfAPair }
        offset += 1
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw halfAPair }
        return scalar
    }

    mutating func hexadecimal() throws(JSON.SyntaxError) -> UInt32 {
        let text = String(decoding: bytes[offset...].prefix(4), as: UTF8.self)
        guard text.utf8.count == 4, text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16) else {
            throw error("\\u 뒤에는 16진수 네 자리가 와야 합니다", "expected four hexadecimal digits after \\u")
        }
        offset += 4
        return value
    }
}
