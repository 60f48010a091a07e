import ArgumentParser
import Foundation
import JSON
import ServiceKit
import Vocabulary

/// `ieum status`: who runs, who answers, and how much they did.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("서비스마다 상태를 보인다.", "Shows the state of every service."),
        discussion: words("모든 서비스가 답할 때만 0으로 끝난다.", "Ends with 0 only when every service answers."))

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {
        let healthy = try await Status.show(Directories(), json: json)
        if !healthy { throw Finished(status: .unhealthy) }
    }

    /// Prints the table or the JSON form.
    /// - Returns: whether every service answered.
    @discardableResult
    static func show(_ directories: Directories, json: Bool) async throws -> Bool {
        let report = await StatusReport.of(directories)
        if json {
            try Terminal.json(report)
            return report.healthy
        }
        Terminal.line(report.table)
        if !report.healthy { Terminal.line(Terminal.bad("→ ") + report.advice) }
        return report.healthy
    }
}

/// What `ieum status` shows; the JSON form is this value.
struct StatusReport: Encodable, Sendable {
    struct Service: Encodable, Sendable {
        let name: String
        /// Whether it answered `service.ping` just now.
        var answers = false
        /// The policy does not let this user ask; whether it answers is not known.
        var forbidden = false
        var pid: Int64?
        var uptimeSeconds: Int?
        var version: String?
        var restarts = 0
        var requests: Int64?
        var errors: Int64?
        var lastEnd: String?
    }

    let healthy: Bool
    let run: String
    let data: String
    /// The launcher's process, when one lives; services may run without it (containers).
    let launcher: Int32?
    /// Why the gateway lets nobody in, when it does not.
    let refusal: String?
    let services: [Service]

    static func of(_ directories: Directories, roster: Roster = .standard) async -> StatusReport {
        let record = LaunchRecord.live(directories)
        let isReachable = Line.isReachable(directories)
        let line = isReachable ? try? Line(directories) : nil
        defer { line?.close() }
        let services = await withTaskGroup(of: Service.self) { group in
            for member in roster.members {
                group.addTask { await inquire(member.name, line, record) }
            }
            return await group.reduce(into: [String: Service]()) { $0[$1.name] = $1 }
        }
        let ordered = roster.members.compactMap { services[$0.name] }
        return StatusReport(
            healthy: ordered.allSatisfy(\.answers), run: directories.run, data: directories.data,
            launcher: record?.pid, refusal: line?.refusal, services: ordered)
    }

    private static func inquire(_ name: String, _ line: Line?, _ record: LaunchRecord?) async -> Service {
        var service = Service(name: name)
        if let process = record?.processes.first(where: { $0.name == name }) {
            service.pid = process.pid.map(Int64.init)
            service.restarts = process.restarts
            service.lastEnd = process.lastEnd
            service.uptimeSeconds = process.startedAt.map { max(0, Int(Date().timeIntervalSince($0))) }
        }
        let patience: Duration = .milliseconds(1500)
        guard let line else { return service }
        do {
            _ = try await line.call("service.ping", service: name, deadline: patience)
            service.answers = true
        } catch {
            service.forbidden = (error as? Fault)?.code == .forbidden
            return service
        }
        if let stats = try? await line.call("service.stats", service: name, deadline: patience) {
            service.version = stats["version"]?.string
            service.requests = stats["requests"]?.integer
            service.errors = stats["errors"]?.integer
            if let begun = stats["startedAt"]?.string.flatMap(Instant.init) {
                service.uptimeSeconds = Int((Instant.now().milliseconds - begun.milliseconds) / 1000)
            }
        }
        return service
    }

    var table: String {
        var table = Table([
            words("서비스", "SERVICE"), words("상태", "STATE"), "PID", words("가동", "UPTIME"), words("버전", "VERSION"),
            words("재시작", "RESTARTS"), words("요청", "REQUESTS"), words("오류", "ERRORS"),
        ])
        for service in services {
            let state =
                if service.answers {
                    Terminal.good(words("응답", "answers"))
                } else if service.forbidden {
                    words("권한 없음", "not permitted")
                } else {
                    Terminal.bad(words("응답 없음", "silent"))
                }
            table.row([
                service.name, state, service.pid.map(String.init) ?? "-",
                service.uptimeSeconds.map(shortSpan(seconds:)) ?? "-", service.version ?? "-",
                String(service.restarts), service.requests.map(String.init) ?? "-",
                service.errors.map(String.init) ?? "-",
            ])
        }
        return table.text
    }

    /// What to do when not everything answers.
    var advice: String {
        if let refusal { return refusal }
        let silent = services.filter { !$0.answers && !$0.forbidden }.map(\.name)
        if silent.isEmpty {
            return words(
                "service.ping 을 부를 권한이 없는 서비스가 있다. 정책: ieum policy check",
                "Some may not be asked for service.ping by this user: ieum policy check")
        }
        if launcher == nil, silent.count == services.count {
            return words("아무것도 돌지 않는다 (\(run)). 켜려면: ieum up", "Nothing runs in \(run). Start it: ieum up")
        }
        let first = silent.first ?? "gateway"
        return words(
            "답이 없다: \(silent.joined(separator: ", ")). 이유는 ieum logs \(first)",
            "Silent: \(silent.joined(separator: ", ")). The reason may stand in ieum logs \(first)")
    }
}
