import Foundation
public import JSON
public import ZeroMQ

/// A CURVE pair in a file, in the form that CZMQ and pyzmq read and write (`zcert`, `zmq.auth.load_certificate`).
public enum CurveFile {
    /// What is wrong with a key file, and what to do.
    public struct Refused: Error, Sendable, CustomStringConvertible {
        public let path: String
        public let rule: Bilingual
        public var description: String { "\(path): \(rule.en)" }
    }

    /// The pair, and the name that it was made for.
    public static func read(_ path: String) throws(Refused) -> (pair: CurvePair, name: String) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= 65_536 else {
            throw Refused(
                path: path,
                rule: Bilingual(
                    ko: "읽을 수 있는 열쇠 파일이 없습니다. 만들려면: ieum keys",
                    en: "there is no key file that can be read; make one with ieum keys"))
        }
        guard let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue, mode & 0o077 == 0 else {
            throw Refused(
                path: path,
                rule: Bilingual(
                    ko: "비밀 열쇠를 다른 사람이 읽을 수 있습니다: chmod 600 \(path)",
                    en: "others can read the secret key: chmod 600 \(path)"))
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let publicKey = value("public-key", text).flatMap({ CurveKey($0) }),
            let secretKey = value("secret-key", text).flatMap({ CurveKey($0) }),
            let pair = CurvePair(publicKey: publicKey, secretKey: secretKey)
        else {
            throw Refused(
                path: path,
                rule: Bilingual(
                    ko: "public-key와 secret-key가 짝이 맞는 Z85 40자여야 합니다. 새로 만들려면: ieum keys",
                    en:
                        "public-key and secret-key must be a pair of 40 characters in Z85; make a new one with ieum keys"
                ))
        }
        return (pair, value("name", text) ?? "")
    }

    /// Makes the file, which only its owner can read. A file that is there is never changed.
    public static func write(_ pair: CurvePair, name: String, to path: String) throws(Refused) {
        let text = """
            # A CURVE certificate of Ieum. The secret key belongs to one program alone: mode 0600, and never sent.
            metadata
                name = "\(name)"
            curve
                public-key = "\(pair.publicKey)"
                secret-key = "\(pair.secretKey)"

            """
        let files = FileManager.default
        let draft = path + ".draft"
        defer { try? files.removeItem(atPath: draft) }
        do {
            // An empty file first: the key is not in it before its mode is right. The link fails when there is one.
            try? files.removeItem(atPath: draft)
            _ = files.createFile(atPath: draft, contents: nil, attributes: [.posixPermissions: 0o600])
            try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: draft)
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: draft))
            try file.write(contentsOf: Data(text.utf8))
            try file.synchronize()
            try file.close()
            try files.linkItem(atPath: draft, toPath: path)
        } catch {
            throw Refused(
                path: path,
                rule: Bilingual(
                    ko: "새로 쓸 수 없습니다. 이미 있으면 그대로 두고 다른 곳에 만드세요",
                    en: "cannot be made; if it is there already, leave it and choose another place"))
        }
    }

    private static func value(_ name: String, _ text: String) -> String? {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, parts[0] == name, parts[1].count >= 2, parts[1].hasPrefix("\""),
                parts[1].hasSuffix("\"")
            else { continue }
            return String(parts[1].dropFirst().dropLast())
        }
        return nil
    }
}
