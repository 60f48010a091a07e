import JSON
import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

@Suite struct BrokerHeadersTests {
    private var stage = Stage()

    private mutating func headers(_ client: String?) -> JSON {
        stage.register("w", announcing: #"{"credit":100}"#)
        let sent = stage.ask("{}", headers: client)
        return sent.first.flatMap { try? JSON(parsing: $0.body[1]) } ?? .null
    }

    @Test mutating func theGatewaySaysWhoCalls() {
        let written = headers(nil)
        #expect(written["principal"] == "uid:1000")
        #expect(written["roles"] == ["viewer", "member"])
        #expect(written["receivedAt"] == .integer(Stage.start.unix))
        #expect(written["requestId"]?.string?.count == 16)
    }

    @Test mutating func whatAClientClaimsIsRemoved() {
        let written = headers(
            #" { "principal" : "root", "traceparent":"00-1", "roles":["operator"], "requestId":{"a":[1]}, "#
                + #""receivedAt":0, "princip\u0061l":"root", "mine":{"deep":[1,2,{"x":null}]}, "deadline": null } "#)
        #expect(written["principal"] == "uid:1000")
        #expect(written["roles"] == ["viewer", "member"])
        #expect(written["traceparent"] == "00-1")
        #expect(written["mine"] == ["deep": [1, 2, ["x": .null]]])
        #expect(written.object?.keys.count == 7)
    }

    @Test mutating func furtherBodyFramesAreKept() {
        stage.register("w", announcing: "{}")
        let sent = stage.send(
            .request(.v02, service: "echo", body: ["{}", "{}", "three", "four"].map { Array($0.utf8) }), from: "c")
        #expect(sent[0].body.count == 4)
        #expect(sent[0].body[2...] == ["three", "four"])
    }

    @Test(arguments: [
        "", "null", "[]", "7", "{", "{}x", #"{"a":1,}"#, #"{"a" 1}"#, #"{'a':1}"#, #"{"a":01}"#, #"{"a":+1}"#,
        #"{"deadline":"soon"}"#, #"{"deadline":true}"#, #"{"deadline":1e400}"#, #"{"a":"\x"}"#, "{\"a\":\"\u{1}\"}",
        #"{"a":\#(String(repeating: "[", count: 40))\#(String(repeating: "]", count: 40))}"#,
    ])
    mutating func whatIsNoObjectIsRefused(text: String) {
        stage.register("w", announcing: "{}")
        let sent = stage.ask(#"{"id":"a"}"#, headers: text)
        #expect(sent.map(\.to) == ["client"])
        #expect(sent.first?.json.at("/error/code")?.integer == -32600)
        #expect(sent.first?.json["id"] == "a")
    }

    @Test mutating func invalidTextIsRefused() {
        stage.register("w", announcing: "{}")
        let frame = Array(#"{"a":""#.utf8) + [0xc3, 0x28] + Array(#""}"#.utf8)
        let sent = stage.send(.request(.v02, service: "echo", body: [Array("{}".utf8), frame]), from: "c")
        #expect(sent.first?.json.at("/error/code")?.integer == -32600)
    }

    @Test mutating func tooLongHeadersAreRefused() {
        stage.register("w", announcing: "{}")
        let sent = stage.ask("{}", headers: #"{"a":"\#(String(repeating: "x", count: 20_000))"}"#)
        #expect(sent.first?.json.at("/error/data/name") == "payloadTooLarge")
    }

    /// Whatever a stock worker's client sends as a second frame is its own business.
    @Test mutating func stockWorkersGetTheFramesUntouched() {
        stage.register("w")
        #expect(stage.ask("plain text", headers: "{not json")[0].body == ["plain text", "{not json"])
    }
}
