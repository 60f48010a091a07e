import Foundation

/// The file that holds the master key: one line, base64, readable by its owner alone.
///
/// A backup of the database without this file is worthless, and so is this file without the database: keep them apart.
struct KeyFile: Sendable {
    let path: String
    private static let label = "ieum-talent-master-key-1"

    /// Why the key file cannot be used; each says what to do.
    enum Failure: Error, Equatable, CustomStringConvertible {
        case unreadable(path: String)
        case malformed(path: String)
        case tooOpen(path: String, mode: Int)
        /// There is data, but no key: a new key would lock everybody out for good.
        case missing(path: String, database: String)
        case unwritable(path: String)

        var description: String {
            switch self {
            case .unreadable(let path): "\(path): cannot be read; check its owner"
            case .malformed(let path): "\(path): not a key file of talent; restore it from its backup"
            case .tooOpen(let path, let mode):
                "\(path): mode \(String(mode, radix: 8)) lets others read the key; run: chmod 600 \(path)"
            case .missing(let path, let database):
                "\(path): missing, yet \(database) holds data sealed with it; restore the key file from its backup"
            case .unwritable(let path): "\(path): cannot be written; check the folder's owner and free space"
            }
        }
    }

    /// The vault of this file; makes the file on the very first start, when there is no database either.
    func vault(database: String?) throws -> Vault {
        if !FileManager.default.fileExists(atPath: path) {
            if let database, FileManager.default.fileExists(atPath: database) {
                throw Failure.missing(path: path, database: database)
            }
            try make()
        }
        return Vault(master: try read())
    }

    private func read() throws -> [UInt8] {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let attributes, let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Failure.unreadable(path: path)
        }
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
        guard mode & 0o077 == 0 else { throw Failure.tooOpen(path: path, mode: mode) }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, words[0] == Self.label, let bytes = Data(base64Encoded: String(words[1])),
            bytes.count == 32
        else { throw Failure.malformed(path: path) }
        return Array(bytes)
    }

    /// Written beside its place, made durable, then linked: a crash leaves a whole key or none, and of two that
    /// start at once one wins and both read the winner's.
    private func make() throws {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        let line = Data("\(Self.label) \(Data(bytes).base64EncodedString())\n".utf8)
        let draft = "\(path).\(ProcessInfo.processInfo.processIdentifier).draft"
        let files = FileManager.default
        let folder = (path as NSString).deletingLastPathComponent
        do {
            if !folder.isEmpty {
                try files.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
            }
            try? files.removeItem(atPath: draft)
            // An empty file first: the key is not in it before its mode is right.
            guard files.createFile(atPath: draft, contents: nil, attributes: [.posixPermissions: 0o600]) else {
                throw Failure.unwritable(path: path)
            }
            try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: draft)
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: draft))
            try handle.write(contentsOf: line)
            try handle.synchronize()
            try handle.close()
        } catch {
            throw Failure.unwritable(path: path)
        }
        defer { try? files.removeItem(atPath: draft) }
        do {
            try files.linkItem(atPath: draft, toPath: path)
        } catch {
            if !files.fileExists(atPath: path) { throw Failure.unwritable(path: path) }
        }
    }
}
