extension JSON {
    /// The JSON value of an encodable one. Optional members that are nil are left out.
    public static func encode(_ value: some Encodable) throws -> JSON {
        if let json = value as? JSON { return json }
        let encoder = JSONValueEncoder(codingPath: [])
        try value.encode(to: encoder)
        return encoder.result
    }
}

/// Containers write into a place that their parent reads when it is asked for the result.
private final class JSONValueEncoder: Encoder, SingleValueEncodingContainer {
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    private var scalar: JSON?
    private var keyed: KeyedPlace?
    private var unkeyed: UnkeyedPlace?

    init(codingPath: [any CodingKey]) { self.codingPath = codingPath }

    var result: JSON { scalar ?? keyed?.result ?? unkeyed?.result ?? [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        let place = keyed ?? KeyedPlace()
        keyed = place
        return KeyedEncodingContainer(Keyed(place: place, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        let place = unkeyed ?? UnkeyedPlace()
        unkeyed = place
        return Unkeyed(place: place, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func encodeNil() { scalar = .null }
    func encode(_ value: Bool) { scalar = .bool(value) }
    func encode(_ value: String) { scalar = .string(value) }
    func encode(_ value: Double) { scalar = .number(value) }
    func encode(_ value: Float) { scalar = .number(Double(value)) }
    func encode(_ value: Int) { scalar = .integer(Int64(value)) }
    func encode(_ value: Int8) { scalar = .integer(Int64(value)) }
    func encode(_ value: Int16) { scalar = .integer(Int64(value)) }
    func encode(_ value: Int32) { scalar = .integer(Int64(value)) }
    func encode(_ value: Int64) { scalar = .integer(value) }
    func encode(_ value: UInt) throws { try encode(UInt64(value)) }
    func encode(_ value: UInt8) { scalar = .integer(Int64(value)) }
    func encode(_ value: UInt16) { scalar = .integer(Int64(value)) }
    func encode(_ value: UInt32) { scalar = .integer(Int64(value)) }

    func encode(_ value: UInt64) throws {
        guard let fitting = Int64(exactly: value) else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: codingPath, debugDescription: "beyond the range of a 64-bit integer"))
        }
        scalar = .integer(fitting)
    }

    func encode<T: Encodable>(_ value: T) throws { scalar = try JSON.encode(value) }
}

private final class KeyedPlace {
    var members: [JSON.Members.Member] = []
    var nested: [(key: String, result: () -> JSON)] = []

    var result: JSON {
        var all = JSON.Members(unique: members)
        for place in nested { all[place.key] = place.result() }
        return .object(all)
    }
}

private final class UnkeyedPlace {
    var items: [() -> JSON] = []
    var result: JSON { .array(items.map { $0() }) }
}

private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let place: KeyedPlace
    let codingPath: [any CodingKey]

    func set(_ value: JSON, _ key: Key) { place.members.append(.init(key: key.stringValue, value: value)) }

    mutating func encodeNil(forKey key: Key) { set(.null, key) }
    mutating func encode(_ value: Bool, forKey key: Key) { set(.bool(value), key) }
    mutating func encode(_ value: String, forKey key: Key) { set(.string(value), key) }
    mutating func encode(_ value: Double, forKey key: Key) { set(.number(value), key) }
    mutating func encode(_ value: Int, forKey key: Key) { set(.integer(Int64(value)), key) }
    mutating func encode(_ value: Int64, forKey key: Key) { set(.integer(value), key) }
    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws { set(try JSON.encode(value), key) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy keyType: Nested.Type, forKey key: Key)
        -> KeyedEncodingContainer<Nested>
    {
        let inner = KeyedPlace()
        place.nested.append((key.stringValue, { inner.result }))
        return KeyedEncodingContainer(Keyed<Nested>(place: inner, codingPath: codingPath + [key]))
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        let inner = UnkeyedPlace()
        place.nested.append((key.stringValue, { inner.result }))
        return Unkeyed(place: inner, codingPath: codingPath + [key])
    }

    mutating func superEncoder() -> any Encoder { JSONValueEncoder(codingPath: codingPath) }

    mutating func superEncoder(forKey key: Key) -> any Encoder {
        let inner = JSONValueEncoder(codingPath: codingPath + [key])
        place.nested.append((key.stringValue, { inner.result }))
        return inner
    }
}

private struct Unkeyed: UnkeyedEncodingContainer {
    let place: UnkeyedPlace
    let codingPath: [any CodingKey]
    var count: Int { place.items.count }

    func append(_ value: JSON) { place.items.append { value } }

    mutating func encodeNil() { append(.null) }
    mutating func encode<T: Encodable>(_ value: T) throws { append(try JSON.encode(value)) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy keyType: Nested.Type) -> KeyedEncodingContainer<Nested> {
        let inner = KeyedPlace()
        place.items.append { inner.result }
        return KeyedEncodingContainer(Keyed<Nested>(place: inner, codingPath: codingPath))
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        let inner = UnkeyedPlace()
        place.items.append { inner.result }
        return Unkeyed(place: inner, codingPath: codingPath)
    }

    mutating func superEncoder() -> any Encoder {
        let inner = JSONValueEncoder(codingPath: codingPath)
        place.items.append { inner.result }
        return inner
    }
}

extension JSON: Encodable {
    /// Into any encoder, member by member, so that a `JSON` inside a struct is encoded as what it is.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let value): try value.encode(to: encoder)
        case .integer(let value): try value.encode(to: encoder)
        case .number(let value): try value.encode(to: encoder)
        case .string(let value): try value.encode(to: encoder)
        case .array(let items): try items.encode(to: encoder)
        case .object(let members):
            var container = encoder.container(keyedBy: AnyKey.self)
            for (key, value) in members { try container.encode(value, forKey: AnyKey(stringValue: key)) }
        }
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
