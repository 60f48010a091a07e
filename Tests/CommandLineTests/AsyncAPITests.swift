import Foundation
import Testing
import Yams

@testable import CommandLine

/// `Docs/asyncapi.yaml` is read by machines: it must parse, its references must lead somewhere, and its services must
/// be those that the launcher starts.
@Suite struct AsyncAPITests {
    let document: Node

    init() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Docs/asyncapi.yaml")
        document = try #require(try Yams.compose(yaml: try String(contentsOf: path, encoding: .utf8)))
    }

    @Test func everyReferenceLeadsSomewhere() throws {
        #expect(document["asyncapi"]?.string == "3.0.0")
        let references = collect(document)
        #expect(references.count > 5)
        for reference in references {
            var node: Node? = document
            for part in reference.dropFirst(2).split(separator: "/") { node = node?[String(part)] }
            #expect(node != nil, "\(reference) leads nowhere")
        }
    }

    @Test func theServicesAreThoseThatAreStarted() throws {
        let listed = document["channels"]?["requests"]?["parameters"]?["service"]?["enum"]?.array().compactMap(\.string)
        #expect(Set(listed ?? []) == Set(Roster.standard.members.map(\.name)))
    }

    private func collect(_ node: Node) -> [String] {
        switch node {
        case .mapping(let pairs):
            pairs.flatMap { key, value in
                key.string == "$ref" ? [value.string].compactMap { $0 } : collect(value)
            }
        case .sequence(let items): items.flatMap(collect)
        default: []
        }
    }
}
