import Foundation

/// Memory that never changes once it is made: filled in one go, or the content of a file, which is then read in by the
/// system page by page when it is looked at and given back under pressure. It stays valid after the file was removed.
///
/// The file must not be written by anybody while it is mapped; those that Ieum maps are made once and only ever removed.
@safe public final class MappedMemory: @unchecked Sendable {
    // Unchecked: `init` is the only one that writes; afterwards every thread only reads.

    @usableFromInline let start: UnsafeMutableRawPointer
    public let byteCount: Int
    /// The file it was read from.
    public let path: String?
    private let descriptor: Int32?

    /// What is being filled.
    @safe public struct Filling {
        fileprivate let start: UnsafeMutableRawPointer
        fileprivate let byteCount: Int

        /// Copies a list to a place, which must be a multiple of the elements' size.
        public func store<Element: FixedWidthInteger & BitwiseCopyable>(_ list: [Element], at offset: Int) {
            let bytes = list.count * MemoryLayout<Element>.stride
            precondition(offset >= 0 && bytes <= byteCount - offset && offset % MemoryLayout<Element>.alignment == 0)
            unsafe list.withUnsafeBytes { source in
                guard let first = source.baseAddress else { return }
                unsafe (start + offset).copyMemory(from: first, byteCount: bytes)
            }
        }
    }

    /// Zeroes, then what `fill` puts there.
    public init(byteCount: Int, _ fill: (Filling) -> Void) {
        // Like any list of the language: without memory there is no going on.
        guard let start = unsafe try? Self.map(max(byteCount, 1), nil, path: "memory") else {
            preconditionFailure("no memory for \(byteCount) bytes")
        }
        unsafe self.start = start
        self.byteCount = byteCount
        path = nil
        descriptor = nil
        fill(unsafe Filling(start: start, byteCount: byteCount))
        unsafe mprotect(start, max(byteCount, 1), PROT_READ)
    }

    /// The whole file as it is now.
    public init(path: String) throws(StorageError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
        do throws(StorageError) {
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
            byteCount = Int(status.st_size)
            unsafe start = try Self.map(max(byteCount, 1), descriptor, path: path)
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        unsafe munmap(start, max(byteCount, 1))
        if let descriptor { close(descriptor) }
    }

    private static func map(_ bytes: Int, _ descriptor: Int32?, path: String) throws(StorageError)
        -> UnsafeMutableRawPointer
    {
        let (protection, flags) =
            descriptor == nil ? (PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS) : (PROT_READ, MAP_SHARED)
        let start = unsafe mmap(nil, bytes, protection, flags, descriptor ?? -1, 0)
        guard let start = unsafe start, unsafe start != MAP_FAILED else { throw failure(path) }
        return unsafe start
    }

    private static func failure(_ path: String) -> StorageError {
        .cannotOpen(path: path, reason: unsafe String(cString: strerror(errno)))
    }

    /// A sum over all bytes that any change of one of them changes; reads everything.
    public var checksum: UInt64 {
        var sum = Checksum()
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: byteCount)
        unsafe sum.add(bytes)
        return sum.value
    }

    /// Says how these bytes will be used; those of a file only.
    public func expect(_ use: Use, of range: Range<Int>) {
        guard path != nil else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let first = range.lowerBound / page * page
        let end = min(range.upperBound, byteCount)
        guard first < end else { return }
        switch use {
        case .soon: unsafe madvise(start + first, end - first, MADV_WILLNEED)
        case .seldom:
            // The pages leave this process; the system keeps them as long as it has room.
            unsafe madvise(start + first, end - first, MADV_DONTNEED)
            unsafe madvise(start + first, end - first, MADV_RANDOM)
        }
    }

    public enum Use: Sendable { case soon, seldom }

    /// A copy of some bytes. Those of a file are read from it and not through the map, so that what is looked at once
    /// does not become part of what this process holds.
    public func bytes(in range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
        return unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            guard let target = buffer.baseAddress else { return }
            if let descriptor {
                while count < range.count {
                    let read = unsafe pread(
                        descriptor, target + count, range.count - count, off_t(range.lowerBound + count))
                    if read < 0, errno == EINTR { continue }
                    // As with a page of a map that cannot be read.
                    precondition(read > 0, "\(path ?? "") cannot be read")
                    count += read
                }
            } else {
                unsafe UnsafeMutableRawPointer(target).copyMemory(
                    from: start + range.lowerBound, byteCount: range.count)
                count = range.count
            }
        }
    }

    /// Writes it to a new file that is on the disk when this returns. What it wrote before an error is removed.
    public func write(toNew path: String) throws(StorageError) {
        try unsafe DurableFile.create(path, of: UnsafeRawBufferPointer(start: start, count: byteCount))
    }

    /// Numbers that lie behind one another from `offset` on.
    public func column<Element>(_ element: Element.Type, at offset: Int, count: Int) throws(StorageError)
        -> Column<Element>
    {
        let (bytes, isTooMany) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        guard offset >= 0, count >= 0, !isTooMany, offset <= byteCount, bytes <= byteCount - offset,
            offset % MemoryLayout<Element>.alignment == 0
        else { throw .corrupt(path: path ?? "memory", message: "a column lies outside") }
        let first = unsafe (start + offset).assumingMemoryBound(to: Element.self)
        return unsafe Column(memory: self, first: first, count: count)
    }
}

/// Numbers in mapped memory, which is kept for as long as this is.
@safe
public struct Column<Element: FixedWidthInteger & BitwiseCopyable & Sendable>: RandomAccessCollection,
    @unchecked Sendable
{
    // Unchecked: the memory never changes, and `memory` keeps it mapped.

    @usableFromInline let memory: MappedMemory
    @usableFromInline let first: UnsafePointer<Element>
    public let count: Int

    fileprivate init(memory: MappedMemory, first: UnsafePointer<Element>, count: Int) {
        self.memory = memory
        unsafe self.first = first
        self.count = count
    }

    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { count }

    @inlinable public subscript(_ place: Int) -> Element {
        precondition(place >= 0 && place < count)
        return unsafe first[place]
    }

    /// For long loops: no reference is counted in them.
    @inlinable public func withSpan<R>(_ body: (Span<Element>) throws -> R) rethrows -> R {
        defer { withExtendedLifetime(memory) {} }
        return try body(unsafe Span(_unsafeStart: first, count: count))
    }
}
