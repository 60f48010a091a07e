/// Prometheus' text format, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/
struct Exposition {
    enum Kind: String { case counter, gauge, summary }

    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// One metric with all its samples, which must stand together. Nothing is written for a metric without samples.
    mutating func family(_ name: String, _ kind: Kind, _ help: String, _ samples: (inout Samples) -> Void) {
        var all = Samples(name: name)
        samples(&all)
        guard !all.text.isEmpty else { return }
        text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n" + all.text
    }

    /// In a label's value backslash, quote and line end are escaped; in HELP a quote stands as it is.
    static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    struct Samples {
        fileprivate let name: String
        fileprivate(set) var text = ""

        fileprivate init(name: String) { self.name = name }

        /// - Parameter suffix: `_sum` or `_count` of a summary.
        mutating func add(_ value: Double, suffix: String = "", _ labels: KeyValuePairs<String, String> = [:]) {
            text += name + suffix
            if !labels.isEmpty {
                let list = labels.map { "\($0.key)=\"\(Exposition.escaped($0.value, quotes: true))\"" }
                text += "{" + list.joined(separator: ",") + "}"
            }
            text += " \(value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value))\n"
        }

        mutating func add(_ value: Int, suffix: String = "", _ labels: KeyValuePairs<String, String> = [:]) {
            add(Double(value), suffix: suffix, labels)
        }
    }
}
