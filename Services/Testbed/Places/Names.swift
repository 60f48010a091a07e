import JSON
import ServiceKit

/// Names are shown to people in both languages, so neither may be empty.
enum Names {
    static func errors(_ name: Bilingual?, _ pointer: String) -> [FieldError] {
        name?.problems(at: pointer, length: 1...200) ?? []
    }

    static func check(_ name: Bilingual?, _ pointer: String) throws {
        let errors = errors(name, pointer)
        guard errors.isEmpty else { throw Fault.invalid(errors) }
    }
}
