import JSON
import ServiceKit

/// Text without control characters: nobody needs them, and they move the cursor of whoever reads it in a terminal.
enum PlainText {
    /// - Parameter isOneLine: whether line breaks count as well.
    static func error(_ pointer: String, _ text: String?, isOneLine: Bool = false) -> FieldError? {
        let allowed = isOneLine ? "\t" : "\t\n\r"
        let found = (text ?? "").unicodeScalars.enumerated().first { _, scalar in
            scalar.properties.generalCategory == .control && !allowed.unicodeScalars.contains(scalar)
        }
        guard let found else { return nil }
        let code = String(found.element.value, radix: 16, uppercase: true)
        return FieldError(
            pointer, nil,
            Bilingual(
                ko: "\(found.offset + 1)번째 글자가 제어 문자(U+\(code))입니다. 지우세요",
                en: "has the control character U+\(code) at character \(found.offset + 1); remove it"))
    }
}

extension Profile {
    /// Keywords are one short line each: they are kept one a line.
    func requirePlainText() throws {
        let errors = publicTexts.compactMap { pointer, text -> FieldError? in
            guard pointer.hasPrefix("/keywords/") else { return PlainText.error(pointer, text) }
            guard text.trimmed.isEmpty || text.unicodeScalars.count > 200 else {
                return PlainText.error(pointer, text, isOneLine: true)
            }
            return FieldError(
                pointer, .string(text), Bilingual(ko: "1–200자여야 합니다", en: "must have 1 to 200 characters"))
        }
        guard errors.isEmpty else { throw Fault.invalid(errors) }
    }
}

extension Organisations.Organisation {
    func requirePlainText() throws {
        let texts = [
            ("/nameKo", nameKo), ("/nameEn", nameEn), ("/source", source), ("/contact/department", contact?.department),
            ("/contact/email", contact?.email), ("/contact/phone", contact?.phone),
        ]
        let errors = texts.compactMap { PlainText.error($0, $1, isOneLine: true) }
        guard errors.isEmpty else { throw Fault.invalid(errors) }
    }
}
