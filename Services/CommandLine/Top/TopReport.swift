import Foundation

/// What happened between two readings, service by service; the JSON form is this value.
struct TopReport: Encodable, Sendable {
    struct Row: Encodable, Sendable, Equatable {
        let service: String
        let workers, waiting, inFlight: Int64
        let awaited: Bool
        let requestsPerSecond, errorsPerSecond: Double
        /// The method that was called most in between, with its times since its service's start.
        let busiest: String?
        let p50Us, p99Us: Int64?
        let residentBytes: Int64?
        /// Of one core.
        let cpuPercent: Double?
    }

    let connections, subscriptions: Int64
    let refusedPerSecond: Double
    let services: [Row]

    init(from before: TopReading, to now: TopReading) {
        let seconds = max(0.001, (now.at - before.at) / .seconds(1))
        func rate(_ new: Int64, _ old: Int64?) -> Double { Double(max(0, new - (old ?? new))) / seconds }
        connections = now.connections
        subscriptions = now.subscriptions
        refusedPerSecond = rate(now.refused, before.refused)
        services = now.services.sorted { $0.key < $1.key }.map { name, service in
            let old = before.services[name]
            // Another process counts from zero.
            let same = old?.instance == service.instance ? old : nil
            let busiest = service.methods
                .map { (name: $0.key, calls: $0.value.count - (same?.methods[$0.key]?.count ?? 0), method: $0.value) }
                .filter { same != nil && $0.calls > 0 && $0.name != "service.stats" }
                .max { ($0.calls, $1.name) < ($1.calls, $0.name) }
            return Row(
                service: name, workers: service.workers, waiting: service.waiting, inFlight: service.inFlight,
                awaited: service.awaited, requestsPerSecond: rate(service.requests, old?.requests),
                errorsPerSecond: rate(service.faults, old?.faults) + rate(service.errors, same?.errors),
                busiest: busiest?.name, p50Us: busiest?.method.p50, p99Us: busiest?.method.p99,
                residentBytes: service.residentBytes,
                cpuPercent: service.cpuMs.map { rate($0, same?.cpuMs) / 10 })
        }
    }

    var text: String {
        var table = Table([
            words("서비스", "SERVICE"), words("워커", "WORKERS"), words("대기", "WAITING"), words("처리 중", "IN FLIGHT"),
            words("요청/초", "REQ/S"), words("오류/초", "ERR/S"), "P50", "P99", words("메모리", "MEMORY"), "CPU",
            words("가장 바쁜 메서드", "BUSIEST METHOD"),
        ])
        for row in services {
            let workers = row.awaited ? words("곧 옴", "awaited") : String(row.workers)
            table.row([
                row.service, row.workers == 0 && !row.awaited ? Terminal.bad(workers) : workers,
                row.waiting > 0 ? Terminal.strong(String(row.waiting)) : "0", String(row.inFlight),
                Self.short(row.requestsPerSecond),
                row.errorsPerSecond > 0 ? Terminal.bad(Self.short(row.errorsPerSecond)) : "0",
                Self.time(row.p50Us), Self.time(row.p99Us),
                row.residentBytes.map { "\($0 >> 20) MiB" } ?? "-",
                row.cpuPercent.map { "\(Self.short($0)) %" } ?? "-", row.busiest ?? "",
            ])
        }
        let head = words(
            "연결 \(connections), 구독 \(subscriptions), 거절 \(Self.short(refusedPerSecond))/초",
            "connections \(connections), subscriptions \(subscriptions), refused \(Self.short(refusedPerSecond))/s")
        return head + "\n\n" + table.text
    }

    private static func short(_ number: Double) -> String {
        number >= 10 || number == number.rounded()
            ? String(Int(number.rounded())) : String((number * 10).rounded() / 10)
    }

    private static func time(_ microseconds: Int64?) -> String {
        guard let microseconds else { return "-" }
        return microseconds < 10_000 ? "\(microseconds) µs" : "\(microseconds / 1000) ms"
    }
}
