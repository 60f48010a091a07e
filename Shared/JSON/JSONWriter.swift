extension JSON {
    /// The compact UTF-8 text, members in their order.
    public var bytes: [UInt8] {
        var buffer: [UInt8] = []
        buffer.reserveCapacity(256)
        write(into: &buffer)
        return buffer
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Two spaces an indent, for people.
    public func pretty() -> String {
        var buffer: [UInt8] = []
        write(into: &buffer, indent: 0)
        return String(decoding: buffer, as: UTF8.self)
    }

    /// The same value with the members of every object sorted: equal values give equal bytes.
    public var canonical: JSON {
        switch self {
        case .array(let items): .array(items.map(\.canonical))
        case .object(let members):
            .object(
                Members(
                    unique: members.entries.sorted { $0.key < $1.key }.map {
                        .init(key: $0.key, value: $0.value.canonical)
                    }))
        default: self
        }
    }

    /// Appends the compact text to a buffer.
    public func write(into buffer: inout [UInt8]) {
        switch self {
        case .null: buffer.append(contentsOf: "null".utf8)
        case .bool(let value): buffer.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): buffer.append(contentsOf: String(value).utf8)
        case .number(let value): JSON.write(value, into: &buffer)
        case .string(let value): JSON.write(value, into: &buffer)
        case .array(let items):
            buffer.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { buffer.append(UInt8(ascii: ",")) }
                item.write(into: &buffer)
            }
            buffer.append(UInt8(ascii: "]"))
        case .object(let members):
            buffer.append(UInt8(ascii: "{"))
            for (index, member) in members.entries.enumerated() {
                if index > 0 { buffer.append(UInt8(ascii: ",")) }
                JSON.write(member.key, into: &buffer)
                buffer.append(UInt8(ascii: ":"))
                member.value.write(into: &buffer)
            }
            buffer.append(UInt8(ascii: "}"))
        }
    }

    private func write(into buffer: inout [UInt8], indent: Int) {
        let inner = [UInt8](repeating: 0x20, count: indent + 2)
        let outer = [UInt8](repeating: 0x20, count: indent)
        switch self {
        case .array(let items) where !items.isEmpty:
            buffer.append(contentsOf: "[\n".utf8)
            for (index, item) in items.enumerated() {
                if index > 0 { buffer.append(contentsOf: ",\n".utf8) }
                buffer.append(contentsOf: inner)
                item.write(into: &buffer, indent: indent + 2)
            }
            buffer.append(0x0A)
            buffer.append(contentsOf: outer)
            buffer.append(UInt8(ascii: "]"))
        case .object(let members) where !members.isEmpty:
            buffer.append(contentsOf: "{\n".utf8)
            for (index, member) in members.entries.enumerated() {
                if index > 0 { buffer.append(contentsOf: ",\n".utf8) }
                buffer.append(contentsOf: inner)
                JSON.write(member.key, into: &buffer)
                buffer.append(contentsOf: ": ".utf8)
                member.value.write(into: &buffer, indent: indent + 2)
            }
            buffer.append(0x0A)
            buffer.append(contentsOf: outer)
            buffer.append(UInt8(ascii: "}"))
        default: write(into: &buffer)
        }
    }

    /// JSON has no infinity and no NaN; they become null, as JavaScript writes them.
    private static func write(_ value: Double, into buffer: inout [UInt8]) {
        guard value.isFinite else { return buffer.append(contentsOf: "null".utf8) }
        buffer.append(contentsOf: "\(value)".utf8)
    }

    private static func write(_ value: String, into buffer: inout [UInt8]) {
        buffer.append(UInt8(ascii: "\""))
        // Copied in one piece and looked at there: nearly no string needs an escape.
        let start = buffer.count
        buffer.append(contentsOf: value.utf8)
        if buffer[start...].contains(where: needsEscape) {
            buffer.removeSubrange(start...)
            for byte in value.utf8 {
                if needsEscape(byte) { escape(byte, into: &buffer) } else { buffer.append(byte) }
            }
        }
        buffer.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func escape(_ byte: UInt8, into buffer: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): buffer.append(contentsOf: "\\\"".utf8)
        case UInt8(ascii: "\\"): buffer.append(contentsOf: "\\\\".utf8)
        case 0x0A: buffer.append(contentsOf: "\\n".utf8)
        case 0x0D: buffer.append(contentsOf: "\\r".utf8)
        case 0x09: buffer.append(contentsOf: "\\t".utf8)
        default:
            let digits = String(byte, radix: 16)
            buffer.append(contentsOf: ("\\u00" + (digits.count == 1 ? "0" : "") + digits).utf8)
        }
    }
}

extension JSON: CustomStringConvertible {
    public var description: String { text }
}
