import JSON
import Testing

@testable import CommandLine

@Suite struct EchoTests {
    @Test func aRequestGetsItsParameters() throws {
        let request: JSON = ["jsonrpc": "2.0", "id": 7, "method": "echo.x", "params": ["a": 1]]
        let reply = Echo.reply(to: [request.bytes])
        #expect(try JSON(parsing: reply[0]) == ["jsonrpc": "2.0", "id": 7, "result": ["a": 1]])
    }

    @Test func anythingElseComesBackAsItIs() {
        for body in [[Array("hello".utf8), [0, 1]], [Array("{\"a\":1}".utf8)], [Array("{".utf8)], []] {
            #expect(Echo.reply(to: body) == body)
        }
    }

    @Test func aNotificationGetsAnEmptyBody() {
        let request: JSON = ["jsonrpc": "2.0", "method": "echo.x"]
        #expect(Echo.reply(to: [request.bytes]) == [[]])
    }
}
