import ArgumentParser
import JSON

/// `ieum methods`: what can be called, from each service's own `rpc.discover`.
struct Methods: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("부를 수 있는 메서드를 보인다.", "Lists the methods that can be called."))

    @Argument(help: .init(words("서비스. 없으면 모두.", "A service; all when left out.")))
    var service: String?

    @Flag(help: .init(words("OpenRPC 문서 그대로.", "The OpenRPC documents themselves.")))
    var json = false

    func run() async throws {
        let names = try service.map { [try Roster.standard.member($0).name] } ?? Roster.standard.members.map(\.name)
        try await Line.open { line in
            var documents = JSON.Members()
            for name in names { documents[name] = try await line.call("rpc.discover", service: name) }
            if json {
                Terminal.line((service.flatMap { documents[$0] } ?? .object(documents)).pretty())
                return
            }
            for (name, document) in documents {
                Terminal.line(Terminal.strong(title(name, document)))
                Terminal.line(Methods.table(document))
                Terminal.line()
            }
            Terminal.line(
                words(
                    "* 는 꼭 있어야 하는 매개변수. 형식 전부: ieum methods \(names[0]) --json",
                    "* marks what must be given. The whole form: ieum methods \(names[0]) --json"))
        }
    }

    private func title(_ name: String, _ document: JSON) -> String {
        let title = document.at(words("/info/x-title-ko", "/info/title"))?.string ?? ""
        return "\(name) – \(title) (\(document.at("/info/version")?.string ?? ""))"
    }

    /// Two lines a method: name, role and summary, then its parameters.
    static func table(_ document: JSON) -> String {
        let methods = document["methods"]?.array ?? []
        let width = methods.map { $0["name"]?.string?.count ?? 0 }.max() ?? 0
        return methods.map { method in
            let name = method["name"]?.string ?? ""
            let role = method["x-role"]?.string ?? ""
            let summary = words(method["x-summary-ko"]?.string ?? "", method["summary"]?.string ?? "")
            let parameters = (method["params"]?.array ?? []).map { parameter in
                (parameter["name"]?.string ?? "") + (parameter["required"]?.bool == true ? "*" : "")
            }
            let padding = String(repeating: " ", count: width - name.count + 2)
            let first = name + padding + role + String(repeating: " ", count: max(1, 10 - role.count)) + summary
            return parameters.isEmpty ? first : first + "\n    " + Terminal.faint(parameters.joined(separator: " "))
        }.joined(separator: "\n")
    }
}
