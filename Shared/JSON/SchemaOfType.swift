extension Schema {
    /// Reads the schema off a type: its `init(from:)` runs against a decoder that notes what is asked for and answers
    /// with samples. Works for structs of scalars, vocabulary types, string enums that list their cases, arrays,
    /// dictionaries with string keys, optionals and further such structs; not for recursive types.
    public static func of<T: Decodable>(_ type: T.Type) -> Schema {
        let (schema, sample) = probe(type)
        precondition(sample != nil, "the schema of \(type) cannot be read off: let it conform to Described")
        return schema
    }

    /// The same for a type that is only sent: anything, where the type cannot be read.
    public static func ofResult<T: Decodable>(_ type: T.Type) -> Schema {
        let (schema, sample) = probe(type)
        return sample == nil ? .any : schema
    }

    /// The schema and a sample value; the sample is nil when the type refuses the probe's samples.
    fileprivate static func probe<T: Decodable>(_ type: T.Type) -> (schema: Schema, sample: T?) {
        if let described = type as? any Described.Type {
            return (described.schema, described.anySample as? T)
        }
        if type == JSON.self { return (.any, JSON.null as? T) }
        if let choices = type as? any (CaseIterable & RawRepresentable<String>).Type {
            let (names, first) = cases(choices)
            return (.choice(names), first as? T)
        }
        if let optional = type as? any OptionalProbe.Type {
            var schema = optional.wrappedSchema
            schema.isNullable = true
            return (schema, optional.nothing as? T)
        }
        if let array = type as? any ArrayProbe.Type { return (array.schema, array.empty as? T) }
        if let dictionary = type as? any DictionaryProbe.Type { return (dictionary.schema, dictionary.empty as? T) }

        let notes = Notes()
        let sample = try? T(from: ProbeDecoder(notes: notes))
        var schema = notes.schema ?? Schema(.object(notes.properties))
        if let constrained = type as? any Constrained.Type, case .object(var properties) = schema.kind {
            for (name, constraint) in constrained.constraints {
                guard let index = properties.firstIndex(where: { $0.name == name }) else {
                    preconditionFailure("\(type) constrains \(name), which it does not have")
                }
                properties[index].schema = properties[index].schema.narrowed(by: constraint)
            }
            schema.kind = .object(properties)
        }
        return (schema, sample)
    }

    private static func cases<E: CaseIterable & RawRepresentable<String>>(_ type: E.Type) -> ([String], E?) {
        (type.allCases.map(\.rawValue), type.allCases.first)
    }
}

extension Described {
    fileprivate static var anySample: Any { sample }
}

private protocol OptionalProbe {
    static var wrappedSchema: Schema { get }
    static var nothing: Any { get }
}

extension Optional: OptionalProbe where Wrapped: Decodable {
    static var wrappedSchema: Schema { Schema.of(Wrapped.self) }
    static var nothing: Any { (nil as Wrapped?) as Any }
}

private protocol ArrayProbe {
    static var schema: Schema { get }
    static var empty: Any { get }
}

extension Array: ArrayProbe where Element: Decodable {
    static var schema: Schema { .array(.of(Element.self)) }
    static var empty: Any { [Element]() }
}

private protocol DictionaryProbe {
    static var schema: Schema { get }
    static var empty: Any { get }
}

extension Dictionary: DictionaryProbe where Key == String, Value: Decodable {
    static var schema: Schema { Schema(.dictionary(.of(Value.self))) }
    static var empty: Any { [String: Value]() }
}

/// What one type asked its decoder for.
private final class Notes {
    var properties: [Schema.Property] = []
    /// Set when the type is a single value.
    var schema: Schema?

    func note(_ name: String, _ schema: Schema, required: Bool) {
        guard !properties.contains(where: { $0.name == name }) else { return }
        properties.append(Schema.Property(name: name, schema: schema, isRequired: required))
    }
}

private struct Refused: Error {}

private struct ProbeDecoder: Decoder {
    let notes: Notes
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(KeyedProbe(notes: notes))
    }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Refused() }
    func singleValueContainer() -> any SingleValueDecodingContainer { SingleProbe(notes: notes) }
}

/// The schema and the sample of the types that `Codable` knows by itself.
private func scalar<T: Decodable>(_ type: T.Type) throws -> (Schema, T) {
    if type == Bool.self, let sample = false as? T { return (.boolean, sample) }
    if type == String.self, let sample = "" as? T { return (.string(), sample) }
    if type == Double.self, let sample = 0.0 as? T { return (.number(), sample) }
    if type == Float.self, let sample = Float(0) as? T { return (.number(), sample) }
    if let integer = type as? any FixedWidthInteger.Type { return (integerSchema(integer), try zero(integer)) }
    let (schema, sample) = Schema.probe(type)
    guard let sample else { throw Refused() }
    return (schema, sample)
}

private func integerSchema<I: FixedWidthInteger>(_ type: I.Type) -> Schema {
    .integer(min: Int64(clamping: I.min), max: Int64(clamping: I.max))
}

private func zero<T>(_ type: any FixedWidthInteger.Type) throws -> T {
    guard let zero = type.init(0 as Int) as? T else { throw Refused() }
    return zero
}

private struct SingleProbe: SingleValueDecodingContainer {
    let notes: Notes
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { false }
    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let (schema, sample) = try scalar(type)
        notes.schema = schema
        return sample
    }
}

private struct KeyedProbe<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let notes: Notes
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) -> Bool { false }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        let (schema, sample) = try scalar(type)
        notes.note(key.stringValue, schema, required: true)
        return sample
    }

    func optional<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T? {
        var (schema, sample) = try scalar(type)
        schema.isNullable = true
        notes.note(key.stringValue, schema, required: false)
        return sample
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? { try optional(type, key) }
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try optional(type, key) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try optional(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try optional(type, key) }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { try optional(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try optional(type, key) }
    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? { try optional(type, key) }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? { try optional(type, key) }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? { try optional(type, key) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? { try optional(type, key) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
        -> KeyedDecodingContainer<Nested>
    { throw Refused() }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw Refused() }
    func superDecoder() throws -> any Decoder { throw Refused() }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw Refused() }
}
