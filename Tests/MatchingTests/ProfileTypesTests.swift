import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite("Types of profiles, protection, classification")
struct ProfileTypesTests {
    @Test func onlyTheThreePairsMeet() {
        var pairs: Set<[ProfileType]> = []
        for one in ProfileType.allCases {
            for other in ProfileType.allCases where one.pairs(with: other) {
                #expect(other.pairs(with: one))
                if one.side == .demand { pairs.insert([one, other]) }
            }
        }
        #expect(
            pairs == [
                [.technologyRequest, .technologyOffer], [.researchRequest, .technologyOffer],
                [.businessRequest, .businessOffer],
            ])
    }

    @Test func defaultsAreTechnologyAndTheOtherSideIsRefused() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let demand = try await exchange.demand("질량분석", publish: false)
        let offer = try await exchange.technology("질량분석", publish: false)
        #expect(
            try await kit.call("matching.demands.get", ["id": .string(demand)])["type"]?.string == "technologyRequest")
        #expect(
            try await kit.call("matching.technologies.get", ["id": .string(offer)])["type"]?.string
                == "technologyOffer")
        let wrong = try await kit.fault(
            "matching.demands.create",
            [
                "organisationId": .string(exchange.company), "title": "제목", "summary": "요약",
                "type": "technologyOffer",
            ])
        #expect(wrong.pointers == ["/type"])
        let changed = try await kit.call(
            "matching.demands.update", ["id": .string(demand), "type": "researchRequest"])
        #expect(changed["type"]?.string == "researchRequest")
        try await kit.call("matching.demands.publish", ["id": .string(demand)])
        let fixed = try await kit.fault(
            "matching.demands.update", ["id": .string(demand), "type": "businessRequest"])
        #expect(fixed.data["rule"]?.string == "profile.typeFixed")
    }

    @Test func typesThatDoNotMeetAreAHardFilterEverywhere() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let technology = try await exchange.technology("드론 관제 시스템")
        let business = try await exchange.technology("드론 관제 시스템 판매", ["type": "businessOffer"])
        let needs = [
            ("technologyRequest", technology), ("researchRequest", technology), ("businessRequest", business),
        ]
        for (type, offer) in needs {
            let demand = try await exchange.demand("드론 관제 시스템", ["type": .string(type)])
            let found = try await kit.call("matching.recommend", ["demandId": .string(demand)])
            #expect(found["items"]?.array?.compactMap { $0["id"]?.string } == [offer])
            let wrong = offer == technology ? business : technology
            let pair: JSON = ["demandId": .string(demand), "technologyId": .string(wrong)]
            let why = try await kit.call("matching.explain", pair)
            #expect(why["isRecommendable"]?.bool == false)
            #expect(why["hardFilters"]?.array?.compactMap { $0["rule"]?.string } == ["pair.types"])
            var proposal = pair
            proposal["side"] = "demand"
            let refused = try await kit.fault("matching.deals.propose", proposal)
            #expect(refused.data["rule"]?.string == "pair.types")
        }
        let asked = try await kit.call("matching.recommend", ["technologyId": .string(business)])
        #expect(asked["items"]?.array?.count == 1)
        let list = try await kit.call("matching.technologies.list", ["type": "businessOffer"])
        #expect(list["items"]?.array?.compactMap { $0["id"]?.string } == [business])
        let search = try await kit.call(
            "matching.technologies.search", ["text": "드론 관제", "filters": ["types": ["technologyOffer"]]])
        #expect(search["items"]?.array?.compactMap { $0["id"]?.string } == [technology])
        // Whoever finds it sees what it is, and that nobody reviewed it.
        #expect(search.at("/items/0/type")?.string == "technologyOffer")
        #expect(search.at("/items/0/isReviewed")?.bool == false && asked.at("/items/0/isReviewed")?.bool == false)
    }

    @Test(
        arguments: [
            ([], [], []), (["none"], [], []), (["secretKnowHow", "copyright"], [], []),
            (["granted"], ["10-1234567"], []), (["applied"], ["10-2020-0123456"], []),
            (["applied"], ["PCT/KR2020/012345"], []), (["granted"], ["10-1234567", "10-2020-0123456"], []),
            (["design", "tradeMark"], ["30-1234567", "40-2020-0123456"], []),
            (["none", "copyright"], [], ["/iprStatus"]), (["granted"], [], ["/iprStatus"]),
            (["applied"], [], ["/iprStatus"]), (["granted"], ["10-2020-0123456"], ["/iprStatus"]),
            (["applied"], ["10-1234567"], ["/iprStatus", "/patents/0"]), ([], ["10-1234567"], ["/patents/0"]),
            (["none"], ["PCT/KR2020/012345"], ["/patents/0"]),
            (["granted"], ["30-1234567"], ["/iprStatus", "/patents/0"]),
            (["granted"], ["20-1234567", "40-1234567"], ["/patents/1"]),
        ] as [([String], [String], [String])])
    func protectionMustNotContradictItself(statuses: [String], numbers: [String], wrong: [String]) {
        let ipr = IPR(
            statuses: statuses.compactMap(IPRStatus.init), patents: numbers.compactMap { PatentNumber($0) })
        #expect(ipr.statuses.count == statuses.count && ipr.patents.count == numbers.count)
        #expect(ipr.contradictions.map(\.pointer) == wrong)
    }

    @Test func everyMemberIsKeptNormalisedAndFound() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let id = try await exchange.technology(
            "박막 증착 장치",
            [
                "advantages": "기존 대비 3배 빠른 원자층증착", "iprStatus": ["applied", "granted"],
                "patents": ["제10–1234567호", "10-2020-0123456", "101234567"],
                "classifications": ["h01l21/02", "C23C"],
                "partnerSought": ["organisationKinds": ["company"], "role": "양산 공정 적용", "expertise": "반도체 장비 제조"],
            ])
        let read = try await kit.call("matching.technologies.get", ["id": .string(id)])
        #expect(read["patents"]?.texts == ["10-1234567", "10-2020-0123456"])
        #expect(read["classifications"]?.texts == ["H01L 21/02", "C23C"])
        #expect(read.at("/partnerSought/organisationKinds")?.texts == ["company"])
        #expect(read.at("/partnerSought/expertise")?.string == "반도체 장비 제조")
        for filter: JSON in [
            ["classification": "H01L"], ["classification": "H01L 21/02"], ["patent": "10-1234567-0000"],
            ["patent": "1020200123456"],
        ] {
            let list = try await kit.call("matching.technologies.list", filter)
            #expect(list["items"]?.array?.count == 1, "\(filter.text)")
        }
        let others = try await kit.call("matching.technologies.list", ["classification": "H01L 21/20"])
        #expect(others["items"]?.array == [])
        // A code is a word of the text, however it is written; so are the advantages and the expertise.
        for words in ["H01L", "H01L 21/02", "H01L21/02", "C23C", "원자층증착", "장비 제조"] {
            let found = try await kit.call("matching.technologies.search", ["text": .string(words)])
            #expect(found.at("/items/0/id")?.string == id, "\(words)")
        }
        let nobody = try await kit.call("matching.technologies.update", ["id": .string(id), "partnerSought": [:]])
        #expect(nobody["partnerSought"]?.object == nil && nobody["version"]?.integer == 2)
        let edited = try await kit.call(
            "matching.technologies.update", ["id": .string(id), "patents": ["10-1234567", "PCT/KR2020/000001"]])
        #expect(edited["patents"]?.texts == ["10-1234567", "PCT/KR2020/000001"])
        let gone = try await kit.call("matching.technologies.list", ["patent": "10-2020-0123456"])
        #expect(gone["items"]?.array == [])
    }

    @Test func wrongCodesAreNamedAllAtOnce() async throws {
        let exchange = try await Exchange()
        let create: JSON = [
            "organisationId": .string(exchange.institute), "title": "제목", "summary": "요약",
            "patents": ["10-1234567", "50-1234567", "10-2999-0000001"], "classifications": ["H01L 21/02", "Z99"],
        ]
        let fault = try await exchange.kit.fault("matching.technologies.create", create)
        #expect(fault.pointers == ["/patents/1", "/patents/2", "/classifications/1"])
        let filter = try await exchange.kit.fault(
            "matching.technologies.list", ["patent": "12", "classification": "x"])
        #expect(filter.pointers == ["/patent", "/classification"])
        let contradiction = try await exchange.kit.fault(
            "matching.technologies.create",
            [
                "organisationId": .string(exchange.institute), "title": "제목", "summary": "요약",
                "iprStatus": ["granted"],
            ])
        #expect(contradiction.pointers == ["/iprStatus"])
    }
}
