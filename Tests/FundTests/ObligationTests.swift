import Testing
import Vocabulary

@testable import Fund

@Suite struct ObligationTests {
    @Test(
        "Shares are rounded down and open when there is no whole",
        arguments: [
            (1, 3, 3333), (2, 3, 6666), (0, 5, 0), (5, 5, 10_000), (7, 5, 14_000), (0, 0, nil), (1, 0, nil),
            (9_007_199_254_740_991, 9_007_199_254_740_991, 10_000),
        ] as [(Int64, Int64, Int?)]) func share(_ part: Int64, _ whole: Int64, _ basisPoints: Int?)
    {
        #expect(Share(part: Won(part), whole: Won(whole)).basisPoints == basisPoints)
    }

    @Test func reachingIsExact() {
        let just = Share(part: Won(6_000_000_000_001), whole: Won(10_000_000_000_001))
        #expect(just.basisPoints == 6000)
        #expect(just.reaches(6_000) == true)
        let under = Share(part: Won(5_999_999_999_999), whole: Won(9_999_999_999_999))
        #expect(under.basisPoints == 5999)
        #expect(under.reaches(6_000) == false)
        #expect(Share(part: .zero, whole: .zero).reaches(1) == nil)
        #expect(Share(part: Won(2), whole: Won(10)).exceeds(2_000) == false)
        #expect(Share(part: Won(3), whole: Won(10)).exceeds(2_999) == true)
        #expect(Share(part: Won(1), whole: .zero).exceeds(10_000) == true)
    }

    @Test func statusKeepsOpenWhatIsOpen() {
        let invested = Invested(total: Won(100), inRegion: Won(60), byIndustry: [.space: Won(25)])
        func status(_ kind: Obligation.Kind, _ basis: Obligation.Basis, _ points: Int?) -> ObligationStatus {
            ObligationStatus(
                Obligation(kind: kind, basis: basis, basisPoints: points, industry: .space, text: nil),
                invested: invested, committed: Won(400))
        }
        #expect(status(.region, .invested, 6_000).met == true)
        #expect(status(.region, .committed, 6_000).met == false)
        #expect(status(.region, .committed, 6_000).achieved?.basisPoints == 1_500)
        #expect(status(.region, .invested, nil).met == nil)
        #expect(status(.industry, .invested, 2_501).met == false)
        #expect(status(.other, .invested, 1).achieved == nil)
        let nothing = ObligationStatus(
            Obligation(kind: .region, basis: .invested, basisPoints: 1, industry: nil, text: nil),
            invested: Invested(), committed: .zero)
        #expect(nothing.met == nil && nothing.achieved?.basisPoints == nil)
    }
}
