import Testing

@testable import CommandLine

@Suite struct BenchTests {
    @Test func theTimeOfSendingComesBackWithTheAnswer() {
        var echo = BenchStamp("x\(BenchStamp.mark)xx")
        #expect(BenchStamp.time(in: echo.set(1_234_567_890)[...]) == 1_234_567_890)
        #expect(echo.set(7).count == 3 + BenchStamp.mark.utf8.count)
        let response = #"{"id":"@000000000000000042","jsonrpc":"2.0","result":{}}"#
        #expect(BenchStamp.time(in: Array(response.utf8)[...]) == 42)
        for body in ["", "@", "@12", "no mark"] { #expect(BenchStamp.time(in: Array(body.utf8)[...]) == nil) }
    }
}
