import JSON
import Testing

@testable import CommandLine

@Suite struct EchoTests {
    @Test func aRequestGetsItsParameters() throws {
        let request: JSON = ["jsonrpc": "2.0", "id": 7, "method": "echo.x", "params": ["a": 1]]
        let response = try #require(Echo.response(to: request.bytes[...]))
        #expect(try JSON(parsing: response) == ["jsonrpc": "2.0", "id": 7, "result": ["a": 1]])
    }

    @Test func anythingElseComesBackAsItIs() {
        for body in ["hello", "{\"a\":1}", "{", ""] { #expect(Echo.response(to: Array(body.utf8)[...]) == nil) }
    }

    @Test func aNotificationGetsAnEmptyBody() {
        let request: JSON = ["jsonrpc": "2.0", "method": "echo.x"]
        #expect(Echo.response(to: request.bytes[...]) == [])
    }
}
