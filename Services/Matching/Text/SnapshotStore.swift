import Foundation
import Storage
import Synchronization

/// Keeps one index in a directory, so that a start need not build it: each block in a file that is made once, and a
/// manifest that names them. Whatever is wrong with it, the index is built from the database instead.
///
/// One process writes, the one that has the lock; others read. A file is removed when the manifest names it no more;
/// who has it mapped keeps it.
final class SnapshotStore<Key: IndexKey>: Sendable {
    /// Why what is kept cannot be used.
    struct Unusable: Error, CustomStringConvertible {
        let description: String
    }

    struct Loaded {
        let index: TextIndex<Key>
        let sequence: Int64
        let witnesses: [SnapshotManifest.Witness]
    }

    static var blockSuffix: String { ".block" }

    private let directory: String
    private let fingerprint: UInt64
    private let lock = Mutex<FileLock?>(nil)
    /// Checksums of the block files that this process wrote or read, by path.
    private let checksums = Mutex<[String: UInt64]>([:])

    init(directory: String, fingerprint: UInt64) {
        self.directory = directory
        self.fingerprint = fingerprint
    }

    private var manifestPath: String { directory + "/manifest" }

    /// Nil when nothing is kept.
    func load() throws -> Loaded? {
        var last: (any Error)?
        // While another process replaces what is kept, a file may go between the manifest and its opening.
        for _ in 0..<3 {
            guard FileManager.default.fileExists(atPath: manifestPath) else { return nil }
            do { return try loadOnce() } catch { last = error }
        }
        throw last ?? Unusable(description: "unreadable")
    }

    private func loadOnce() throws -> Loaded {
        let file = try MappedMemory(path: manifestPath)
        guard file.byteCount % 8 == 0 else { throw Unusable(description: "the manifest is cut off") }
        let words = try file.column(UInt64.self, at: 0, count: file.byteCount / 8)
        guard let manifest = SnapshotManifest(words: words) else {
            throw Unusable(description: "the manifest is damaged")
        }
        guard manifest.fingerprint == fingerprint else {
            throw Unusable(description: "it was made by another version of the tokeniser, thesaurus or format")
        }
        let parts = try manifest.blocks.map { entry in
            TextIndex<Key>.Part(block: try open(entry), dead: Tombstones(words: entry.dead))
        }
        return Loaded(
            index: TextIndex(
                parts: parts, frequencies: TermFrequencies(terms: manifest.terms, counts: manifest.counts),
                liveLength: manifest.liveLength),
            sequence: manifest.sequence, witnesses: manifest.witnesses)
    }

    private func open(_ entry: SnapshotManifest.BlockFile) throws -> Block<Key> {
        let path = directory + "/" + entry.fileName
        let memory = try MappedMemory(path: path)
        guard memory.byteCount == entry.byteCount else {
            throw Unusable(
                description: "\(path) has \(memory.byteCount) bytes instead of \(entry.byteCount)")
        }
        memory.expect(.soon, of: 0..<memory.byteCount)
        guard memory.checksum == entry.checksum else { throw Unusable(description: "\(path) is damaged") }
        checksums.withLock { $0[path] = entry.checksum }
        return try Block(memory)
    }

    /// Makes what is kept unusable for good.
    func discard() { try? FileManager.default.removeItem(atPath: manifestPath) }

    /// Whether this process may write here; true from then on.
    func mayWrite() throws -> Bool {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return lock.withLock { lock in
            if lock == nil { lock = FileLock(path: directory + "/lock") }
            return lock != nil
        }
    }

    /// Writes a block to a file and reads it from there; the manifest must name it before the next `save`, which removes
    /// all others.
    func keep(_ block: Block<Key>) throws -> Block<Key> {
        let path = directory + "/" + SnapshotManifest.BlockFile.fileName(.random(in: 1 ... .max))
        try block.memory.write(toNew: path)
        let memory = try MappedMemory(path: path)
        checksums.withLock { $0[path] = memory.checksum }
        return try Block(memory)
    }

    /// Puts this index in place of what is kept.
    ///
    /// - Returns: the blocks that are now in files, each with the one in memory that it is the same as.
    func save(_ index: TextIndex<Key>, sequence: Int64, witnesses: [SnapshotManifest.Witness]) throws
        -> [(block: Block<Key>, same: Block<Key>)]
    {
        var exchanged: [(block: Block<Key>, same: Block<Key>)] = []
        var entries: [SnapshotManifest.BlockFile] = []
        var index = index
        index.seal()
        for part in index.parts {
            var block = part.block
            if !isKept(block) {
                block = try keep(block)
                exchanged.append((part.block, block))
            }
            entries.append(try entry(block, part.dead))
        }
        let (terms, counts) = index.frequencies.list
        let manifest = SnapshotManifest(
            fingerprint: fingerprint, sequence: sequence, liveLength: index.liveLength, blocks: entries,
            witnesses: witnesses, terms: terms, counts: counts)
        let words = manifest.words
        let memory = MappedMemory(byteCount: words.count * 8) { $0.store(words, at: 0) }
        // The blocks' names must be on the disk before the one that names them.
        try DurableFile.syncDirectory(of: manifestPath)
        try DurableFile.replace(manifestPath, with: memory)
        removeAll(except: Set(entries.map(\.fileName)))
        return exchanged
    }

    /// Another process may have removed the file that this one mapped.
    private func isKept(_ block: Block<Key>) -> Bool {
        block.memory.path.map { FileManager.default.fileExists(atPath: $0) } ?? false
    }

    private func entry(_ block: Block<Key>, _ dead: Tombstones) throws -> SnapshotManifest.BlockFile {
        guard let path = block.memory.path, let sum = checksums.withLock({ $0[path] }),
            let name = UInt64(URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent, radix: 16)
        else { throw Unusable(description: "a block without a file") }
        return SnapshotManifest.BlockFile(
            name: name, byteCount: block.memory.byteCount, checksum: sum, dead: dead.words)
    }

    private func removeAll(except names: Set<String>) {
        let found = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for name in found where name.hasSuffix(Self.blockSuffix) && !names.contains(name) {
            try? FileManager.default.removeItem(atPath: directory + "/" + name)
            checksums.withLock { _ = $0.removeValue(forKey: directory + "/" + name) }
        }
    }
}
