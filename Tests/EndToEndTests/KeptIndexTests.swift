import Foundation
import JSON
import ServiceKit
import Testing

/// The text index that the matching service keeps beside its database: whenever the process is killed and whatever has
/// become of the files, searches find what the database holds.
@Suite(.timeLimit(.minutes(5))) struct KeptIndexTests {
    @Test func neitherKillsNorDamageChangeAnAnswer() async throws {
        try await RunningSet.with { set in
            let organisation = try await set.persist(
                "matching.organisations.create",
                ["kind": "institute", "nameKo": "다라연구원", "nameEn": "Dara Institute", "region": "KR-30"], key: "org")
            var ids: Set<String> = []
            for number in 0..<12 {
                let technology = try await set.persist(
                    "matching.technologies.create",
                    [
                        "organisationId": organisation["id"] ?? .null, "title": .string("드론 관제 \(number)"),
                        "summary": "드론 영상 분석",
                    ], key: "technology-\(number)")
                let id = try #require(technology["id"]?.string)
                try await set.persist("matching.technologies.publish", ["id": .string(id)], key: "publish-\(number)")
                ids.insert(id)
            }
            func found() async throws -> Set<String> {
                let answer = try await set.persist(
                    "matching.technologies.search", ["text": "드론", "limit": 50], key: UUID().uuidString)
                return Set(answer["items"]?.array?.compactMap { $0["id"]?.string } ?? [])
            }
            let folder = set.data + "/matching.index/technologies"
            let manifest = folder + "/manifest"
            #expect(try await found() == ids)
            // At moments around the writing of the files, which begins when none are there.
            for round in 0..<6 {
                try? FileManager.default.removeItem(atPath: manifest)
                try await set.kill("matching")
                try await set.untilAnswers("matching")
                try await Task.sleep(for: .milliseconds(round * 60))
                #expect(try await found() == ids)
            }
            // A file that was cut off, and one that is gone.
            for damage in [true, false] {
                try await waitFor(manifest)
                let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
                    $0.hasSuffix(".block")
                }
                for name in names {
                    let file = URL(filePath: folder + "/" + name)
                    let part = try Data(contentsOf: file).prefix(100)
                    try FileManager.default.removeItem(at: file)
                    if damage { try part.write(to: file) }
                }
                #expect(!names.isEmpty)
                try await set.kill("matching")
                try await set.untilAnswers("matching")
                #expect(try await found() == ids)
            }
            let log = try String(contentsOfFile: set.data + "/logs/matching.log", encoding: .utf8)
            #expect(log.contains("kept index of technologies is not used"))
        }
    }

    private func waitFor(_ file: String) async throws {
        for _ in 0..<2_000 where !FileManager.default.fileExists(atPath: file) {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(FileManager.default.fileExists(atPath: file))
    }
}
