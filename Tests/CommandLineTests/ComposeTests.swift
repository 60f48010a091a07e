import Foundation
import JSON
import Testing

@testable import CommandLine

/// Containers and launcher start the same processes.
@Suite struct ComposeTests {
    private func services() throws -> JSON.Members {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "compose.yaml"), encoding: .utf8)
        // Each service as text lines: the merge keys of YAML are nothing that a scenario has.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let start = try #require(lines.firstIndex(of: "services:"))
        var members = JSON.Members()
        var name = ""
        for line in lines[(start + 1)...] {
            guard line.isEmpty || line.hasPrefix(" ") else { break }
            if line.hasPrefix("  "), !line.hasPrefix("   "), line.hasSuffix(":") {
                name = String(line.dropFirst(2).dropLast())
                members[name] = ""
            } else {
                members[name] = .string((members[name]?.string ?? "") + line + "\n")
            }
        }
        return members
    }

    @Test func theServicesAreTheLaunchers() throws {
        let services = try services()
        #expect(Set(services.keys).subtracting([""]) == Set(Roster.standard.members.map(\.name)))
    }

    @Test func eachRunsItsExecutableAndIsAskedForItsHealth() throws {
        let services = try services()
        for member in Roster.standard.members {
            let text = try #require(services[member.name]?.string)
            #expect(text.contains("command: [\(member.executable)]"), "\(member.name)")
            #expect(text.contains("test: ieum ping \(member.name),"), "\(member.name)")
        }
    }
}
