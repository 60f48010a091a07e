import Foundation
import Storage
import Testing

@Suite("Mapped memory and files that are whole") struct FilesTests {
    let folder = FileManager.default.temporaryDirectory.path + "/ieum-files-\(UInt64.random(in: 0 ... .max))"

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    private func clear() { try? FileManager.default.removeItem(atPath: folder) }

    @Test func aFileIsTheSameAsTheMemoryItWasWrittenFrom() throws {
        defer { clear() }
        let numbers = (0..<1_000).map { UInt32($0) &* 0x9E37_79B1 }
        let memory = MappedMemory(byteCount: 4_099) { $0.store(numbers, at: 64) }
        try memory.write(toNew: folder + "/a")
        #expect(throws: StorageError.self, "there is one already") { try memory.write(toNew: folder + "/a") }
        let file = try MappedMemory(path: folder + "/a")
        // It stays when its name goes.
        try FileManager.default.removeItem(atPath: folder + "/a")
        #expect(file.byteCount == 4_099 && file.checksum == memory.checksum && memory.path == nil)
        let column = try file.column(UInt32.self, at: 64, count: 1_000)
        #expect(Array(column) == numbers)
        #expect(column.withSpan { span in span.indices.allSatisfy { span[$0] == numbers[$0] } })
        #expect(file.bytes(in: 60..<500) == memory.bytes(in: 60..<500))
        #expect(file.bytes(in: 4_099..<4_099) == [] && file.bytes(in: 0..<4_099).count == 4_099)
        file.expect(.seldom, of: 0..<4_099)
        #expect(Array(column) == numbers)
    }

    @Test func columnsOutsideAreRefused() throws {
        let memory = MappedMemory(byteCount: 64) { _ in }
        #expect(try memory.column(UInt64.self, at: 0, count: 8).reduce(0, +) == 0)
        for (offset, count) in [(0, 9), (8, 8), (4, 1), (-8, 1), (0, -1), (72, 0), (0, .max)] {
            #expect(throws: StorageError.self, "\(offset) \(count)") {
                try memory.column(UInt64.self, at: offset, count: count)
            }
        }
        #expect(throws: StorageError.self) { try MappedMemory(path: "/nowhere/at/all") }
    }

    @Test(arguments: [1, 31, 32, 33, 1_000]) func everyByteCountsInTheChecksum(_ count: Int) {
        var bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        func sum() -> UInt64 { MappedMemory(byteCount: bytes.count) { $0.store(bytes, at: 0) }.checksum }
        var seen: Set<UInt64> = [sum()]
        for place in bytes.indices {
            bytes[place] ^= 1
            #expect(seen.insert(sum()).inserted)
            bytes[place] ^= 1
        }
        bytes.append(0)
        #expect(seen.insert(sum()).inserted)
        let words: [UInt64] = [1, 2, 3]
        #expect(Checksum.of(words) != Checksum.of(words + [0]))
        #expect(Checksum.of(words) != Checksum.of([1, 3, 2]))
    }

    @Test func aFileIsReplacedAsAWhole() throws {
        defer { clear() }
        let path = folder + "/manifest"
        // What a process left that was killed on the way.
        try Data("half".utf8).write(to: URL(filePath: path + ".partial"))
        for word in [UInt64(7), 8] {
            try DurableFile.replace(path, with: MappedMemory(byteCount: 8) { $0.store([word], at: 0) })
            #expect(try MappedMemory(path: path).column(UInt64.self, at: 0, count: 1).first == word)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["manifest"])
        #expect(throws: StorageError.self) {
            try DurableFile.replace(folder + "/no/manifest", with: MappedMemory(byteCount: 8) { _ in })
        }
    }

    @Test func aLockIsHeldByOne() throws {
        defer { clear() }
        var first = FileLock(path: folder + "/lock")
        #expect(first != nil)
        #expect(FileLock(path: folder + "/lock") == nil)
        first = nil
        #expect(FileLock(path: folder + "/lock") != nil)
        #expect(FileLock(path: folder + "/no/lock") == nil)
    }
}
