import Foundation
import JSON

/// What `ieum evaluate` and `ieum bench retrieval` run: this executable with an argument, since the text engine is
/// here. Progress goes to standard error, the report as JSON to standard output.
enum Measurement {
    /// Whether the arguments asked for a measurement, which is then done.
    static func ran(_ arguments: [String]) async -> Bool {
        guard let name = arguments.dropFirst().first, let measure = measurements[name] else { return false }
        do {
            let report = try await measure(Array(arguments.dropFirst(2)))
            FileHandle.standardOutput.write(Data((report.pretty() + "\n").utf8))
        } catch {
            say("\(error)")
            exit(1)
        }
        return true
    }

    private static let measurements: [String: @Sendable ([String]) async throws -> JSON] = [
        "measure-retrieval": { arguments in
            var measurement = RetrievalMeasurement(say: say)
            measurement.profiles = number(after: "--profiles", in: arguments) ?? measurement.profiles
            measurement.fts5Queries = number(after: "--fts5-queries", in: arguments) ?? measurement.fts5Queries
            measurement.besidePeers = !arguments.contains("--alone")
            return try await measurement.run()
        },
        "measure-kept": { arguments in
            try KeptMeasurement(
                directory: arguments.first ?? ".", queries: number(after: "--queries", in: arguments) ?? 300, say: say
            ).run()
        },
        "evaluate": { arguments in
            let files = try EvaluationFiles(arguments.filter { !$0.hasPrefix("--") })
            let cut: EvaluationFiles.Cut = arguments.contains("--lines") ? .lines : .titles
            return .array(files.sets(cut).map { $0.report(verbose: arguments.contains("--verbose")) })
        },
        "measure-recommendation": { arguments in
            var measurement = RecommendationMeasurement(say: say)
            measurement.profiles = number(after: "--profiles", in: arguments) ?? measurement.profiles
            return try await measurement.run()
        },
        "measure-assignment": { arguments in
            let python = arguments.contains("--alone") ? nil : "python3"
            return try AssignmentMeasurement(python: python, say: say).run()
        },
        // A certificate of any size is checked without a gateway and without a service.
        "check-certificate": { arguments in
            let files = try arguments.map { try JSON(parsing: Data(contentsOf: URL(filePath: $0))) }
            let verdict = EventAssignments.verdict(files.first ?? .null, schedule: files.dropFirst().first)
            return try JSON.encode(verdict)
        },
    ]

    @Sendable static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

    private static func number(after option: String, in arguments: [String]) -> Int? {
        arguments.firstIndex(of: option).flatMap { $0 + 1 < arguments.count ? Int(arguments[$0 + 1]) : nil }
    }
}
