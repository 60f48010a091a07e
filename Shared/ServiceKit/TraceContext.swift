/// W3C Trace Context, version 00: https://www.w3.org/TR/trace-context/#traceparent-header
public struct TraceContext: Sendable, Hashable {
    /// Of the whole trace: 16 bytes.
    public let traceHigh, traceLow: UInt64
    /// Of the caller's span.
    public let parent: UInt64
    public let isSampled: Bool

    public init(traceHigh: UInt64, traceLow: UInt64, parent: UInt64, isSampled: Bool) {
        (self.traceHigh, self.traceLow, self.parent, self.isSampled) = (traceHigh, traceLow, parent, isSampled)
    }

    /// Nil when it is no valid traceparent: then a new trace begins.
    public init?(_ text: some Collection<UInt8>) {
        let bytes = Array(text.prefix(56))
        guard bytes.count >= 55, let version = Self.number(bytes[0..<2]), version != 0xff,
            // Version 00 ends here; a later one may go on after a dash.
            version == 0 ? bytes.count == 55 : bytes.count == 55 || bytes[55] == Self.dash,
            bytes[2] == Self.dash, bytes[35] == Self.dash, bytes[52] == Self.dash,
            let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]), high | low != 0,
            let parent = Self.number(bytes[36..<52]), parent != 0, let flags = Self.number(bytes[53..<55])
        else { return nil }
        self.init(traceHigh: high, traceLow: low, parent: parent, isSampled: flags & 1 == 1)
    }

    public var traceID: String { Self.hexadecimal(traceHigh) + Self.hexadecimal(traceLow) }
    public var traceparent: String {
        "00-\(traceID)-\(Self.hexadecimal(parent))-\(isSampled ? "01" : "00")"
    }

    /// The same trace as a span of it hands it on.
    public func child(_ span: UInt64) -> TraceContext {
        TraceContext(traceHigh: traceHigh, traceLow: traceLow, parent: span, isSampled: isSampled)
    }

    static func hexadecimal(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    private static let dash = UInt8(ascii: "-")

    /// Lower case only, as the standard has it.
    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case 0x30...0x39: value = value << 4 | UInt64(digit - 0x30)
            case 0x61...0x66: value = value << 4 | UInt64(digit - 0x57)
            default: return nil
            }
        }
        return value
    }
}
