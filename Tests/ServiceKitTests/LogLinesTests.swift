import JSON
import Logging
import Synchronization
import Testing

@testable import ServiceKit

@Suite struct LogLinesTests {
    private final class Lines: Sendable {
        let text = Mutex("")
    }

    @Test func aLineIsOneObject() throws {
        let lines = Lines()
        var log = Logger(label: "fund") { label in
            LogLines(service: label) { line in lines.text.withLock { $0 += line } }
        }
        log[metadataKey: "request"] = "r1"
        log.warning("two\nlines \"quoted\"", metadata: ["request": "r2", "list": ["a", "b"], "time": "forged"])
        log.debug("not written")
        let text = lines.text.withLock { $0 }
        #expect(text.hasSuffix("\n"))
        #expect(text.filter { $0 == "\n" }.count == 1)
        let line = try JSON(parsing: text)
        #expect(line["level"] == "warning")
        #expect(line["service"] == "fund")
        #expect(line["message"] == "two\nlines \"quoted\"")
        #expect(line["request"] == "r2")
        #expect(line["list"] == ["a", "b"])
        #expect(line["time"] != "forged")
    }

    @Test func aHandlersLinesCarryItsRequest() throws {
        let lines = Lines()
        var call = Call(method: "fund.x.y", principal: "uid:7", roles: [], requestId: "abcdef")
        call.logger = Logger(label: "fund") { label in
            LogLines(service: label) { line in lines.text.withLock { $0 += line } }
        }
        call.log.info("here")
        let line = try JSON(parsing: lines.text.withLock { $0 })
        #expect(line["request"] == "abcdef")
        #expect(line["method"] == "fund.x.y")
        #expect(line["principal"] == "uid:7")
    }
}
