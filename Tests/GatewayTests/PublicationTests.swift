import Testing
import ZeroMQ

@testable import Gateway

@Suite struct PublicationTests {
    private let event = Multipart([Array("ieum.test".utf8), Array("{}".utf8)])

    @Test func whoDoesNotReadIsCutOffAfterAWhileAndSoonerTheNextTime() {
        var publication = Publication()
        publication.add(event)
        publication.add(event)
        #expect(publication.blocked(at: 0) == .wait)
        #expect(publication.blocked(at: 999) == .wait)
        #expect(publication.blocked(at: 1_000) == .cutOff)
        publication.didCutOff(1, at: 1_000)
        // The connection ends in a moment.
        #expect(publication.blocked(at: 1_002) == .wait)
        publication.wasSent()
        #expect(publication.blocked(at: 5_000) == .wait)
        #expect(publication.blocked(at: 5_050) == .cutOff)
        publication.didCutOff(2, at: 5_050)
        publication.wasSent()
        #expect(publication.next == nil && publication.counts.waiting == 0 && publication.counts.cutOff == 3)
        // A minute later it has the whole time again.
        publication.add(event)
        #expect(publication.blocked(at: 70_000) == .wait)
        #expect(publication.blocked(at: 70_100) == .wait)
    }

    @Test func progressEndsTheBlame() {
        var publication = Publication()
        for _ in 0..<3 { publication.add(event) }
        #expect(publication.blocked(at: 0) == .wait)
        publication.wasSent()
        #expect(publication.blocked(at: 1_500) == .wait)
        #expect(publication.blocked(at: 2_600) == .cutOff)
    }

    @Test func whenNobodyIsToBlameTheEventGoesToThoseThatTakeIt() {
        var publication = Publication()
        publication.add(event)
        _ = publication.blocked(at: 0)
        #expect(publication.blocked(at: 1_000) == .cutOff)
        publication.didCutOff(0, at: 1_000)
        #expect(publication.blocked(at: 1_000) == .skipTheFull)
        publication.didSkip()
        #expect(publication.counts.waiting == 0 && publication.counts.skipped == 1 && publication.counts.cutOff == 0)
    }

    @Test func memoryEndsThePatience() {
        var publication = Publication()
        let large = Multipart([Array("ieum.test".utf8), [UInt8](repeating: 0, count: 1 << 20)])
        for _ in 0..<31 { publication.add(large) }
        #expect(publication.blocked(at: 0) == .wait)
        publication.add(large)
        publication.add(large)
        #expect(publication.blocked(at: 1) == .cutOff)
    }
}
