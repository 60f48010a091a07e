public import JSON
public import Vocabulary

extension Daejeon {
    /// The one complete flow of the demonstration: a maker of instruments needs a small electron microscope, an
    /// institute offers one; a trial on a TEM, a specialist and a co-investment belong to it.
    public static let commercialize = CommercializeDemonstration(
        demand: "dmd-inside-samples", technology: "tec-desktop-tem", resource: "tem", person: "per-hong",
        posting: "pst-tem", investmentCase: "case-tem")

    /// What goes into `gateway.flows.start` with the flow `commercialize`, by aliases of ``load``.
    public struct CommercializeDemonstration: Sendable {
        public let demand: String
        /// What the recommendation is expected to put first; the flow finds it by itself.
        public let technology: String
        public let resource: String
        public let person: String
        public let posting: String
        public let investmentCase: String

        /// For people: what is about to happen.
        public var title: Bilingual {
            Bilingual(
                ko: "수요 하나(시료 내부를 볼 소형 투과전자현미경)를 기술·실증·전문가·공동투자와 한 번에 맺습니다",
                en:
                    "One need, a small TEM that sees inside samples, is joined with a technology, a trial, "
                    + "a specialist and a co-investment at once")
        }

        /// Three hours on a weekday morning in Seoul, two days from now at the earliest.
        public func slot(now: Instant) -> Interval {
            var day = Day.inSeoul(at: now).adding(days: 2)
            while day.weekday >= 5 { day = day.adding(days: 1) }
            let start = day.startInSeoul.adding(seconds: 10 * 3_600)
            return Interval(start: start, end: start.adding(seconds: 3 * 3_600)) ?? .sample
        }

        /// The flow's input, with aliases for identifiers; resolve it with the results of ``load``.
        public func input(now: Instant) -> JSON {
            let slot = slot(now: now)
            let first = Day.inSeoul(at: slot.start)
            return [
                "demandId": .id(of: demand),
                "reservation": [
                    "resourceId": .id(of: resource), "start": .string(slot.start.description),
                    "end": .string(slot.end.description), "units": 1,
                    "purpose": "소형 투과전자현미경 비교 실증 (comparison with a small TEM)",
                ],
                "engagement": [
                    "personId": .id(of: person), "postingId": .id(of: posting), "start": .string(first.description),
                    "end": .string(first.adding(days: 90).description), "share": 20,
                ],
                "coinvestment": ["caseId": .id(of: investmentCase)],
            ]
        }

        /// The same with identifiers.
        public func input(now: Instant, results: [String: JSON]) throws(SeedCall.UnknownReference) -> JSON {
            try input(now: now).resolved(results)
        }

        /// What the institute does for its side: it declares interest in the same pair. Called before the flow starts,
        /// the deal is agreed as soon as the flow proposes it.
        public var supplyInterest: SeedCall {
            SeedCall(
                "deal-tem.supply", "matching.deals.propose",
                ["demandId": .id(of: demand), "technologyId": .id(of: technology), "side": "supply"])
        }
    }
}
