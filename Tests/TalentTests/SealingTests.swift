import Foundation
import Testing

@testable import Talent

@Suite struct SealingTests {
    let vault = Vault(master: [UInt8](repeating: 1, count: 32))

    @Test func opensWhatItSealed() throws {
        let (key, wrapped) = try vault.makeKey(for: "per_a")
        for text in ["", "김철수", String(repeating: "이력 ", count: 4_000)] {
            let sealed = try key.seal(text, .cv)
            #expect(try key.open(sealed, .cv) == text)
            #expect(try vault.unwrap(wrapped, for: "per_a").open(sealed, .cv) == text)
        }
    }

    @Test func neverSealsTheSameWayTwice() throws {
        let key = try vault.makeKey(for: "per_a").key
        let seals = Set(try (0..<200).map { _ in try key.seal("같은 글", .name) })
        #expect(seals.count == 200)
        #expect(Set(seals.map { Array($0[1..<13]) }).count == 200, "nonces repeat")
    }

    @Test func noticesEveryChangedByte() throws {
        let key = try vault.makeKey(for: "per_a").key
        let sealed = try key.seal("김철수", .name)
        for place in sealed.indices {
            var changed = sealed
            changed[place] ^= 0x40
            #expect(throws: SealingError.self) { try key.open(changed, .name) }
        }
        for count in 0..<sealed.count {
            #expect(throws: SealingError.self) { try key.open(Array(sealed.prefix(count)), .name) }
        }
    }

    @Test func bindsTheCiphertextToFieldAndPerson() throws {
        let (key, wrapped) = try vault.makeKey(for: "per_a")
        let other = try vault.makeKey(for: "per_b")
        let sealed = try key.seal("a@example.org", .email)
        #expect(throws: SealingError.brokenSeal(.name)) { try key.open(sealed, .name) }
        #expect(throws: SealingError.brokenSeal(.email)) { try other.key.open(sealed, .email) }
        // A key row moved to another person does not unwrap there.
        #expect(throws: SealingError.brokenKey) { try vault.unwrap(wrapped, for: "per_b") }
    }

    @Test func noticesAnotherMasterKey() throws {
        let wrapped = try vault.makeKey(for: "per_a").wrapped
        let other = Vault(master: [UInt8](repeating: 2, count: 32))
        #expect(throws: SealingError.otherMaster(expected: vault.fingerprint, found: other.fingerprint)) {
            try other.unwrap(wrapped, for: "per_a")
        }
        // Even if someone writes the right fingerprint to the row.
        let forged = WrappedKey(master: other.fingerprint, bytes: wrapped.bytes)
        #expect(throws: SealingError.brokenKey) { try other.unwrap(forged, for: "per_a") }
        // And an erased one, overwritten by zeros.
        let erased = WrappedKey(master: vault.fingerprint, bytes: [UInt8](repeating: 0, count: wrapped.bytes.count))
        #expect(throws: SealingError.brokenKey) { try vault.unwrap(erased, for: "per_a") }
    }

    @Test func digestsTellListsApart() {
        #expect(vault.digest(["ab", "c"]) != vault.digest(["a", "bc"]))
        #expect(vault.digest(["a"]) != Vault(master: [UInt8](repeating: 2, count: 32)).digest(["a"]))
        #expect(vault.fingerprint.count == 12)
    }
}

@Suite struct KeyFileTests {
    @Test func makesThePrivateKeyOnceAndReadsItAgain() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = KeyFile(path: "\(folder)/new/talent.key")
        let first = try file.vault(database: "\(folder)/talent.sqlite")
        #expect(try file.vault(database: nil).fingerprint == first.fingerprint)
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/new") == ["talent.key"])
    }

    @Test func neverReplacesALostKey() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = "\(folder)/talent.sqlite"
        _ = FileManager.default.createFile(atPath: database, contents: Data())
        let file = KeyFile(path: "\(folder)/talent.key")
        #expect(throws: KeyFile.Failure.missing(path: file.path, database: database)) {
            try file.vault(database: database)
        }
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }

    @Test func refusesAKeyThatOthersCanReadAndOneThatIsNone() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = KeyFile(path: "\(folder)/talent.key")
        _ = try file.vault(database: nil)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
        #expect(throws: KeyFile.Failure.tooOpen(path: file.path, mode: 0o644)) { try file.vault(database: nil) }
        try Data("ieum-talent-master-key-1 c2hvcnQ=\n".utf8).write(to: URL(fileURLWithPath: file.path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        #expect(throws: KeyFile.Failure.malformed(path: file.path)) { try file.vault(database: nil) }
    }
}
