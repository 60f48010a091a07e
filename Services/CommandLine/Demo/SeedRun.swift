import Daejeon
import JSON
import ServiceKit

/// Makes the calls of a data set in order. Every call has its idempotency key, so a run that was interrupted is simply
/// started again, and a second run changes nothing.
struct SeedRun {
    static let attempts = 5
    static let deadline: Duration = .seconds(10)

    let line: Line
    /// Told after each call.
    var progress: (_ done: Int, _ total: Int, _ alias: String) -> Void = { _, _, _ in }

    /// - Returns: the result of every call by its alias.
    func make(_ calls: [SeedCall]) async throws -> [String: JSON] {
        var results: [String: JSON] = [:]
        for (index, call) in calls.enumerated() {
            let parameters: JSON
            do { parameters = try call.parameters(results: results) } catch {
                throw Failure(
                    .refused,
                    words(
                        "\(call.alias): 앞선 결과에 \(error.reference) 이(가) 없다.",
                        "\(call.alias): no earlier result has \(error.reference)."),
                    next: words("데이터 목록의 순서를 고쳐야 한다.", "The order of the data set needs correcting."))
            }
            results[call.alias] = try await make(call, parameters)
            progress(index + 1, calls.count, call.alias)
        }
        return results
    }

    /// One call; sent again with the same key while the answer is "not now".
    func make(_ call: SeedCall, _ parameters: JSON) async throws -> JSON {
        for attempt in 1... {
            do {
                return try await line.call(
                    call.method, parameters, key: call.idempotencyKey, deadline: SeedRun.deadline)
            } catch let fault as Fault where fault.isRetryable || fault.code == .workerLost {
                guard attempt < SeedRun.attempts else { throw fault }
                try await Task.sleep(for: .milliseconds(100 << attempt))
            } catch let fault as Fault {
                let failure = Failure(fault)
                throw Failure(failure.status, "\(call.alias) · \(call.method): \(failure.wrong)", next: failure.next)
            }
        }
        return .null
    }
}
