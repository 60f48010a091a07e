import Foundation
import Glibc
import JSON
import ServiceKit
import Testing

/// A file on its way in while everything is killed that takes part: every row is in once.
@Suite(.timeLimit(.minutes(5))) struct ImportTests {
    private static let rows = 1_500

    /// Every fiftieth row is wrong in two columns.
    private static let file =
        "기술명,요약,기관명,기관유형,기술성숙도,산업\r\n"
        + (1...rows).map { number in
            let isWrong = number.isMultiple(of: 50)
            return "\"기술 \(number)\",\"\(number)번째\n요약\",㈜가나,기업,\(isWrong ? "12" : "TRL 4"),\(isWrong ? "없음" : "우주")"
        }.joined(separator: "\r\n")

    /// Waits until the first rows are in, which nothing takes back.
    private func untilRowsAreIn(_ set: RunningSet) async throws {
        while true {
            let list = try await set.persist("matching.imports.list", key: UUID().uuidString)
            if list.at("/items/0/position")?.integer ?? 0 > 1 { return }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test func everyRowIsInOnceWhateverIsKilled() async throws {
        try await RunningSet.with { set in
            let path = try set.write("기술.csv", Self.file)
            let command = ["import", path, "--kind", "technologies", "--json"]
            let first = try RunningSet.spawn("ieum", command, folder: set.folder, output: set.folder + "/first.out")
            try await untilRowsAreIn(set)
            try await set.kill("matching")
            try await set.untilAnswers("matching")
            Glibc.kill(first.processIdentifier, SIGKILL)
            let second = try RunningSet.spawn("ieum", command, folder: set.folder, output: set.folder + "/second.out")
            try await set.kill("gateway")
            while second.isRunning { try await Task.sleep(for: .milliseconds(10)) }

            let last = try await set.execute(
                "ieum", command + ["--errors", set.folder + "/errors.csv", "--rejected", set.folder + "/again.csv"])
            #expect(last.status == 1)
            let report = try JSON(parsing: last.output)
            let wrong = Int64(Self.rows / 50)
            #expect(report.at("/result/failed")?.integer == wrong && report["errors"]?.integer == 2 * wrong)
            // The last run tried the wrong rows anew; what was in stayed as it was.
            let made = try await set.execute(
                "ieum", ["call", "matching.technologies.list", #"{"limit":200}"#, "--all"])
            let titles = try made.output.split(separator: "\n").map {
                try JSON(parsing: $0.utf8)["title"]?.string ?? ""
            }
            #expect(titles.count == Self.rows - Int(wrong) && Set(titles).count == titles.count)
            let errors = try String(contentsOfFile: set.folder + "/errors.csv", encoding: .utf8)
            #expect(errors.contains("51,error,기술성숙도,trl,12,") && errors.contains("1501,error,산업,industries,없음,"))

            // Corrected, the rejected rows are imported as they are.
            let again = try String(contentsOfFile: set.folder + "/again.csv", encoding: .utf8)
            let corrected = try set.write(
                "again.csv", again.replacing(",12,없음", with: ",5,space").replacing("\u{FEFF}", with: ""))
            let rest = try await set.execute("ieum", ["import", corrected, "--kind", "technologies", "--json"])
            #expect(rest.status == 0)
            #expect(try JSON(parsing: rest.output).at("/result/created")?.integer == wrong)
            let done = try await set.execute("ieum", ["import", corrected, "--kind", "technologies", "--json"])
            #expect(try JSON(parsing: done.output)["wasDone"] == true)
        }
    }
}
