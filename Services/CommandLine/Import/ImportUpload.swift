import Foundation
import JSON
import ServiceKit

/// Sends the rows of a file. The service says where to go on; a request whose answer does not come is sent again.
struct ImportUpload {
    /// While nothing answers, so long is tried: a restart of gateway or service takes less.
    static let patience = Duration.seconds(60)
    private static let deadline = Duration.seconds(30)

    let line: Line
    let source: ImportSource
    let plan: JSON
    let showsProgress: Bool
    private let bar = ProgressBar()

    init(line: Line, source: ImportSource, plan: JSON, showsProgress: Bool) {
        (self.line, self.source, self.plan, self.showsProgress) = (line, source, plan, showsProgress)
    }

    /// Imports what is not in yet.
    /// - Returns: the import as it is at its end.
    func run(_ report: inout ImportReport) async throws -> JSON {
        var run = try await ask(
            "matching.imports.begin",
            ["name": .string(source.name), "contentHash": .string(source.hash), "plan": plan])
        let id = run["id"] ?? .null
        let wasDone = run["state"] != "open"
        let start = Int(run["position"]?.integer ?? 0)
        report.begins(at: wasDone ? nil : start)
        if !wasDone {
            var batches = try source.batches()
            while true {
                let batch = try batches.next(from: start + 1)
                guard let first = batch.first else { break }
                run = try await ask(
                    "matching.imports.rows",
                    ["id": id, "from": .integer(Int64(first.row)), "rows": .array(batch.map(source.json))])
                show(done: batch[batch.count - 1].row, failed: run["failed"]?.integer ?? 0)
            }
            run = try await ask("matching.imports.finish", ["id": id])
        }
        bar.clear()
        var page: JSON = ["id": id, "limit": 1_000]
        while true {
            let answer = try await ask("matching.imports.errors", page)
            for finding in answer["items"]?.array ?? [] { try report.add(finding) }
            guard let next = answer["next"], next != .null else { break }
            page["after"] = next
        }
        return run
    }

    /// Checks every row as the import would.
    func check(_ report: inout ImportReport) async throws -> JSON {
        var counts: [String: Int64] = ["good": 0, "unchanged": 0, "failed": 0, "blank": 0]
        var batches = try source.batches()
        let start = source.header == nil ? 1 : 2
        if source.rows < start {
            // There is a header all the same.
            _ = try await ask("matching.imports.check", ["plan": plan, "from": 2, "rows": [.null]])
        }
        while true {
            let batch = try batches.next(from: start)
            guard let first = batch.first else { break }
            let answer = try await ask(
                "matching.imports.check",
                ["plan": plan, "from": .integer(Int64(first.row)), "rows": .array(batch.map(source.json))])
            for (name, count) in counts { counts[name] = count + (answer[name]?.integer ?? 0) }
            for finding in answer["findings"]?.array ?? [] { try report.add(finding) }
            show(done: batch[batch.count - 1].row, failed: counts["failed"] ?? 0)
        }
        bar.clear()
        return .object(
            .init(uniqueKeysWithValues: counts.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }))
    }

    private func show(done: Int, failed: Int64) {
        guard showsProgress else { return }
        bar.show([
            "done": .integer(Int64(done)), "total": .integer(Int64(source.rows)),
            "ko": .string(failed > 0 ? "행, 틀린 행 \(failed)" : "행"),
            "en": .string(failed > 0 ? "rows, \(failed) wrong" : "rows"),
        ])
    }

    /// Asks until there is an answer: every one of these requests may be repeated.
    private func ask(_ method: String, _ parameters: JSON) async throws -> JSON {
        var end = ContinuousClock.now + Self.patience
        var pause = Duration.milliseconds(100)
        while true {
            let sent = ContinuousClock.now
            do { return try await line.call(method, parameters, deadline: Self.deadline) } catch let fault as Fault {
                let mayPass = fault.isRetryable || [.workerLost, .deadlineExceeded].contains(fault.code)
                // A deadline that passed was waiting of its own.
                if fault.code == .deadlineExceeded { end = max(end, sent + Self.patience) }
                guard mayPass, ContinuousClock.now < end else { throw Failure(header: fault, source) ?? fault }
                try await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(2))
            }
        }
    }
}
