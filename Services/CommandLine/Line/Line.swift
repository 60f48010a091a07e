import Foundation
import JSON

/// One connection to the gateway of a set.
final class Line: Sendable {
    /// What came instead of a result.
    struct Refusal: Error, Sendable {
        let code: Int64
        let message: String
        let data: JSON?
    }

    init(_ directories: Directories) throws(Failure) {
        try directories.checkPathLength()
    }

    /// Sends one request and waits for its answer.
    func call(
        _ method: String, _ params: JSON = [:], service: String? = nil, key: String? = nil,
        deadline: Duration = .seconds(5)
    ) async throws -> JSON {
        throw Refusal(code: -32008, message: "", data: nil)
    }

    func close() {}

    /// Runs `body` with a probe that asks services for `service.ping`.
    static func probing<R>(
        _ directories: Directories, _ body: (@escaping Launcher.Probe) async throws -> R
    ) async throws -> R {
        let line = try Line(directories)
        defer { line.close() }
        return try await body { service in
            (try? await line.call("service.ping", service: service, deadline: .milliseconds(300))) != nil
        }
    }
}
