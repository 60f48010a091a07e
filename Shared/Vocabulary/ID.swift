import Synchronization

/// What an identifier names; declared where the thing lives.
public protocol IDKind: Sendable {
    /// Two to four lower-case letters, such as `dmd`.
    static var prefix: String { get }
}

/// An identifier that says what it names: `dmd_` and a UUIDv7 (RFC 9562) as 32 lower-case hexadecimal digits.
///
/// Identifiers sort by time of creation, as values and as text, which list cursors rely on: in one process those of the
/// same millisecond are in order of creation as well. Reading checks prefix and digits only, so that a well-formed but
/// unknown identifier is "not found" rather than "invalid".
public struct ID<Kind: IDKind>: Hashable, Sendable, Comparable {
    /// The UUID, most significant half first.
    let high: UInt64
    let low: UInt64

    /// A new identifier of the given moment.
    public static func new(at instant: Instant) -> ID {
        let (high, low) = TimeOrderedUUID.next(milliseconds: instant.milliseconds)
        return ID(high: high, low: low)
    }

    /// The UUID as a number, in whose order identifiers are too.
    public var number: UInt128 { UInt128(high) << 64 | UInt128(low) }

    public init(number: UInt128) {
        self.init(high: UInt64(truncatingIfNeeded: number >> 64), low: UInt64(truncatingIfNeeded: number))
    }

    /// The moment of creation, as the identifier tells it.
    public var createdAt: Instant { Instant(milliseconds: Int64(high >> 16)) }

    public static func < (left: ID, right: ID) -> Bool { (left.high, left.low) < (right.high, right.low) }

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

extension ID: CustomStringConvertible, LosslessStringConvertible {
    public init?(_ text: String) {
        let bytes = text.utf8
        let prefix = Kind.prefix.utf8
        guard bytes.count == prefix.count + 33, bytes.starts(with: prefix) else { return nil }
        let rest = bytes.dropFirst(prefix.count)
        guard rest.first == UInt8(ascii: "_") else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for byte in rest.dropFirst() {
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: return nil
            }
            high = high << 4 | low >> 60
            low = low << 4 | UInt64(digit)
        }
        self.init(high: high, low: low)
    }

    public var description: String {
        let prefix = Kind.prefix.utf8
        var bytes: [UInt8] = []
        bytes.reserveCapacity(prefix.count + 33)
        bytes.append(contentsOf: prefix)
        bytes.append(UInt8(ascii: "_"))
        for nibble in 0..<32 {
            let half = nibble < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - nibble % 16 * 4)) & 0xF
            bytes.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// UUIDv7: 48 bits of Unix milliseconds, the version, a 42-bit counter, the variant, 32 random bits (RFC 9562, 5.7 and
/// 6.2 method 1). The counter never goes back while the process lives, so identifiers of one moment keep their order
/// even when several clocks (tests) alternate; it starts at a random place so that two processes do not meet.
enum TimeOrderedUUID {
    private static let counter = Atomic<UInt64>(UInt64.random(in: 0..<(1 << 41)))

    static func next(milliseconds: Int64) -> (high: UInt64, low: UInt64) {
        let count = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let time = UInt64(min(max(milliseconds, 0), 1 << 48 - 1))
        let high = time << 16 | 0x7000 | (count >> 30 & 0xFFF)
        let low = 0b10 << 62 | (count & 0x3FFF_FFFF) << 32 | UInt64(UInt32.random(in: .min ... .max))
        return (high, low)
    }
}
