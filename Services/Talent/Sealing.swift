import Crypto
import Foundation

/// What of a person is personal data and therefore only ever stored sealed (P:1937 asks to share CVs; PIPA Art. 29).
enum PersonalField: String, CaseIterable, Sendable {
    case name, email, phone, birthYear, cv
}

/// Why something sealed cannot be read. No case carries content, so it can be logged.
enum SealingError: Error, Equatable, CustomStringConvertible {
    /// The master key is not the one that wrapped the person's key.
    case otherMaster(expected: String, found: String)
    /// The wrapped key was altered, or belongs to another person.
    case brokenKey
    /// The ciphertext was altered, or belongs to another person or field.
    case brokenSeal(PersonalField)
    /// A form this version does not know.
    case unknownForm(UInt8?)

    var description: String {
        switch self {
        case .otherMaster(let expected, let found):
            "the master key \(found) is not the one in use (\(expected)): restore the key file"
        case .brokenKey: "a person's key is damaged or belongs to someone else"
        case .brokenSeal(let field): "the sealed \(field.rawValue) is damaged or belongs to someone else"
        case .unknownForm(let form): "sealed form \(form.map(String.init) ?? "none") is unknown"
        }
    }
}

/// The master key: it wraps persons' keys and seals nothing itself.
struct Vault: Sendable {
    private let master: SymmetricKey
    /// Tells which master key wrapped a key, without telling anything about it.
    let fingerprint: String

    /// - Parameter bytes: 32 bytes of a cryptographic random source.
    init(master bytes: [UInt8]) {
        let master = SymmetricKey(data: bytes)
        self.master = master
        fingerprint = String(Self.mac(Array("ieum.talent.fingerprint".utf8), "ieum.talent.mark.1", master).prefix(12))
    }

    /// Hexadecimal HMAC-SHA-256 with a key of its own for the access log.
    func mac(_ bytes: [UInt8]) -> String { Self.mac(bytes, "ieum.talent.log.1", master) }

    private static func mac(_ bytes: [UInt8], _ use: String, _ master: SymmetricKey) -> String {
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: master, salt: Array(use.utf8), info: [UInt8](), outputByteCount: 32)
        return HMAC<SHA256>.authenticationCode(for: bytes, using: key)
            .map { String(Int($0) + 256, radix: 16).suffix(2) }.joined()
    }

    /// A fresh key for a person, and the same key wrapped for storage.
    func makeKey(for person: String) throws -> (key: PersonKey, wrapped: WrappedKey) {
        let key = SymmetricKey(size: .bits256)
        let bytes = try AES.KeyWrap.wrap(key, using: wrapping(person))
        return (PersonKey(person: person, key: key), WrappedKey(master: fingerprint, bytes: Array(bytes)))
    }

    func unwrap(_ wrapped: WrappedKey, for person: String) throws(SealingError) -> PersonKey {
        guard wrapped.master == fingerprint else {
            throw .otherMaster(expected: wrapped.master, found: fingerprint)
        }
        do {
            return PersonKey(person: person, key: try AES.KeyWrap.unwrap(wrapped.bytes, using: wrapping(person)))
        } catch {
            throw .brokenKey
        }
    }

    /// RFC 3394 has no associated data: a wrapping key for each person binds the wrapped key to its owner.
    private func wrapping(_ person: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: master, salt: Array("ieum.talent.wrap.1".utf8), info: Array(person.utf8),
            outputByteCount: 32)
    }
}

/// A person's key as it is stored; destroying it is erasure.
struct WrappedKey: Sendable, Hashable {
    /// Fingerprint of the master key that wrapped it.
    let master: String
    let bytes: [UInt8]
}

/// One person's key: AES-GCM-256, a fresh nonce for each sealing, person and field as associated data so that
/// nobody who can write to the database can give one person another's data, or show a CV where a name belongs.
struct PersonKey: Sendable {
    private let person: String
    private let key: SymmetricKey
    /// First byte of what is stored, so that a later form can stand beside this one.
    private static let form: UInt8 = 1

    fileprivate init(person: String, key: SymmetricKey) {
        self.person = person
        self.key = key
    }

    func seal(_ text: String, _ field: PersonalField) throws -> [UInt8] {
        let box = try AES.GCM.seal(
            Array(text.utf8), using: key, nonce: AES.GCM.Nonce(), authenticating: associated(field))
        return [Self.form] + Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    func open(_ sealed: [UInt8], _ field: PersonalField) throws(SealingError) -> String {
        guard sealed.first == Self.form else { throw .unknownForm(sealed.first) }
        do {
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst())
            let plain = try AES.GCM.open(box, using: key, authenticating: associated(field))
            return String(decoding: plain, as: UTF8.self)
        } catch {
            throw .brokenSeal(field)
        }
    }

    private func associated(_ field: PersonalField) -> [UInt8] {
        Array("ieum.talent.1|\(person)|\(field.rawValue)".utf8)
    }
}
