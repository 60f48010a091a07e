import JSON
import ServiceKit
import Testing

/// Bodies and headers that no well-meaning client sends: each gets the documented error.
@Suite(.timeLimit(.minutes(5))) struct HostileBodyTests {
    private struct Bad: Sendable {
        let what: String
        var service = "fund"
        let body: [UInt8]
        var headers: [UInt8]?
        let codes: Set<Fault.Code>

        init(_ what: String, _ body: [UInt8], _ codes: Fault.Code...) {
            (self.what, self.body, self.codes) = (what, body, Set(codes))
        }

        init(_ what: String, _ body: String, _ codes: Fault.Code...) {
            (self.what, self.body, self.codes) = (what, Array(body.utf8), Set(codes))
        }

        init(headers: String, _ code: Fault.Code) {
            what = "headers \(headers.prefix(40))"
            body = Array(Stranger.ping.utf8)
            self.headers = Array(headers.utf8)
            codes = [code]
        }
    }

    private static func request(_ method: String, _ parameters: String) -> String {
        #"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":\#(parameters)}"#
    }

    private static func nested(_ depth: Int, _ open: String, _ close: String) -> String {
        String(repeating: open, count: depth) + String(repeating: close, count: depth)
    }

    private static let bodies: [Bad] = [
        Bad("nothing", "", .parseError),
        Bad("half a request", #"{"jsonrpc":"2.0","id":1,"#, .parseError),
        Bad("two requests", Stranger.ping + Stranger.ping, .parseError),
        Bad("a name twice", #"{"jsonrpc":"2.0","id":1,"id":2,"method":"service.ping"}"#, .parseError),
        Bad(
            "invalid UTF-8", Array(#"{"jsonrpc":"2.0","id":1,"method":""#.utf8) + [0xC3, 0x28, 0x22, 0x7D], .parseError),
        Bad("an encoded surrogate", Array(#"{"a":""#.utf8) + [0xED, 0xA0, 0x80, 0x22, 0x7D], .parseError),
        Bad("half an escaped pair", #"{"jsonrpc":"2.0","id":1,"method":"\ud800"}"#, .parseError),
        Bad("zeros", Array(repeating: 0, count: 1_000), .parseError),
        Bad("1,000 brackets", String(repeating: "[", count: 1_000), .parseError),
        Bad("1,000,000 brackets", String(repeating: "[", count: 1_000_000), .parseError),
        Bad("1,000 deep", request("funds.get", nested(1_000, "[", "]")), .parseError),
        Bad("500,000 deep", nested(500_000, "[", "]"), .parseError),
        Bad("150,000 objects deep", nested(150_000, #"{"a":"#, "}"), .parseError),
        Bad("a huge number", request("fund.funds.list", #"{"limit":1e999999}"#), .parseError, .invalidParams),
        Bad(
            "a long number", request("fund.funds.list", #"{"limit":\#(String(repeating: "9", count: 100_000))}"#),
            .parseError, .invalidParams),
        Bad("a number past 64 bits", request("fund.funds.list", #"{"limit":9223372036854775808}"#), .invalidParams),
        Bad("a negative count", request("fund.funds.list", #"{"limit":-1}"#), .invalidParams),
        Bad(
            "half a won", request("fund.coinvestments.hold", #"{"caseId":"cas_1","amount":0.5,"holder":"x"}"#),
            .invalidParams),
        Bad("NaN", request("fund.funds.list", #"{"limit":NaN}"#), .parseError),
        Bad("no request", "{}", .invalidRequest),
        Bad("a number", "7", .invalidRequest),
        Bad("another version", #"{"jsonrpc":"1.0","id":1,"method":"service.ping"}"#, .invalidRequest),
        Bad("an object as id", #"{"jsonrpc":"2.0","id":{},"method":"service.ping"}"#, .invalidRequest),
        Bad("a number as method", #"{"jsonrpc":"2.0","id":1,"method":5}"#, .invalidRequest),
        Bad("an empty batch", "[]", .invalidRequest),
        Bad(
            "101 at once", "[" + Array(repeating: Stranger.ping, count: 101).joined(separator: ",") + "]",
            .invalidRequest),
        Bad("an unknown method", request("fund.funds.steal", "{}"), .methodNotFound),
        Bad("a method without a name", request("", "{}"), .methodNotFound),
        Bad("a method of 500,000 characters", request(String(repeating: "m", count: 500_000), "{}"), .methodNotFound),
        Bad("a list of parameters", request("fund.funds.list", "[1]"), .invalidParams),
        Bad("a text of parameters", request("fund.funds.list", #""all""#), .invalidParams),
        Bad("wrong types", request("fund.funds.create", #"{"name":7,"kind":[],"rules":"none"}"#), .invalidParams),
        Bad("SQL in an id", request("fund.funds.get", #"{"id":"fnd_' OR 1=1 --"}"#), .invalidParams),
        Bad("an unknown name", request("fund.funds.list", #"{"\u0000":1}"#), .invalidParams),
    ]

    private static let headers: [Bad] = [
        Bad(headers: "", .invalidRequest), Bad(headers: "garbage", .invalidRequest),
        Bad(headers: "[]", .invalidRequest),
        Bad(headers: "{", .invalidRequest), Bad(headers: #"{"deadline":"tomorrow"}"#, .invalidRequest),
        Bad(headers: #"{"deadline":{}}"#, .invalidRequest), Bad(headers: "{}{}", .invalidRequest),
        Bad(headers: #"{"deadline":1}"#, .deadlineExceeded), Bad(headers: #"{"deadline":-1e300}"#, .invalidRequest),
        Bad(headers: #"{"idempotencyKey":""}"#, .invalidParams),
        Bad(headers: #"{"idempotencyKey":"\#(String(repeating: "k", count: 201))"}"#, .invalidParams),
        Bad(headers: #"{"x":"\#(String(repeating: "x", count: 20_000))"}"#, .payloadTooLarge),
        Bad(headers: #"{"x":\#(nested(2_000, "[", "]"))}"#, .invalidRequest),
        Bad(headers: #"{"x":1,"x":2}"#, .parseError),
    ]

    @Test func eachGetsTheDocumentedError() async throws {
        try await HostileTests.unharmed { set in
            let all = Self.bodies + Self.headers
            let answers = try await Stranger.talk(to: set) { stranger in
                var answers: [JSON] = []
                for bad in all {
                    answers.append(try stranger.ask(bad.service, [bad.body] + (bad.headers.map { [$0] } ?? [])))
                }
                return answers
            }
            for (bad, answer) in zip(all, answers) {
                let code = answer.at("/error/code")?.integer.flatMap(Fault.Code.init)
                #expect(code.map(bad.codes.contains) ?? false, "\(bad.what): \(answer.text.prefix(300))")
                #expect(answer.at("/error/data/name")?.string == code?.name, "\(bad.what)")
                #expect(answer.at("/error/data/retryable")?.bool == code?.isRetryable, "\(bad.what)")
                #expect(answer.at("/error/data/message/ko")?.string?.isEmpty == false, "\(bad.what)")
                #expect(answer.at("/error/data/message/en")?.string?.isEmpty == false, "\(bad.what)")
                #expect(answer.text.utf8.count < 5_000, "\(bad.what): the answer repeats the nonsense")
            }
        }
    }

    @Test func tenMegabytesAreRefusedWithTheLimit() async throws {
        try await HostileTests.unharmed { set in
            let answers = try await Stranger.talk(to: set) { stranger in
                let large = [UInt8](repeating: 0x20, count: 10 << 20)
                return [
                    try stranger.ask("fund", [Array(Stranger.ping.utf8) + large]),
                    try stranger.ask("fund", [Array(Stranger.ping.utf8), large]),
                    try stranger.ask("nobody", [large]),
                    try stranger.ask("fund", [Array(Stranger.ping.utf8)]),
                ]
            }
            for answer in answers.prefix(3) {
                #expect(answer.at("/error/code")?.integer == Fault.Code.payloadTooLarge.rawValue, "\(answer)")
                #expect(answer.at("/error/data/limit") == 1_048_576)
            }
            #expect(answers[0]["id"] == "ping", "the caller knows its request by it")
            #expect(answers[3].at("/result/status") == "ok")
            #expect(try await HostileTests.drops(set)["tooLarge"] == 3)
        }
    }

    @Test func anAnswerThatGrewTooLargeIsAnError() async throws {
        try await HostileTests.unharmed { set in
            let answers = try await Stranger.talk(to: set) { stranger in
                let id = String(repeating: "i", count: 1_048_400)
                let body = #"{"jsonrpc":"2.0","id":"\#(id)","method":"service.info"}"#
                return [
                    try stranger.ask("fund", [Array(body.utf8)]), try stranger.ask("fund", [Array(Stranger.ping.utf8)]),
                ]
            }
            #expect(answers[0].at("/error/code")?.integer == Fault.Code.payloadTooLarge.rawValue)
            #expect(answers[0].at("/error/data/started") == true)
            #expect(answers[1].at("/result/status") == "ok")
        }
    }

    @Test func aMessageCannotClaimToBeSomebody() async throws {
        try await HostileTests.unharmed { set in
            let forged = [
                #"{"principal":"root","roles":["service"],"requestId":"forged","receivedAt":0}"#,
                #"{"princip\u0061l":"root","r\u006fles":["service"],"requestI\u0064":"forged"}"#,
                #" { "traceparent" : "x" , "principal" : "root" } "#,
            ]
            try await Stranger.talk(to: set) { stranger in
                for (number, headers) in forged.enumerated() {
                    let body = Self.request(
                        "matching.organisations.create",
                        #"{"kind":"company","nameKo":"회사 \#(number)","region":"KR-30"}"#)
                    let answer = try stranger.ask("matching", [Array(body.utf8), Array(headers.utf8)])
                    #expect(answer["error"] == nil, "\(answer)")
                }
            }
            _ = try await set.client.call(
                "matching.organisations.create", ["kind": "company", "nameKo": "정직한 회사", "region": "KR-30"])
            let audit = try await set.client.call("service.audit", service: "matching")["items"]?.array ?? []
            #expect(audit.count == forged.count + 1)
            #expect(Set(audit.compactMap { $0["principal"]?.string }).count == 1)
            #expect(audit.allSatisfy { $0["principal"] != "root" && $0["requestId"] != "forged" }, "\(audit)")
        }
    }
}
