/// One message: its frames packed into one array, and where each ends. Receiving into a value that was used before
/// allocates nothing; copying frames from one message to another is one append.
public struct Multipart: Sendable {
    @usableFromInline static var inlineFrames: Int { 8 }

    public internal(set) var bytes: [UInt8] = []
    /// The number of frames.
    public internal(set) var count = 0
    @usableFromInline var ends = InlineArray<8, Int32>(repeating: 0)
    /// Those beyond eight; nil for nearly every message, so that a copy counts one reference.
    @usableFromInline var moreEnds: [Int32]?

    public init() {}

    public init(_ frames: [[UInt8]]) {
        bytes.reserveCapacity(frames.reduce(0) { $0 + $1.count })
        for frame in frames { append(frame) }
    }

    /// Frames from text, for tests and cold paths.
    public init(_ frames: String...) {
        for frame in frames { append(frame) }
    }

    public init(reservingBytes capacity: Int) { bytes.reserveCapacity(capacity) }

    @inlinable public var byteCount: Int { bytes.count }
    public var isEmpty: Bool { count == 0 }
    /// The frames as arrays: a copy, for cold paths and tests.
    public var frames: [[UInt8]] { (0..<count).map { Array(self[$0]) } }

    @inlinable public subscript(_ index: Int) -> ArraySlice<UInt8> { bytes[range(of: index)] }

    /// Where a frame lies in `bytes`.
    @inlinable public func range(of index: Int) -> Range<Int> {
        precondition(index < count, "a message of \(count) frames has no frame \(index)")
        return (index == 0 ? 0 : end(index - 1))..<end(index)
    }

    /// Where several frames lie in `bytes`.
    @inlinable public func range(of frames: Range<Int>) -> Range<Int> {
        if frames.isEmpty { return 0..<0 }
        return range(of: frames.lowerBound).lowerBound..<range(of: frames.upperBound - 1).upperBound
    }

    @inlinable public func byteCount(of index: Int) -> Int { range(of: index).count }

    public func text(_ index: Int) -> String { String(decoding: self[index], as: UTF8.self) }

    public func key(_ index: Int) -> ByteKey {
        let range = range(of: index)
        return unsafe bytes.withUnsafeBytes { unsafe ByteKey(copying: UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// Whether a frame has exactly these bytes; nothing is allocated.
    public func frame(_ index: Int, equals text: StaticString) -> Bool {
        let range = range(of: index)
        guard range.count == text.utf8CodeUnitCount else { return false }
        return unsafe bytes.withUnsafeBytes { all in
            unsafe all[range].elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: range.count))
        }
    }

    public func frame(_ index: Int, equals other: [UInt8]) -> Bool { self[index].elementsEqual(other) }

    // MARK: Building

    public mutating func append(_ frame: [UInt8]) {
        bytes.append(contentsOf: frame)
        endFrame()
    }

    public mutating func append(_ frame: ArraySlice<UInt8>) {
        bytes.append(contentsOf: frame)
        endFrame()
    }

    public mutating func append(_ frame: some Collection<UInt8>) {
        bytes.append(contentsOf: frame)
        endFrame()
    }

    public mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        endFrame()
    }

    public mutating func append(_ text: StaticString) {
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        endFrame()
    }

    public mutating func append(_ key: ByteKey) {
        unsafe key.withBytes { unsafe bytes.append(contentsOf: $0) }
        endFrame()
    }

    public mutating func appendEmptyFrame() { endFrame() }

    /// One frame of one byte, such as an MDP command.
    public mutating func append(byte: UInt8) {
        bytes.append(byte)
        endFrame()
    }

    public mutating func append(_ index: Int, of other: Multipart) {
        append(index..<index + 1, of: other)
    }

    public mutating func append(_ frames: Range<Int>, of other: Multipart) {
        if frames.isEmpty { return }
        let source = other.range(of: frames)
        let shift = bytes.count - source.lowerBound
        bytes.append(contentsOf: other.bytes[source])
        for index in frames { append(end: other.end(index) + shift) }
    }

    public mutating func removeAll(keepingCapacity: Bool = true) {
        bytes.removeAll(keepingCapacity: keepingCapacity)
        moreEnds = nil
        count = 0
    }

    /// The bytes appended since the last frame become a frame.
    mutating func endFrame() { append(end: bytes.count) }

    private mutating func append(end: Int) {
        if count < Self.inlineFrames {
            ends[count] = Int32(end)
        } else {
            if moreEnds == nil { moreEnds = [] }
            moreEnds?.append(Int32(end))
        }
        count += 1
    }

    @inlinable func end(_ index: Int) -> Int {
        Int(index < Self.inlineFrames ? ends[index] : moreEnds?[index - Self.inlineFrames] ?? 0)
    }
}

extension Multipart: Hashable {
    public static func == (left: Multipart, right: Multipart) -> Bool {
        left.count == right.count && left.bytes == right.bytes
            && (0..<left.count).allSatisfy { left.end($0) == right.end($0) }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(bytes)
        for index in 0..<count { hasher.combine(end(index)) }
    }
}

extension Multipart: CustomStringConvertible {
    /// For test failures and logs: text where it is printable, else hexadecimal.
    public var description: String {
        let shown = (0..<count).map { index -> String in
            let frame = self[index]
            if frame.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return "\"\(String(decoding: frame, as: UTF8.self))\"" }
            return frame.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        return "[" + shown.joined(separator: " | ") + "]"
    }
}
