extension Schema {
    /// At most so many faults are listed; a request with more is not helped by more.
    public static let faultLimit = 50

    /// Everything that is wrong with a value, each with its place. Empty when the value fits.
    public func validate(_ value: JSON, at pointer: String = "") -> [FieldError] {
        var validation = Validation(schema: self, pointer: pointer)
        validation.check(value, self)
        return validation.faults
    }

    /// Whether the value or a part of it must not be repeated.
    fileprivate var holdsSecrets: Bool {
        if isSecret { return true }
        switch kind {
        case .array(let items, _), .dictionary(let items): return items.holdsSecrets
        case .object(let properties): return properties.contains { $0.schema.holdsSecrets }
        default: return false
        }
    }

    fileprivate static func rangeText(_ min: Int64, _ max: Int64) -> Bilingual {
        switch (min == .min, max == .max) {
        case (true, true): Bilingual(ko: "64비트", en: "of 64 bits")
        case (false, true): Bilingual(ko: "\(min) 이상의", en: "of at least \(min)")
        case (true, false): Bilingual(ko: "\(max) 이하의", en: "of at most \(max)")
        case (false, false): Bilingual(ko: "\(min) 이상 \(max) 이하의", en: "from \(min) to \(max)")
        }
    }
}

/// One walk through a value. The place is a list of steps and becomes text only for a fault: most values have none.
private struct Validation {
    enum Step {
        case member(String)
        case item(Int)
    }

    /// Of the whole value.
    let schema: Schema
    let pointer: String
    var faults: [FieldError] = []
    private var steps: [Step] = []

    init(schema: Schema, pointer: String) {
        self.schema = schema
        self.pointer = pointer
    }

    private var place: String {
        steps.reduce(into: pointer) { text, step in
            switch step {
            case .member(let key): text += pointerStep(key)
            case .item(let index): text += "/\(index)"
            }
        }
    }

    private mutating func check(_ value: JSON, _ schema: Schema, at step: Step) {
        steps.append(step)
        check(value, schema)
        steps.removeLast()
    }

    mutating func check(_ value: JSON, _ schema: Schema) {
        guard faults.count < Schema.faultLimit else { return }
        if schema.isNullable, case .null = value { return }
        func fault(_ ko: String, _ en: String) {
            faults.append(FieldError(place, schema.holdsSecrets ? nil : value, Bilingual(ko: ko, en: en)))
        }
        switch (schema.kind, value) {
        case (.any, _), (.boolean, .bool): break
        case (.boolean, _): fault("true 또는 false여야 합니다", "must be true or false")
        case (.integer(let min, let max), _):
            guard let integer = value.integer else { return fault("정수여야 합니다", "must be an integer") }
            if integer < min || integer > max {
                let range = Schema.rangeText(min, max)
                fault("\(range.ko) 정수여야 합니다", "must be an integer \(range.en)")
            }
        case (.number(let min, let max), _):
            guard let number = value.double else { return fault("숫자여야 합니다", "must be a number") }
            if number < min || number > max {
                fault("\(min) 이상 \(max) 이하여야 합니다", "must be a number from \(min) to \(max)")
            }
        case (.string(let text), .string(let string)):
            if let rule = text.fault(string, title: schema.title) { fault(rule.ko, rule.en) }
        case (.string, _): fault("문자열이어야 합니다", "must be a string")
        case (.choice(let choices), _):
            guard let string = value.string, choices.contains(string) else {
                let list = choices.joined(separator: ", ")
                return fault("다음 중 하나여야 합니다: \(list)", "must be one of: \(list)")
            }
        case (.array(let items, let count), .array(let values)):
            if !count.contains(values.count) {
                let range = Schema.rangeText(Int64(count.lowerBound), Int64(count.upperBound))
                fault("항목 수는 \(range.ko) 수여야 합니다", "must have a number of items \(range.en)")
            }
            for (index, item) in values.enumerated() { check(item, items, at: .item(index)) }
        case (.array, _): fault("배열이어야 합니다", "must be an array")
        case (.dictionary(let items), .object(let members)):
            for (key, item) in members { check(item, items, at: .member(key)) }
        case (.object(let properties), .object(let members)):
            check(members, properties)
        case (.dictionary, _), (.object, _): fault("객체여야 합니다", "must be an object")
        }
    }

    private mutating func check(_ members: JSON.Members, _ properties: [Schema.Property]) {
        for property in properties {
            if let value = members[property.name] {
                check(value, property.schema, at: .member(property.name))
            } else if property.isRequired {
                faults.append(
                    FieldError(
                        place + pointerStep(property.name), nil, Bilingual(ko: "꼭 필요합니다", en: "is required")))
            }
        }
        for (key, value) in members where !properties.contains(where: { $0.name == key }) {
            guard faults.count < Schema.faultLimit else { return }
            let list = properties.map(\.name).joined(separator: ", ")
            // What stands behind an unknown name is not repeated when there are secrets anywhere in the request: it may
            // well be one of them behind a misspelt name.
            faults.append(
                FieldError(
                    place + pointerStep(key), self.schema.holdsSecrets ? nil : value,
                    Bilingual(ko: "모르는 항목입니다. 쓸 수 있는 항목: \(list)", en: "is not known here; known are: \(list)")))
        }
    }
}

extension Schema.Text {
    fileprivate func fault(_ string: String, title: Bilingual?) -> Bilingual? {
        if string.utf8.contains(0) {
            return Bilingual(ko: "NUL 문자(U+0000)를 담을 수 없습니다", en: "must not contain the character U+0000")
        }
        let count = string.unicodeScalars.count
        if count < length.lowerBound {
            if count == 0 { return Bilingual(ko: "비워 둘 수 없습니다", en: "must not be empty") }
            return Bilingual(
                ko: "\(length.lowerBound)자 이상이어야 합니다", en: "must have at least \(length.lowerBound) characters")
        }
        if count > length.upperBound {
            return Bilingual(
                ko: "\(length.upperBound)자 이하여야 합니다", en: "must have at most \(length.upperBound) characters")
        }
        let fits: Bool =
            if let check {
                check(string)
            } else if let pattern, let regex = try? Regex(pattern) {
                (try? regex.wholeMatch(in: string)) != nil
            } else {
                true
            }
        guard !fits else { return nil }
        let form = pattern ?? format ?? ""
        return Bilingual(
            ko: "\(title?.ko ?? "문자열")의 형식이 아닙니다 (\(form))", en: "is not a valid \(title?.en ?? "string") (\(form))")
    }
}
