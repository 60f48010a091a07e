import Foundation
import Testing

@testable import CommandLine

/// The variables stand in the documents, in `ieum doctor` and in the code: all three agree.
@Suite struct DocumentedSettingsTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The rows of a document's tables that begin with a variable: name and default.
    static func rows(of document: String) throws -> [String: String] {
        let text = try String(contentsOf: root.appending(path: document), encoding: .utf8)
        var rows: [String: String] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("| `IEUM_") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let name = cells[0].trimmingCharacters(in: ["`"])
            #expect(rows[name] == nil, "\(document) has \(name) twice")
            rows[name] = cells[1]
        }
        return rows
    }

    @Test(arguments: ["README.md", "README.ko.md", "Docs/operators.md", "Docs/operators.ko.md"])
    func everyDocumentNamesThemAll(_ document: String) throws {
        let rows = try Self.rows(of: document)
        let named = Set(rows.keys.filter { !$0.hasPrefix(Settings.limits) })
        #expect(named == Set(Settings.all.map(\.name)))
        for setting in Settings.all {
            guard case .integer = setting.rule else { continue }
            #expect(rows[setting.name] == setting.standard, "\(document): \(setting.name)")
        }
    }

    @Test func theCodeReadsNoOthers() throws {
        let own: Set<String> = ["IEUM_PARENT_FD", "IEUM_PARENT_PID", "IEUM_SUCCEED"]
        let known = own.union(Settings.all.map(\.name))
        var found: Set<String> = []
        for folder in ["Services", "Shared"] {
            let files = FileManager.default.enumerator(
                at: Self.root.appending(path: folder), includingPropertiesForKeys: nil)
            for case let file as URL in files?.allObjects ?? [] where file.pathExtension == "swift" {
                let text = try String(contentsOf: file, encoding: .utf8)
                for match in text.matches(of: /"(IEUM_[A-Z_]*[A-Z])"/) { found.insert(String(match.output.1)) }
            }
        }
        #expect(found.count > 5)
        // Those of the limits are kept equal to their table by LimitsTests.
        #expect(found.subtracting(known).filter { !$0.hasPrefix(Settings.limits) } == [])
        #expect(known.subtracting(found) == [])
    }

    @Test func doctorFindsWrongValues() {
        for (name, value) in [
            ("IEUM_IDEMPOTENCY_DAYS", "0"), ("IEUM_EVENTS_KEEP", "many"), ("IEUM_LANG", "fr"), ("IEUM_DATE", "/data"),
        ] {
            #expect(Settings.complaints([name: value]).map(\.name) == [name])
        }
        #expect(Settings.complaints(["IEUM_IDEMPOTENCY_DAYS": "30", "IEUM_LIMIT_FRAMES": "8"]).isEmpty)
    }
}
