extension Schema {
    /// The schema as a JSON Schema document (draft 2020-12).
    public var json: JSON {
        var document: JSON = [:]
        switch kind {
        case .any: break
        case .boolean: document["type"] = "boolean"
        case .integer(let min, let max):
            document["type"] = "integer"
            if min != .min { document["minimum"] = .integer(min) }
            if max != .max { document["maximum"] = .integer(max) }
        case .number(let min, let max):
            document["type"] = "number"
            if min != -.greatestFiniteMagnitude { document["minimum"] = .number(min) }
            if max != .greatestFiniteMagnitude { document["maximum"] = .number(max) }
        case .string(let text):
            document["type"] = "string"
            if text.length.lowerBound > 0 { document["minLength"] = .integer(Int64(text.length.lowerBound)) }
            if text.length.upperBound != .max { document["maxLength"] = .integer(Int64(text.length.upperBound)) }
            if let pattern = text.pattern { document["pattern"] = .string(pattern) }
            if let format = text.format { document["format"] = .string(format) }
        case .choice(let values):
            document["type"] = "string"
            document["enum"] = .array(values.map(JSON.string))
        case .array(let items, let count):
            document["type"] = "array"
            document["items"] = items.json
            if count.lowerBound > 0 { document["minItems"] = .integer(Int64(count.lowerBound)) }
            if count.upperBound != .max { document["maxItems"] = .integer(Int64(count.upperBound)) }
        case .dictionary(let items):
            document["type"] = "object"
            document["additionalProperties"] = items.json
        case .object(let properties):
            document["type"] = "object"
            document["properties"] = .object(
                JSON.Members(uniqueKeysWithValues: properties.map { ($0.name, $0.schema.json) }))
            let required = properties.filter(\.isRequired).map { JSON.string($0.name) }
            if !required.isEmpty { document["required"] = .array(required) }
            document["additionalProperties"] = false
        }
        if isNullable, let type = document["type"] {
            document["type"] = [type, "null"]
            // JSON Schema's enum is checked beside the type, so null must stand in it too.
            if case .array(let values)? = document["enum"] { document["enum"] = .array(values + [.null]) }
        }
        if isSecret { document["writeOnly"] = true }
        if let title {
            document["title"] = .string(title.en)
            document["x-title-ko"] = .string(title.ko)
        }
        return document
    }
}
