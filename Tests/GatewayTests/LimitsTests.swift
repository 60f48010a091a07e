import Foundation
import JSON
import ServiceKit
import Testing

@testable import Gateway

/// Each limit stands in the documents as it is in the code.
@Suite struct LimitsTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func text(_ document: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: document), encoding: .utf8)
    }

    @Test func theDocumentsHaveEveryRow() throws {
        for (document, isKorean) in [("Docs/operators.md", false), ("Docs/operators.ko.md", true)] {
            let lines = try text(document).split(separator: "\n").filter { $0.hasPrefix("| `IEUM_LIMIT_") }
            let expected = Limits.table.map { row in
                let value = Limits()[keyPath: row.value]
                return "| `\(row.variable)` | \(value) | \(row.unit) | \(isKorean ? row.meaning.ko : row.meaning.en) |"
            }
            #expect(lines.map(String.init) == expected, "\(document)")
        }
    }

    @Test func theOtherNumbersOfTheDocumentsAreThoseOfTheCode() throws {
        let days = EventLog.Retention().age.components.seconds / 86_400
        let keys = Configuration.standardKeyAge.components.seconds / 86_400
        for document in ["Docs/operators.md", "Docs/operators.ko.md", "README.md", "README.ko.md"] {
            let text = try text(document)
            #expect(text.contains("| `IEUM_EVENTS_KEEP` | \(EventLog.Retention().count) |"), "\(document)")
            let size = EventLog.Retention().mebibytes
            #expect(text.contains("| `IEUM_EVENTS_KEEP_MEBIBYTES` | \(size) |"), "\(document)")
            #expect(text.contains("| `IEUM_EVENTS_KEEP_DAYS` | \(days) |"), "\(document)")
            #expect(text.contains("| `IEUM_IDEMPOTENCY_DAYS` | \(keys) |"), "\(document)")
        }
    }

    @Test func aSmallerEventLimitHolds() async throws {
        let limits = try Limits(environment: ["IEUM_LIMIT_EVENT_BYTES": "300"])
        #expect(EventLog(sizeLimit: limits.eventBytes).sizeLimit == 300)
        #expect(Limits().eventBytes == Outbox.eventBytes)
        #expect(throws: Limits.Refused.self) { try Limits(environment: ["IEUM_LIMIT_EVENT_BYTES": "0"]) }
    }

    @Test func aMisspeltLimitIsRefusedAndTheNearOneNamed() {
        do {
            _ = try Limits(environment: ["IEUM_LIMIT_CREDITS": "8"])
            Issue.record("IEUM_LIMIT_CREDITS was accepted")
        } catch {
            #expect(error.description.contains("IEUM_LIMIT_CREDITS=8"))
            #expect(error.description.contains("IEUM_LIMIT_CREDIT?"))
        }
    }
}
