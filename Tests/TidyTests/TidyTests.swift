import Foundation
import Testing

/// The rules of the house, so that nobody needs to remember them. Change a rule here when it is wrong.
@Suite struct TidyTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct Source: Sendable {
        /// From the root, such as `Services/Fund/Fund.swift`.
        let path: String
        let lines: [String]
        var parts: [Substring] { path.split(separator: "/") }
        var isTest: Bool { path.hasPrefix("Tests/") }
        /// `Services/Fund`, `Shared/JSON` …
        var home: String { parts.prefix(2).joined(separator: "/") }
        var imports: [String] {
            lines.compactMap { line in
                let words = line.split(separator: " ")
                guard let index = words.firstIndex(of: "import"), index <= 2, !line.contains("//") else { return nil }
                return words.last.map(String.init)
            }
        }
    }

    static let sources: [Source] = ["Services", "Shared", "Tests"].flatMap { folder -> [Source] in
        let base = root.appending(path: folder)
        let files = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }.compactMap { url in
            guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
            let path = url.standardizedFileURL.path.dropFirst(root.standardizedFileURL.path.count)
                .drop { $0 == "/" }
            return Source(path: String(path), lines: text.components(separatedBy: "\n"))
        }
    }

    /// Every line outside comments that contains one of the words, as `path:line word`.
    static func findings(_ words: [String], in sources: [Source]) -> [String] {
        sources.flatMap { source in
            source.lines.enumerated().flatMap { index, line -> [String] in
                let code = line.range(of: "//").map { String(line[..<$0.lowerBound]) } ?? line
                return words.filter { code.contains($0) }.map { "\(source.path):\(index + 1) \($0)" }
            }
        }
    }

    @Test func thereIsSomethingToCheck() {
        #expect(Self.sources.count > 50)
    }

    @Test func noServiceImportsAnother() {
        let services = Set(Self.sources.filter { $0.path.hasPrefix("Services/") }.map { String($0.parts[1]) })
        for source in Self.sources where source.path.hasPrefix("Services/") {
            let others = Set(source.imports).intersection(services.subtracting([String(source.parts[1])]))
            #expect(others.isEmpty, "\(source.path) imports \(others)")
        }
    }

    @Test func sharedModulesKnowNothingAbove() {
        let order = [
            "CZeroMQ", "ZeroMQ", "Majordomo", "JSON", "Vocabulary", "Storage", "ServiceKit", "Permissions", "Daejeon",
        ]
        for source in Self.sources where source.path.hasPrefix("Shared/") {
            guard let own = order.firstIndex(of: String(source.parts[1])) else {
                Issue.record("\(source.path) stands in a module this test does not know")
                continue
            }
            let above = source.imports.filter { order.firstIndex(of: $0).map { $0 > own } ?? false }
            #expect(above.isEmpty, "\(source.path) imports \(above)")
        }
    }

    @Test(arguments: [
        ("CZeroMQ", ["Shared/ZeroMQ"]), ("GRDB", ["Shared/Storage"]), ("Crypto", ["Services/Talent"]),
        ("ArgumentParser", ["Services/CommandLine"]), ("Yams", ["Services/CommandLine", "Shared/Permissions"]),
    ])
    func outsideCodeHasOneDoor(_ module: String, _ homes: [String]) {
        for source in Self.sources where source.imports.contains(module) && !source.isTest {
            #expect(homes.contains(source.home), "\(source.path) imports \(module)")
        }
    }

    @Test func escapesFromTheTypeSystemStayWhereTheyAreExplained() {
        let outside = Self.sources.filter {
            !$0.isTest && !["Shared/ZeroMQ", "Shared/Storage"].contains($0.home)
        }
        #expect(Self.findings(["@unchecked Sendable", "nonisolated(unsafe)"], in: outside) == [])
        for source in Self.sources where !source.isTest {
            for (index, line) in source.lines.enumerated()
            where line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") {
                let above = source.lines[max(0, index - 6)...index]
                #expect(above.contains { $0.contains("//") }, "\(source.path):\(index + 1) gives no reason")
            }
        }
    }

    @Test func nothingAbortsOrPrints() {
        let code = Self.sources.filter { !$0.isTest }
        #expect(Self.findings(["try!", "as!", "fatalError(", "FIXME", "TODO"], in: code) == [])
        let services = code.filter { $0.home != "Services/CommandLine" }
        #expect(Self.findings([" print("], in: services) == [])
    }

    @Test func namesSayWhatThingsAre() {
        let banned = ["Utils", "Utilities", "Helpers", "Helper", "Common", "Misc", "Base", "Core", "Manager"]
        for source in Self.sources {
            for part in source.parts {
                let name = part.replacing(".swift", with: "")
                #expect(!banned.contains { name == $0 || name.hasSuffix($0) }, "\(source.path)")
            }
        }
    }

    @Test func filesStayReadable() {
        for source in Self.sources where !source.isTest {
            // Tables of data are read by rows, not as code.
            guard !source.path.hasPrefix("Shared/Daejeon/") else { continue }
            #expect(source.lines.count <= 360, "\(source.path) has \(source.lines.count) lines")
        }
        for source in Self.sources {
            for (index, line) in source.lines.enumerated() where line.count > 140 {
                guard !source.path.contains("Daejeon") else { continue }
                #expect(line.contains("\""), "\(source.path):\(index + 1) has \(line.count) columns")
            }
        }
    }

    @Test func everyServiceBeginsWithTheSameFiles() {
        let paths = Set(Self.sources.map(\.path))
        for service in ["Gateway", "Matching", "Fund", "Talent", "Testbed"] {
            for file in ["\(service).swift", "\(service)Schema.swift"] {
                let found = paths.contains("Services/\(service)/\(file)")
                #expect(found, "Services/\(service)/\(file) is missing")
            }
        }
    }

    /// A misspelt feature name is silently ignored, so that each is asked for here: all targets have the same settings.
    @Test func theLanguageSettingsAreOn() throws {
        #if !hasFeature(ExistentialAny) || !hasFeature(InternalImportsByDefault)
            Issue.record("ExistentialAny or InternalImportsByDefault is off")
        #endif
        #if !hasFeature(MemberImportVisibility) || !hasFeature(NonisolatedNonsendingByDefault)
            Issue.record("MemberImportVisibility or NonisolatedNonsendingByDefault is off")
        #endif
        #if !hasFeature(StrictMemorySafety)
            Issue.record("StrictMemorySafety is off")
        #endif
        let manifest = try String(contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
        #expect(manifest.contains("swiftLanguageModes: [.v6]"))
        #expect(manifest.contains(".treatAllWarnings(as: .error)"))
        #expect(manifest.contains("for target in package.targets where target.type != .system"))
    }

    @Test func theTopLevelHoldsWhatARepositoryNeeds() throws {
        let allowed: Set<String> = [
            "Package.swift", "Services", "Shared", "Tests", "compose.yaml", "README.md", "README.ko.md", "LICENSE",
            "Makefile", ".ci", "Docs", ".git", ".gitignore", ".swift-format", ".build", "Package.resolved", ".swiftpm",
            ".dockerignore",
        ]
        let found = try FileManager.default.contentsOfDirectory(atPath: Self.root.path)
        #expect(Set(found).subtracting(allowed) == [])
    }
}
