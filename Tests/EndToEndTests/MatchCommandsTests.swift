import Foundation
import JSON
import ServiceKit
import Testing

@testable import CommandLine
@testable import Matching

/// What a person types to find a partner, understand why, and answer: the real executables, the Daejeon data.
@Suite(.timeLimit(.minutes(5))) struct MatchCommandsTests {
    private let korean = ["IEUM_LANG": "ko"]

    @Test func fromWordsToADealAndAnAssignment() async throws {
        try await RunningSet.with { set in
            #expect(try await set.execute("ieum", ["import", "daejeon", "--json"]).status == 0)

            let list = try await set.client.call("matching.demands.list", ["state": "published", "limit": 1])
            let title = try #require(list.at("/items/0/title")?.string)
            let demand = try #require(list.at("/items/0/id")?.string)

            let found = try await set.execute("ieum", ["find", "투과전자현미경"])
            #expect(found.status == 0 && found.output.contains("ieum recommend "), "\(found.output)")
            let machine = try await set.execute("ieum", ["find", "투과전자현미경", "--demands", "--json"])
            #expect(try JSON(parsing: machine.output.utf8)["demands"]?["items"]?.array?.isEmpty == false)

            // By title, by identifier and by its beginning the same list.
            let recommended = try await set.execute("ieum", ["recommend", title, "--json"])
            let technology = try #require(try JSON(parsing: recommended.output.utf8).at("/items/0/id")?.string)
            let shown = try await set.execute("ieum", ["recommend", demand], environment: korean)
            #expect(shown.output.contains("확률이 아니다") && shown.output.contains(technology), "\(shown.output)")
            #expect(tooWide(shown.output) == [])
            #expect(!shown.output.contains("\u{1B}"))

            // In either order.
            for pair in [[demand, technology], [technology, demand]] {
                let why = try await set.execute("ieum", ["explain"] + pair)
                #expect(why.status == 0 && why.output.contains("WEIGHT"), "\(why.output)")
                #expect(tooWide(why.output) == [])
            }
            let profile = try await set.execute("ieum", ["profiles", "show", demand])
            #expect(profile.status == 0 && profile.output.contains(demand), "\(profile.output)")
            let history = try await set.execute("ieum", ["profiles", "history", demand])
            #expect(history.status == 0 && history.output.contains("published"), "\(history.output)")
            #expect(try await set.execute("ieum", ["gaps"]).status == 0)

            try await answersADeal(set, demand, technology)
            try await refusesWhatIsUnclear(set)
            try await checksACertificate(set)
        }
    }

    private func answersADeal(_ set: RunningSet, _ demand: String, _ technology: String) async throws {
        let proposed = try await set.execute(
            "ieum", ["deals", "propose", demand, technology, "--side", "demand", "--json"])
        let deal = try #require(try JSON(parsing: proposed.output.utf8)["id"]?.string, "\(proposed.output)")
        let listed = try await set.execute("ieum", ["deals", "list"], environment: korean)
        #expect(listed.output.contains("◉ 관심") && listed.output.contains(deal), "\(listed.output)")
        let unsaid = try await set.execute("ieum", ["deals", "decline", deal, "--side", "supply"])
        #expect(unsaid.status == 64 && unsaid.output.contains("termsUnsuitable"), "\(unsaid.output)")
        let declined = try await set.execute(
            "ieum", ["deals", "decline", deal, "--side", "supply", "--reason", "tooEarly", "--note", "next year"])
        #expect(declined.status == 0 && declined.output.contains("too early a stage"), "\(declined.output)")
        let shown = try await set.execute("ieum", ["deals", "show", deal])
        #expect(shown.output.contains("next year"), "\(shown.output)")
    }

    private func refusesWhatIsUnclear(_ set: RunningSet) async throws {
        let nobody = try await set.execute("ieum", ["recommend", "qqqqzzzz"])
        #expect(nobody.status == 1 && nobody.output.contains("ieum find"), "\(nobody.output)")
        let several = try await set.execute("ieum", ["recommend", "dmd_0"])
        #expect(several.status == 64 && several.output.contains("dmd_"), "\(several.output)")
        let nowhere = try await set.execute("ieum", ["find", "전해질", "--region", "nowhere"])
        #expect(nowhere.status == 64 && nowhere.output.contains("KR-30"), "\(nowhere.output)")
        let wrong = try await set.execute("ieum", ["explain", "tec_0", "tec_1", "--json"])
        #expect(wrong.status == 64)
        #expect(try JSON(parsing: wrong.output.utf8)["exitCode"] == 64)
    }

    private func checksACertificate(_ set: RunningSet) async throws {
        let created = try await set.client.call("matching.events.create", ["kind": "cohort", "title": "가을 기수"])
        let id = try #require(created["id"])
        for (side, name) in [("applicants", "가"), ("hosts", "나")] {
            _ = try await set.client.call(
                "matching.events.register",
                ["id": id, "side": .string(side), "participants": [["id": .string(name)]]])
        }
        _ = try await set.client.call("matching.events.close", ["id": id])
        _ = try await set.client.call("matching.events.assign", ["id": id, "method": "applicantOptimal", "seed": 1])
        _ = try await set.client.call("matching.events.schedule", ["id": id])
        let event = id.string ?? ""
        let certificate = try await set.execute("ieum", ["exchange", "show", event, "--json"])
        let schedule = try await set.execute("ieum", ["exchange", "timetable", event, "--json"])
        let file = try set.write("certificate.json", certificate.output)
        let timetable = try set.write("schedule.json", schedule.output)
        let held = try await set.execute(
            "ieum", ["exchange", "verify", file, "--event", event, "--schedule", timetable])
        #expect(held.status == 0 && held.output.contains("✓"), "\(held.output)")
        let forged = try set.write("forged.json", certificate.output.replacingOccurrences(of: "\"나\"", with: "\"다\""))
        let refused = try await set.execute("ieum", ["exchange", "verify", forged])
        #expect(refused.status == 1 && refused.output.contains("problem.digest"), "\(refused.output)")
        #expect(try await set.execute("ieum", ["exchange", "show", event]).output.contains("가"))
    }

    /// Lines wider than the page, but for those that are there to be copied.
    private func tooWide(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("→") && Table.width(of: $0) > 80 }
    }

    /// The command line says what the service knows.
    @Test func theReasonsAndStagesAreTheServices() {
        #expect(DeclineReasons.all.map(\.code) == DeclineReason.allCases.map(\.rawValue))
        #expect(DeclineReasons.all.map(\.en) == DeclineReason.allCases.map(\.name.en))
        #expect(DeclineReasons.all.map(\.ko) == DeclineReason.allCases.map(\.name.ko))
        #expect(DealView.stages == DealStage.allCases.map(\.rawValue))
        // Whatever has a name for people here is what the service calls it.
        for type in Partnership.allCases {
            #expect(ProfileView.partnership(type.rawValue) == words(type.name.ko, type.name.en))
        }
        for state in ProfileState.allCases {
            #expect(ProfileView.state(state.rawValue) == words(state.name.ko, state.name.en))
        }
        let unnamed = DealAction.allCases.filter {
            DealView.action($0.rawValue) == $0.rawValue
                && ![
                    .proposed, .accepted, .declined, .withdrawn, .consulted, .valued, .skipped, .disclosed, .concluded,
                ]
                .contains($0)
        }
        #expect(unnamed == [])
    }
}
