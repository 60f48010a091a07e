import JSON
import Testing

/// One client with thousands of requests outstanding, and one that asks one thing at a time, at the same worker.
@Suite(.timeLimit(.minutes(5))) struct FairnessTests {
    @Test func whoAsksOneThingAtATimeWaitsForOneTurnOfAFlood() async throws {
        try await RunningSet.with(["IEUM_LIMIT_CLIENT_REQUESTS": "4096"]) { set in
            try await Stranger.talk(to: set) { worker in
                #expect(try worker.serve(Array("narrow".utf8)) == 5)
                var flood = try worker.another()
                for number in 0..<5_000 { try flood.request("narrow", [Array("flood \(number)".utf8)]) }
                // Beyond what one client may have open it is refused, with the time to come again.
                try flood.settle { refusals in
                    #expect(refusals.count == 904)
                    #expect(refusals.allSatisfy { $0.at("/error/code") == -32006 })
                    #expect(refusals.allSatisfy { $0.at("/error/data/retryAfterMs")?.integer ?? 0 >= 100 })
                }
                var inHand = try worker.work()
                #expect(inHand.body == Array("flood 0".utf8))
                var patient = try worker.another()
                for turn in 0..<20 {
                    let asked = Array("patient \(turn)".utf8)
                    try patient.request("narrow", [asked])
                    try patient.settle { #expect($0.isEmpty) }
                    var served = 0
                    while inHand.body != asked {
                        try worker.reply(to: inHand.address, "done")
                        inHand = try worker.work()
                        served += 1
                        try #require(served <= 3, "turn \(turn)")
                    }
                    #expect(served <= 2, "turn \(turn)")
                    try worker.reply(to: inHand.address, "for the patient")
                    #expect(try patient.receive()?.last == Array("for the patient".utf8))
                    inHand = try worker.work()
                }
            }
        }
    }
}

extension Stranger {
    /// Waits until the gateway has seen what was sent, and gives away what it answered meanwhile.
    fileprivate mutating func settle(_ check: ([JSON]) -> Void) throws {
        try request("gateway", [Array(Stranger.ping.utf8)])
        var answers: [JSON] = []
        while let frames = try receive() {
            if frames.count == 4, frames[2] == Array("gateway".utf8) { return check(answers) }
            answers.append(try JSON(parsing: frames.last ?? []))
        }
        throw Silence(after: [])
    }
}
