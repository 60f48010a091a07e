/// A short byte string as a dictionary key: routing ids, service names. Up to 23 bytes lie in the value itself, so
/// that looking one up costs no allocation; longer ones are kept in an array.
public struct ByteKey: Hashable, Sendable, CustomStringConvertible {
    private typealias Words = (UInt64, UInt64, UInt64)
    private static let inlineBytes = 23

    // Bytes 0..<23 are the content and byte 23 the count; when `spill` is there, the words are zero.
    private var first: UInt64 = 0
    private var second: UInt64 = 0
    private var third: UInt64 = 0
    private var spill: [UInt8]?

    public init(_ bytes: some Collection<UInt8>) {
        let packed = bytes.withContiguousStorageIfAvailable { unsafe ByteKey(copying: UnsafeRawBufferPointer($0)) }
        self = unsafe packed ?? Array(bytes).withUnsafeBytes { unsafe ByteKey(copying: $0) }
    }

    public init(_ text: String) { self.init(text.utf8) }

    /// Twelve bytes from two numbers, most significant first; nothing is allocated.
    public init(_ head: UInt32, _ tail: UInt64) {
        first = (UInt64(head.bigEndian) | tail.bigEndian << 32).littleEndian
        second = (tail.bigEndian >> 32).littleEndian
        third = (UInt64(12) << 56).littleEndian
    }

    init(copying bytes: UnsafeRawBufferPointer) {
        let count = bytes.count
        guard count <= Self.inlineBytes else {
            spill = unsafe Array(bytes)
            return
        }
        var words: Words = (0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { target in
            unsafe target.copyMemory(from: bytes)
            unsafe target[Self.inlineBytes] = UInt8(count)
        }
        (first, second, third) = words
    }

    public static func == (left: ByteKey, right: ByteKey) -> Bool {
        left.first == right.first && left.second == right.second && left.third == right.third
            && left.spill == right.spill
    }

    public func hash(into hasher: inout Hasher) {
        if let spill { return hasher.combine(spill) }
        hasher.combine(first)
        if second != 0 { hasher.combine(second) }
        hasher.combine(third)
    }

    public var count: Int {
        if let spill { return spill.count }
        return Int(UInt8(truncatingIfNeeded: third.littleEndian >> 56))
    }

    public var bytes: [UInt8] { unsafe withBytes { unsafe Array($0) } }

    /// Text when it is UTF-8; for logs and counters, invalid bytes are replaced.
    public var description: String { String(decoding: bytes, as: UTF8.self) }

    @unsafe func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        if let spill { return unsafe spill.withUnsafeBytes { unsafe body($0) } }
        var words: Words = (first, second, third)
        let count = count
        return unsafe withUnsafeBytes(of: &words) { unsafe body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
}
