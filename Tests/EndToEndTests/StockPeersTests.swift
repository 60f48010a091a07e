import Foundation
import Testing

/// Strangers' clients and workers, in C and Python, of both versions, as the guide teaches them (`Stock`): each client
/// against each worker, started together, so that the first request waits for its worker.
@Suite(.timeLimit(.minutes(5))) struct StockPeersTests {
    @Test func everyClientReachesEveryWorker() async throws {
        try await RunningSet.with { set in
            let endpoint = "ipc://\(set.run)/gateway.sock"
            let stock = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Stock")
            let python = try RunningSet.python()
            let script = stock.appending(path: "stock.py").path
            let binary = set.folder + "/stock"
            let compiled = try await set.execute(
                "/usr/bin/cc", [stock.appending(path: "stock.c").path, "-O1", "-Wall", "-o", binary, "-lzmq"])
            #expect(compiled.status == 0 && compiled.output == "", "\(compiled.output)")

            let peers: [(name: String, program: String, arguments: @Sendable (String) -> [String])] = [
                ("c01", binary, { [$0] }), ("py01", python, { [script, $0, "0.1"] }),
                ("py02", python, { [script, $0, "0.2"] }),
            ]
            for worker in peers {
                for client in peers {
                    let service = "\(worker.name)-for-\(client.name)"
                    let working = Task {
                        try await set.execute(worker.program, worker.arguments("worker") + [endpoint, service, "5"])
                    }
                    let asked = try await set.execute(
                        client.program, client.arguments("client") + [endpoint, service, "5"])
                    // A 0.2 worker says PARTIAL first; 0.1 knows no such thing.
                    let partial = worker.name == "py02" && client.name == "py02" ? "wait " : ""
                    let expected = (0..<5).map { "\(partial)HELLO \($0)\n" }.joined()
                    #expect(asked.status == 0 && asked.output == expected, "\(service): \(asked.output)")
                    let worked = try await working.value
                    #expect(worked.status == 0, "\(service): \(worked.output)")
                }
            }
        }
    }
}
