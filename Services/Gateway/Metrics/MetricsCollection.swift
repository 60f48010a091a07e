import JSON
import ServiceKit
import Synchronization

/// Gathers the page: the gateway's own counts and `service.stats` of every service that answers, kept for a moment so
/// that many who ask cost no more than one.
actor MetricsCollection {
    private static let keptFor = Duration.seconds(2)
    private static let patience = Duration.seconds(1)

    private let client: Client
    private let snapshot: @Sendable () async -> RouterSnapshot?
    private var page: (text: Task<String, Never>, at: ContinuousClock.Instant)?

    /// - Parameter client: a connection to this very gateway: its services are asked as anybody asks them.
    init(_ client: Client, snapshot: @escaping @Sendable () async -> RouterSnapshot?) {
        self.client = client
        self.snapshot = snapshot
    }

    var text: String {
        get async {
            let now = ContinuousClock.now
            if let page, now - page.at < Self.keptFor { return await page.text.value }
            let text = Task { await gather() }
            page = (text, now)
            return await text.value
        }
    }

    private func gather() async -> String {
        guard let router = await snapshot() else { return "" }
        let names = Set(router.broker.workers.filter { $0.instance != "" }.map(\.service))
        let client = client
        let answers = await withTaskGroup(of: JSON?.self) { group in
            for name in names {
                group.addTask { try? await client.call("service.stats", service: name, deadline: Self.patience) }
            }
            return await group.reduce(into: [JSON]()) { if let answer = $1 { $0.append(answer) } }
        }
        // Whoever is no service of ours may answer what it likes.
        let services = answers.filter { names.contains($0["name"]?.string ?? "") && $0["methods"]?.array != nil }
        return Metrics.text(router, services: services.sorted { $0["name"]?.string ?? "" < $1["name"]?.string ?? "" })
    }
}
