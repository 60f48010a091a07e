import Foundation
import Storage
import Vocabulary

/// `manifest.json` of a backup: what was copied, when, by which version. It is written last: a directory without it
/// holds no whole backup.
struct BackupManifest: Codable, Sendable {
    static let name = "manifest.json"
    static let keyFile = "talent.key"
    static let currentFormat = 1

    struct Copy: Codable, Sendable {
        let service: String
        let file: String
        let bytes: Int64
        let checksum: String
        let version: String
        let migrations: [String]
        /// The copy holds everything that was acknowledged before this.
        let startedAt: Instant
    }

    var format = BackupManifest.currentFormat
    let version: String
    /// Everything that was acknowledged before this is in the backup.
    let startedAt: Instant
    let finishedAt: Instant
    /// The data directory that was copied.
    let data: String
    /// Whether `talent.key` lies beside the copies.
    let withKeys: Bool
    let copies: [Copy]

    static func read(in directory: String) throws(Failure) -> BackupManifest {
        let path = directory + "/" + name
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Failure(
                .usage, words("백업이 아니다: \(path) 이(가) 없다.", "This is no whole backup: there is no \(path)."),
                next: words("ieum backup 이 끝까지 만든 폴더를 준다.", "Name a directory that ieum backup finished."))
        }
        guard let manifest = try? JSONDecoder().decode(BackupManifest.self, from: bytes),
            manifest.format <= currentFormat
        else {
            throw Failure(
                .unhealthy, words("목록을 읽을 수 없다: \(path)", "The manifest cannot be read: \(path)"),
                next: words(
                    "더 새로운 ieum 이 만들었거나 상했다. 그 판의 ieum 이나 다른 백업을 쓴다.",
                    "A newer ieum made it, or it is damaged. Use that version, or another backup."))
        }
        return manifest
    }

    func write(in directory: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try PrivateFile.write(try encoder.encode(self), to: directory + "/" + BackupManifest.name)
    }

    /// Compares every copy with what was noted of it, and looks at every page.
    func verify(in directory: String, each: (Copy) -> Void = { _ in }) throws(Failure) {
        for copy in copies {
            let path = directory + "/" + copy.file
            guard !copy.file.contains("/"), let found = PrivateFile.measure(path) else {
                throw BackupManifest.damaged(path, words("파일이 없다", "it is missing"))
            }
            guard found.bytes == copy.bytes, found.checksum == copy.checksum else {
                throw BackupManifest.damaged(
                    path,
                    words(
                        "목록과 다르다 (\(found.bytes)바이트, 목록은 \(copy.bytes)바이트)",
                        "it differs from the manifest (\(found.bytes) bytes, the manifest says \(copy.bytes))"))
            }
            do {
                guard try DatabaseCopy(path: path).verify() == copy.migrations else {
                    throw BackupManifest.damaged(path, words("스키마가 목록과 다르다", "its schema is not the manifest's"))
                }
            } catch let failure as Failure {
                throw failure
            } catch {
                throw BackupManifest.damaged(path, "\(error)")
            }
            each(copy)
        }
    }

    private static func damaged(_ path: String, _ why: String) -> Failure {
        Failure(
            .unhealthy, words("복사본이 온전하지 않다: \(path): \(why)", "The copy is not whole: \(path): \(why)"),
            next: words("다른 백업을 쓴다.", "Use another backup."))
    }
}

/// Files that nobody else may read, written whole or not at all.
enum PrivateFile {
    static func write(_ bytes: Data, to path: String) throws {
        let draft = path + ".partial"
        try? FileManager.default.removeItem(atPath: draft)
        guard FileManager.default.createFile(atPath: draft, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteNoPermission) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: draft))
        try handle.write(contentsOf: bytes)
        try finish(handle, draft, path)
    }

    /// Copies in pieces, so that a large file does not stand in memory.
    static func copy(_ source: String, to path: String) throws {
        let draft = path + ".partial"
        try? FileManager.default.removeItem(atPath: draft)
        guard FileManager.default.createFile(atPath: draft, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteNoPermission) }
        let input = try FileHandle(forReadingFrom: URL(fileURLWithPath: source))
        defer { try? input.close() }
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: draft))
        while let piece = try input.read(upToCount: 1 << 20), !piece.isEmpty { try output.write(contentsOf: piece) }
        try finish(output, draft, path)
    }

    private static func finish(_ handle: FileHandle, _ draft: String, _ path: String) throws {
        try handle.synchronize()
        try handle.close()
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: draft, toPath: path)
    }

    /// Size and FNV-1a of a file: it tells damage, not forgery. Nil when it cannot be read.
    static func measure(_ path: String) -> (bytes: Int64, checksum: String)? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var bytes: Int64 = 0
        while let piece = try? handle.read(upToCount: 1 << 20), !piece.isEmpty {
            for byte in piece { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            bytes += Int64(piece.count)
        }
        return (bytes, String(hash, radix: 16))
    }
}
