import JSON
import ServiceKit

extension Profile {
    /// Refuses control characters, which no text needs and which move the cursor of whoever reads it in a terminal,
    /// and keywords that are not one short line: they are kept one a line.
    func requirePlainText() throws {
        let errors = publicTexts.compactMap { pointer, text -> FieldError? in
            if pointer.hasPrefix("/keywords/"), text.trimmed.isEmpty || text.unicodeScalars.count > 200 {
                return FieldError(
                    pointer, .string(text), Bilingual(ko: "1–200자여야 합니다", en: "must have 1 to 200 characters"))
            }
            let allowed = pointer.hasPrefix("/keywords/") ? "\t" : "\t\n\r"
            let place = text.unicodeScalars.enumerated().first { _, scalar in
                scalar.properties.generalCategory == .control && !allowed.unicodeScalars.contains(scalar)
            }
            guard let place else { return nil }
            let code = String(place.element.value, radix: 16, uppercase: true)
            return FieldError(
                pointer, nil,
                Bilingual(
                    ko: "\(place.offset + 1)번째 글자가 제어 문자(U+\(code))입니다. 지우세요",
                    en: "has the control character U+\(code) at character \(place.offset + 1); remove it"))
        }
        guard errors.isEmpty else { throw Fault.invalid(errors) }
    }
}
