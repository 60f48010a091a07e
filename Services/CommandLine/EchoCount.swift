import JSON
import Majordomo
import ServiceKit
import Synchronization
import ZeroMQ

/// `echo.count {"to": N, "everyMs": M}`: counts slowly, to try progress, streams and cancellation against. Callers that
/// take PARTIALs get each number when its time has come; the result has the rest of them.
final class EchoCount: Sendable {
    /// False when it cannot be taken at the moment.
    typealias Reply = @Sendable (_ body: [UInt8], _ isFinal: Bool) -> Bool

    private let running = Mutex<[String: Task<Void, Never>]>([:])

    /// False when the request is for the plain echo.
    func takes(_ body: Multipart, _ reply: @escaping Reply) -> Bool {
        guard body.count > 1, body.frame(0, contains: ".count\"") || body.frame(0, contains: "$/cancelRequest"),
            let headers = try? JSON(parsing: body[1]), let request = try? JSON(parsing: body[0])
        else { return false }
        if let cancelled = headers["cancels"]?.string {
            running.withLock { $0[cancelled] }?.cancel()
            return true
        }
        guard request["method"]?.string?.hasSuffix(".count") == true, let id = request["id"],
            let name = headers["requestId"]?.string, let end = request.at("/params/to")?.integer
        else { return false }
        let pause = Duration.milliseconds(request.at("/params/everyMs")?.integer ?? 0)
        let takesPartials = headers["partials"] == true
        running.withLock { tasks in
            tasks[name] = Task { [self] in
                let response = await count(to: end, every: pause, id, takesPartials, reply)
                running.withLock { _ = $0.removeValue(forKey: name) }
                // In a task of its own: in one that was cancelled nothing sleeps.
                Task { while !reply(response.bytes, true) { try? await Task.sleep(for: .milliseconds(2)) } }
            }
        }
        return true
    }

    private func count(
        to end: Int64, every pause: Duration, _ id: JSON, _ takesPartials: Bool, _ reply: Reply
    ) async -> JSON {
        var rest: [JSON] = []
        for number in stride(from: Int64(1), through: end, by: 1) {
            if Task.isCancelled { break }
            if pause > .zero { try? await Task.sleep(for: pause) }
            rest.append(.integer(number))
            guard takesPartials else { continue }
            let progress: JSON = [
                "done": .integer(number), "total": .integer(end), "ko": "센다", "en": "counting",
            ]
            for value in [["items": .array(rest)], progress] as [JSON] {
                let notification: JSON = [
                    "jsonrpc": "2.0", "method": "$/progress", "params": ["token": id, "value": value],
                ]
                while !Task.isCancelled, !reply(notification.bytes, false) {
                    try? await Task.sleep(for: .milliseconds(2))
                }
            }
            rest = []
        }
        guard !Task.isCancelled else {
            return ["jsonrpc": "2.0", "id": id, "error": Fault(.cancelled, data: ["started": true]).json]
        }
        return ["jsonrpc": "2.0", "id": id, "result": ["items": .array(rest)]]
    }
}
