import JSON
import Testing

@Suite struct JSONParserTests {
    @Test func whatIsWrongIsSaidInBothLanguages() {
        func fault(_ text: String) -> Bilingual? {
            do throws(JSON.SyntaxError) {
                _ = try JSON(parsing: text)
                return nil
            } catch { return error.message }
        }
        #expect(
            fault("hello")
                == Bilingual(
                    ko: "JSON이 아닙니다 (바이트 0): 'h'(으)로 시작하는 값은 없습니다",
                    en: "not valid JSON at byte 0: no value begins with 'h'"))
        #expect(fault("[1,\u{1}]")?.en == "not valid JSON at byte 3: no value begins with byte 1")
        #expect(fault(#"{"a":1,}"#)?.ko == "JSON이 아닙니다 (바이트 7): 큰따옴표로 묶은 이름이 와야 합니다")
    }

    @Test(arguments: [
        "null", "true", "false", "0", "-0", "12", "-9223372036854775808", "9223372036854775807", "1.5", "-2.5e-3",
        "\"\"",
        "\"한글 \\u00e9 \\ud83d\\ude00 \\n\"", "[]", "[1,[2,[3]]]", "{}", "{\"a\":{\"b\":[null]}}", " { \"a\" : 1 } ",
    ])
    func accepts(_ text: String) throws {
        let value = try JSON(parsing: text)
        #expect(try JSON(parsing: value.bytes) == value)
        #expect(try JSON(parsing: value.pretty()) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "tru", "01", "1.", ".5", "+1", "1e", "1e400", "-", "\"", "\"\\x\"", "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\u12\"", "\"\u{01}\"", "[", "[1", "[1,]", "[1 2]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
        "{\"a\":1,\"a\":2}", "1 2", "NaN", "Infinity", "[1]]",
    ])
    func refuses(_ text: String) {
        #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: text) }
    }

    @Test func refusesInvalidUTF8() {
        for bytes: [UInt8] in [
            [0xFF], [0x22, 0xC3, 0x28, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22],
        ] {
            #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: bytes) }
        }
    }

    @Test func depthIsLimitedInBothDirections() throws {
        let deep = String(repeating: "[", count: JSON.depthLimit) + String(repeating: "]", count: JSON.depthLimit)
        _ = try JSON(parsing: deep)
        #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: "[" + deep + "]") }
        #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: String(repeating: "[", count: 1_000_000)) }
    }

    @Test func manyKeysStayLinearAndDuplicatesAreFound() throws {
        let keys = (0..<50_000).map { "\"k\($0)\":\($0)" }
        #expect(try JSON(parsing: "{\(keys.joined(separator: ","))}").object?.count == 50_000)
        #expect(throws: JSON.SyntaxError.self) { try JSON(parsing: "{\(keys.joined(separator: ",")),\"k7\":1}") }
    }

    @Test func wholeNumbersStayWhole() throws {
        #expect(try JSON(parsing: "3506500000000") == .integer(3_506_500_000_000))
        #expect(try JSON(parsing: "9007199254740993").integer == 9_007_199_254_740_993)
        #expect(try JSON(parsing: "99999999999999999999").integer == nil)
        #expect(try JSON(parsing: "1.0").integer == 1)
    }

    @Test func pointersFollowRFC6901() throws {
        let value: JSON = ["a/b": [1, ["~": "x"]], "": 7]
        #expect(value.at("") == value)
        #expect(value.at("/a~1b/1/~0") == "x")
        #expect(value.at("/") == 7)
        #expect(value.at("/a~1b/2") == nil)
        #expect(value.at("nonsense") == nil)
    }

    @Test func equalityIgnoresTheOrderOfMembers() {
        let one: JSON = ["a": 1, "b": 2]
        let other: JSON = ["b": 2, "a": 1]
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one.canonical.text == other.canonical.text)
        #expect(one != ["a": 1, "b": 3])
    }
}

private enum Colour: String, Codable, CaseIterable { case red, blue }

private struct Part: Codable, Equatable {
    let name: String
    let weight: Double?
}

private struct Order: Codable, Equatable, Constrained {
    let title: String
    let count: Int
    let colour: Colour
    let parts: [Part]
    let tags: [String: Int]?
    let extra: JSON?
    var rush: Bool?
    static let constraints: [String: Schema.Constraint] = [
        "title": .length(1...5), "count": .range(1...10), "parts": .count(1...2),
    ]
}

@Suite struct SchemaTests {
    let schema = Schema.of(Order.self)

    @Test func isReadOffTheType() {
        let document = schema.json
        #expect(document.at("/required") == ["title", "count", "colour", "parts"])
        #expect(document.at("/properties/colour/enum") == ["red", "blue"])
        #expect(document.at("/properties/count/maximum") == 10)
        #expect(document.at("/properties/parts/items/properties/weight/type") == ["number", "null"])
        #expect(document.at("/properties/tags/additionalProperties/type") == "integer")
        #expect(document.at("/additionalProperties") == false)
    }

    @Test func listsAllFaultsAtOnce() throws {
        let value = try JSON(parsing: #"{"title":"","count":11,"colour":"green","parts":[{"weight":"x"}],"colr":1}"#)
        let pointers = schema.validate(value).map(\.pointer)
        #expect(pointers == ["/title", "/count", "/colour", "/parts/0/name", "/parts/0/weight", "/colr"])
        #expect(schema.validate([]).map(\.pointer) == [""])
        #expect(schema.validate(["title": "a\u{0}"]).first?.pointer == "/title")
    }

    @Test func faultsAreBounded() throws {
        let parts = [JSON](repeating: [:], count: 10_000)
        #expect(schema.validate(["parts": .array(parts)]).count <= Schema.faultLimit + 1)
    }

    @Test func valuesRoundTrip() throws {
        let order = Order(
            title: "가나", count: 3, colour: .blue, parts: [Part(name: "p", weight: nil), Part(name: "q", weight: 0.5)],
            tags: ["x": 1], extra: ["free": [1, nil]], rush: true)
        let value = try JSON.encode(order)
        #expect(schema.validate(value).isEmpty)
        #expect(try value.decode(Order.self) == order)
        #expect(value.at("/parts/0") == ["name": "p"])
        var bare = value
        bare["tags"] = .null
        #expect(schema.validate(bare).isEmpty)
        #expect(try bare.decode(Order.self).tags == nil)
    }

    @Test func decodingNamesTheField() {
        let errors = #expect(throws: FieldErrors.self) {
            try (["title": "a", "count": 1, "colour": "red", "parts": [["name": 5]]] as JSON).decode(Order.self)
        }
        #expect(errors?.list.first?.pointer == "/parts/0/name")
    }
}
