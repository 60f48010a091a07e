import Foundation
import JSON
import ServiceKit

/// Where the policy stands, and whether it has changed.
public struct PolicyFile: Sendable {
    /// Larger files are a mistake.
    static let bytesMaximum = 1 << 20

    public let path: String
    public let owner: UInt32
    private let accounts: Accounts

    /// - Parameter owner: the user that the gateway runs as; this process's own when left out.
    public init(path: String, owner: UInt32? = nil, accounts: Accounts = .system) {
        self.path = path
        self.owner = owner ?? geteuid()
        self.accounts = accounts
    }

    /// What a look at the file tells without reading it: nil when there is none.
    public struct Stamp: Sendable, Hashable {
        let modified: Date?
        let size: UInt64?
        let number: UInt64?
    }

    public var stamp: Stamp? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        return Stamp(
            modified: attributes[.modificationDate] as? Date, size: (attributes[.size] as? NSNumber)?.uint64Value,
            number: (attributes[.systemFileNumber] as? NSNumber)?.uint64Value)
    }

    /// The policy of the file; without a file nobody but the owner is admitted.
    public func read() throws(PolicyMistakes) -> Policy {
        let files = FileManager.default
        guard files.fileExists(atPath: path) else { return Policy(owner: owner) }
        if let mistake = trust() { throw PolicyMistakes(path: path, [mistake]) }
        guard let bytes = files.contents(atPath: path), bytes.count <= Self.bytesMaximum,
            let text = String(validating: bytes, as: UTF8.self)
        else {
            throw fault(ko: "읽을 수 있는 1 MiB 이하의 UTF-8 파일이어야 합니다", en: "must be a readable UTF-8 file of at most 1 MiB")
        }
        return try policy(of: text)
    }

    /// The same for a text that is not in the file yet.
    public func policy(of text: String) throws(PolicyMistakes) -> Policy {
        try PolicyReading.read(text, path: path, owner: owner, accounts: accounts)
    }

    /// Who may write the file may do everything: nobody else must be able to.
    private func trust() -> PolicyMistake? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved),
            let user = (attributes[.ownerAccountID] as? NSNumber)?.uint32Value,
            let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue
        else { return nil }
        if user != owner, user != 0 {
            return fault(
                ko: "다른 사용자(uid \(user))의 파일입니다. 게이트웨이의 사용자나 root의 것이어야 합니다",
                en: "belongs to another user (uid \(user)); it must be the gateway's or root's"
            ).list.first
        }
        guard mode & 0o022 != 0 else { return nil }
        return fault(
            ko: "다른 사람이 쓸 수 있습니다: chmod go-w \(path)", en: "can be written by others: chmod go-w \(path)"
        ).list.first
    }

    private var resolved: String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    private func fault(ko: String, en: String) -> PolicyMistakes {
        PolicyMistakes(path: path, [PolicyMistake(line: 1, field: "", value: nil, rule: Bilingual(ko: ko, en: en))])
    }
}
