import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite("Demands and technologies")
struct ProfilesTests {
    @Test func draftPublishedWithdrawnWithHistory() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let id: JSON = .string(try await exchange.demand("질량분석 장비", publish: false))
        let draft = try await kit.call("matching.demands.get", ["id": id])
        #expect(draft["state"]?.string == "draft" && draft["region"]?.string == "KR-30")
        #expect(draft["exclusive"]?.bool == false)
        let edited = try await kit.call(
            "matching.demands.update",
            ["id": id, "trl": 6, "fields": ["NC", "EB"], "keywords": ["SIMS", "분해능"], "partnerships": ["licence"]])
        #expect(edited["version"]?.integer == 2 && edited["title"]?.string == "질량분석 장비")
        try await kit.call("matching.demands.publish", ["id": id])
        // Publishing what is published changes nothing.
        let again = try await kit.call("matching.demands.publish", ["id": id])
        #expect(again["state"]?.string == "published")
        try await kit.call("matching.demands.update", ["id": id, "summary": "더 자세한 요약"])
        let withdrawn = try await kit.call("matching.demands.withdraw", ["id": id, "reason": "찾았음"])
        #expect(withdrawn["state"]?.string == "withdrawn")
        let fault = try await kit.fault("matching.demands.update", ["id": id, "title": "늦은 수정"])
        #expect(fault.code == .failedPrecondition && fault.data["rule"]?.string == "profile.closed")
        let history = try await kit.call("matching.demands.history", ["id": id])
        let steps = history["items"]?.array ?? []
        #expect(
            steps.compactMap { $0["action"]?.string } == ["created", "edited", "published", "edited", "withdrawn"])
        #expect(steps.compactMap { $0["version"]?.integer } == [1, 2, 2, 3, 3])
        #expect(steps.last?["reason"]?.string == "찾았음")
        #expect(steps.first?.at("/content/keywords")?.array == [])
        let types = try await exchange.types().filter { $0.contains("demand") }
        #expect(
            types == ["created", "edited", "published", "edited", "withdrawn"].map { "ieum.matching.demand.\($0)" })
        // What was only drafted is in no event; what was published is.
        let events = try await kit.events.filter { $0["type"]?.string?.contains("demand") == true }
        #expect(events.map { $0.at("/data/title") != nil } == [false, false, true, true, true])
        let renewed = try await kit.call("matching.demands.publish", ["id": id])
        #expect(renewed["state"]?.string == "published")
    }

    @Test func validityEndsByTimeAndByJob() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let until = kit.now.adding(seconds: 60)
        let technology = try await exchange.technology("드론 관제", ["validUntil": .string(until.description)])
        let demand = try await exchange.demand("드론 관제 기술")
        let ask: JSON = ["demandId": .string(demand)]
        #expect(try await kit.call("matching.recommend", ask)["items"]?.array?.count == 1)
        try await kit.advance(seconds: 61)
        #expect(try await kit.call("matching.recommend", ask)["items"]?.array?.isEmpty == true)
        let read = try await kit.call("matching.technologies.get", ["id": .string(technology)])
        #expect(read["state"]?.string == "expired")
        #expect(try await exchange.types().contains("ieum.matching.technology.expired"))
        let fault = try await kit.fault("matching.technologies.publish", ["id": .string(technology)])
        #expect(fault.data["rule"]?.string == "profile.validityPassed")
        let past = try await kit.fault(
            "matching.technologies.publish", ["id": .string(technology), "validUntil": .string(until.description)])
        #expect(past.pointers == ["/validUntil"])
        let later = kit.now.adding(seconds: 600).description
        try await kit.call("matching.technologies.publish", ["id": .string(technology), "validUntil": .string(later)])
        #expect(try await kit.call("matching.recommend", ask)["items"]?.array?.count == 1)
    }

    @Test func listsFilterAndHideDrafts() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let one = try await exchange.technology("하나 기술", ["fields": ["NC"], "trl": 4, "industries": ["space"]])
        let two = try await exchange.technology(
            "두번째 기술", ["fields": ["EB"], "trl": 7, "region": "KR-11", "partnerships": ["licence"]])
        let draft = try await exchange.technology("초안 기술", publish: false)
        func ids(_ filter: JSON, _ principal: String = "stranger") async throws -> [String] {
            try await kit.call("matching.technologies.list", filter, principal: principal, roles: [.viewer])["items"]?
                .array?.compactMap { $0["id"]?.string } ?? []
        }
        #expect(try await ids(["field": "NC"]) == [one])
        #expect(try await ids(["trlFrom": 5]) == [two])
        #expect(try await ids(["trlTo": 5]) == [one])
        #expect(try await ids(["region": "KR-11"]) == [two])
        #expect(try await ids(["industry": "space"]) == [one])
        #expect(try await ids(["partnership": "licence", "state": "published"]) == [two])
        #expect(try await ids(["organisationId": .string(exchange.institute), "state": "draft"]).isEmpty)
        #expect(try await ids([:]) == [one, two])
        // The organisation's own people see its drafts, and whoever they name.
        #expect(try await ids([:], "institute") == [one, two, draft])
        try await kit.call(
            "matching.organisations.update",
            ["id": .string(exchange.institute), "representatives": ["colleague"]])
        #expect(try await ids([:], "colleague") == [one, two, draft])
        // The operator who named the colleague became no representative by it.
        #expect(try await ids([:], "uid:1000") == [one, two])
        let hidden = try await exchange.fault("matching.technologies.get", ["id": .string(draft)], as: "stranger")
        #expect(hidden?.code == .notFound)
    }

    @Test func searchFindsWordsInBothLanguages() async throws {
        let exchange = try await Exchange()
        let sims = try await exchange.technology("이차이온 질량분석 장비", ["fields": ["NC"]])
        _ = try await exchange.technology("드론 관제")
        let found = try await exchange.kit.call("matching.technologies.search", ["text": "SIMS instrument"])
        #expect(found["items"]?.array?.compactMap { $0["id"]?.string } == [sims])
        #expect(found.at("/items/0/matched/0/kind")?.string == "concept")
        let filtered = try await exchange.kit.call(
            "matching.technologies.search", ["text": "질량분석", "filters": ["fields": ["EB"]]])
        #expect(filtered["items"]?.array == [])
        let none = try await exchange.kit.call("matching.technologies.search", ["text": "???"])
        #expect(none["items"]?.array == [])
    }

    @Test func everythingWrongIsSaidAtOnce() async throws {
        let exchange = try await Exchange()
        let fault = try await exchange.kit.fault(
            "matching.technologies.create",
            [
                "organisationId": .string("dmd_1"), "title": "x", "trl": 10, "fields": ["ZZ"],
                "partnerships": ["gift"], "validUntil": "tomorrow", "exclusive": "yes", "keywords": "SIMS",
            ])
        #expect(
            fault.pointers == [
                "/organisationId", "/title", "/summary", "/trl", "/fields/0", "/partnerships/0", "/validUntil",
                "/exclusive", "/keywords",
            ])
        let unknown = try await exchange.kit.fault(
            "matching.demands.create",
            ["organisationId": .string("org_\(String(repeating: "0", count: 32))"), "title": "제목", "summary": "요약"])
        #expect(unknown.code == .notFound)
        let wrongKind = try await exchange.kit.fault(
            "matching.demands.get", ["id": .string(try await exchange.technology("기술 하나"))])
        #expect(wrongKind.code == .invalidParams)
        let foreign = try await exchange.fault(
            "matching.demands.create",
            ["organisationId": .string(exchange.institute), "title": "남의 이름", "summary": "요약"], as: "company")
        #expect(foreign?.code == .forbidden)
    }

    /// The same key is the same request, however often it arrives.
    @Test func repeatedCommandsHappenOnce() async throws {
        let exchange = try await Exchange()
        let parameters: JSON = [
            "organisationId": .string(exchange.company), "title": "한 번만", "summary": "한 번만 등록한다",
        ]
        let one = try await exchange.kit.call("matching.demands.create", parameters, key: "k1")
        let two = try await exchange.kit.call("matching.demands.create", parameters, key: "k1")
        #expect(one == two)
        let list = try await exchange.kit.call("matching.demands.list")
        #expect(list["items"]?.array?.count == 1)
    }

    @Test func aRefusedChangeLeavesTheIndexAlone() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let technology = try await exchange.technology("라이다 센서")
        let held = try await kit.call(
            "matching.technologies.hold",
            [
                "technologyId": .string(technology), "demandId": .string(try await exchange.demand("라이다")),
                "holder": "t",
            ])
        #expect(held["state"]?.string == "held")
        let fault = try await kit.fault(
            "matching.technologies.update",
            ["id": .string(technology), "title": "전혀 다른 제목", "exclusive": false])
        #expect(fault.data["rule"]?.string == "technology.held")
        let old = try await kit.call("matching.technologies.search", ["text": "라이다"])
        #expect(old["items"]?.array?.count == 1)
        try await kit.call(
            "matching.technologies.update", ["id": .string(technology), "title": "초음파 장치", "summary": "초음파"])
        let gone = try await kit.call("matching.technologies.search", ["text": "라이다"])
        let new = try await kit.call("matching.technologies.search", ["text": "초음파"])
        #expect(gone["items"]?.array == [] && new["items"]?.array?.count == 1)
    }
}
