import Foundation
import JSON
import ServiceKit
import Testing

/// The scenarios of this folder, played by `ieum check` against the real executables, as integrators do it.
@Suite(.timeLimit(.minutes(5))) struct ScenarioTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scenarios").path

    private static func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.sorted()
            .map { "\(folder)/\($0)" }
    }

    @Test func everyScenarioHoldsBesideTheDaejeonDataAndHoldsAgain() async throws {
        try await RunningSet.with { set in
            let loaded = try await set.execute("ieum", ["import", "daejeon", "--json"])
            #expect(loaded.status == 0, "\(loaded.output)")
            #expect(try JSON(parsing: loaded.output.utf8)["tem"]?["id"] != nil)

            let files = try Self.files()
            #expect(files.count >= 6)
            // Twice: what one run leaves behind does not disturb the next.
            for round in 1...2 {
                let checked = try await set.execute("ieum", ["check", "--json"] + files)
                #expect(checked.status == 0, "round \(round): \(checked.output)")
                let reports = try JSON(parsing: checked.output.utf8).array ?? []
                #expect(reports.count == files.count)
                for report in reports { #expect(report["passed"] == true, "\(report.text)") }
            }

            // Loading again changes nothing.
            let again = try await set.execute("ieum", ["import", "daejeon", "--json"])
            #expect(again.output == loaded.output)
        }
    }

    @Test func aScenarioThatDoesNotHoldSaysWhere() async throws {
        try await RunningSet.with { set in
            let path = try set.write("must-fail.yaml", Self.mustFail)
            let report = try await set.execute("ieum", ["check", path])
            #expect(report.status == 1, "\(report.output)")
            let lines = report.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(lines.contains { $0.hasSuffix("Two companies, or so it says") })
            #expect(lines.contains("\(path):8 · there are two"), "\(report.output)")
            #expect(lines.contains { $0.hasPrefix("where:") && $0.hasSuffix("/items") })
            #expect(lines.contains { $0.hasPrefix("expected:") && $0.hasSuffix("2 items") })
            #expect(lines.contains { $0.hasPrefix("actual:") && $0.contains("1 items: [{") })
            #expect(lines.contains { $0.hasPrefix("sent:") && $0.contains("matching.organisations.list") })
            #expect(lines.contains { $0.hasPrefix("received:") && $0.contains("하나") })

            let machine = try await set.execute("ieum", ["check", "--json", path])
            #expect(machine.status == 1)
            let stop = try JSON(parsing: machine.output.utf8)[0]?["stop"]
            #expect(stop?["line"] == 8 && stop?["pointer"] == "/items/1/nameKo", "\(machine.output)")

            // A refusal where a result was expected says what the service said.
            let refused = try set.write("refused.yaml", "steps:\n  - call: fund.funds.get\n    params: {id: nobody}\n")
            let words = try await set.execute("ieum", ["check", refused])
            #expect(words.status == 1 && words.output.contains("invalidParams"), "\(words.output)")
        }
    }

    @Test func aFileThatIsNoScenarioIsAMistakeOfItsAuthor() async throws {
        try await RunningSet.with { set in
            let wrong = [
                ("steps: [", ""), ("scenario: empty\n", "steps"),
                ("steps:\n  - cal: service.ping\n", "a step must be one of"),
                ("steps:\n  - call: service.ping\n    expct: {}\n", "unknown member"),
                ("steps:\n  - call: service.ping\n    within: soon\n", "250ms"),
            ]
            for (text, word) in wrong {
                let path = try set.write("wrong.yaml", text)
                let report = try await set.execute("ieum", ["check", path])
                #expect(report.status == 64, "\(text): \(report.output)")
                #expect(word.isEmpty || report.output.contains(word), "\(text): \(report.output)")
            }
            let missing = try await set.execute("ieum", ["check", set.folder + "/not-there.yaml"])
            #expect(missing.status == 64)
            // Nobody there is something else than a scenario that does not hold.
            try await set.stop()
            let path = try set.write("good.yaml", "steps:\n  - {call: service.ping, service: fund}\n")
            let alone = try await set.execute("ieum", ["check", path])
            #expect(alone.status == 2, "\(alone.output)")
        }
    }

    @Test func theDocumentsExampleIsOneOfThem() throws {
        let example = try RunningSet.codeBlock(of: "Docs/contributors.md", containing: "scenario: ")
        let texts = try Self.files().map { try String(contentsOfFile: $0, encoding: .utf8) }
        #expect(texts.contains(example))
    }

    private static let mustFail = """
        scenario: Two companies, or so it says
        steps:
          - name: one company
            call: matching.organisations.create
            params: {kind: company, nameKo: 하나, region: KR-30}
            capture: {company: /id}

          - name: there are two
            call: matching.organisations.list
            expect:
              items:
                - {nameKo: 하나}
                - {nameKo: 둘}

          - name: which is never reached
            call: matching.organisations.get
            params: {id: "${company}"}
        """
}
