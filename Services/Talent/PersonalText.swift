import JSON
import ServiceKit
import Vocabulary

/// Personal data as a caller sends it. Reading never fails and the published schema lets everything through:
/// ``PersonalData`` knows the rules of each field. Its schema is secret, so that nothing of it is ever repeated, not
/// even when it stands behind a misspelt name.
struct PersonalText: Codable, Sendable, Described {
    /// Nil if something other than text or a whole number stood there.
    let text: String?

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer().decode(JSON.self)
        text = value.string ?? value.integer.map(String.init)
    }

    private init(text: String?) { self.text = text }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    static var sample: PersonalText { PersonalText(text: "") }
    static var schema: Schema {
        Schema(.any, title: Bilingual(ko: "암호화하여 보관하는 개인정보", en: "personal data, kept encrypted")).secret
    }
}

/// The personal fields of a request, checked; every fault names the place and the rule, never the value.
struct PersonalData: Sendable {
    private(set) var values: [PersonalField: String] = [:]

    init(_ texts: [(PersonalField, PersonalText?)], now: Instant) throws {
        var faults: [FieldError] = []
        for case (let field, let given?) in texts {
            do throws(FieldError) {
                values[field] = try Self.checked(given, field, now)
            } catch {
                faults.append(error)
            }
        }
        if !faults.isEmpty { throw Fault.invalid(faults) }
    }

    private static func checked(_ given: PersonalText, _ field: PersonalField, _ now: Instant) throws(FieldError)
        -> String
    {
        func fault(_ ko: String, _ en: String) -> FieldError {
            FieldError("/\(field.rawValue)", nil, Bilingual(ko: ko, en: en))
        }
        guard let raw = given.text else { throw fault("글자로 보내 주세요", "must be a string") }
        let text = raw.trimmed
        guard !raw.utf8.contains(0) else {
            throw fault("NUL 문자를 담을 수 없습니다", "must not contain the character U+0000")
        }
        if UniqueIdentifiers.found(in: text) {
            throw fault(
                "주민등록번호·외국인등록번호·여권·면허 번호로 보이는 내용은 받지 않습니다. 지우고 다시 보내 주세요",
                "holds what looks like a resident, foreigner, passport or licence number, which is not accepted: "
                    + "remove it and send again")
        }
        let length = text.unicodeScalars.count
        switch field {
        case .name:
            guard (1...100).contains(length) else { throw fault("1~100자여야 합니다", "must have 1 to 100 characters") }
        case .email:
            let parts = text.split(separator: "@", omittingEmptySubsequences: false)
            guard length <= 254, parts.count == 2, !parts[0].isEmpty, parts[1].contains("."),
                !text.contains(where: \.isWhitespace)
            else { throw fault("전자우편 주소 형식이 아닙니다 (예: name@example.org)", "is not an address like name@example.org") }
        case .phone:
            let digits = text.filter(\.isNumber).count
            guard (7...15).contains(digits), text.allSatisfy({ $0.isNumber || "+-() .".contains($0) }) else {
                throw fault(
                    "전화번호 형식이 아닙니다 (숫자 7~15자리, + - ( ) 공백)",
                    "is not a phone number (7 to 15 digits with + - ( ) and spaces)")
            }
        case .birthYear:
            let thisYear = Day.inSeoul(at: now).year
            guard let year = Int(text), (thisYear - 100...thisYear - 14).contains(year) else {
                throw fault(
                    "\(thisYear - 100)~\(thisYear - 14) 사이의 연도여야 합니다",
                    "must be a year from \(thisYear - 100) to \(thisYear - 14)")
            }
        case .cv:
            guard length <= 20_000 else { throw fault("20,000자 이하여야 합니다", "must have at most 20000 characters") }
        }
        return text
    }
}

extension String {
    var trimmed: String {
        let rest = drop(while: \.isWhitespace)
        guard let last = rest.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(rest[...last])
    }
}

/// Checks of texts that are stored in the clear, so that personal data does not slip into them.
enum PlainText {
    /// Trimmed, of the given length, and without what looks like personal data.
    static func checked(_ text: String, at pointer: String, length: ClosedRange<Int>) throws -> String {
        let plain = text.trimmed
        if UniqueIdentifiers.contactFound(in: plain) {
            throw Fault.invalid([
                FieldError(
                    pointer, nil,
                    Bilingual(
                        ko: "연락처나 식별번호로 보이는 내용은 여기에 쓸 수 없습니다. 지우고 다시 보내 주세요",
                        en: "holds what looks like contact data or an identity number: remove it and send again"))
            ])
        }
        guard length.contains(plain.unicodeScalars.count) else {
            throw Fault.invalid([
                FieldError(
                    pointer, nil,
                    Bilingual(
                        ko: "\(length.lowerBound)~\(length.upperBound)자여야 합니다",
                        en: "must have \(length.lowerBound) to \(length.upperBound) characters"))
            ])
        }
        return plain
    }
}
