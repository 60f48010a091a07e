import ArgumentParser
import Foundation
import JSON
import ServiceKit

/// `ieum restart`: another process for a service, and no failed request: it is drained, ended, and started again by
/// the launcher, while what comes meanwhile waits in line at the gateway.
struct Restart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("실패하는 요청 없이 서비스를 다시 켠다.", "Starts services again without a failed request."),
        discussion: words(
            "하나씩 차례로: 비우고, 끝내고, 런처가 다시 켠다. 그동안 온 요청은 게이트웨이에서 기다린다.",
            "One after the other: drained, ended, started again by the launcher. What comes meanwhile waits at the gateway."
        ))

    @Argument(help: .init(words("서비스 이름들.", "The services.")))
    var services: [String] = []

    @Flag(help: .init(words("모든 서비스.", "Every service.")))
    var all = false

    @Option(help: .init(words("하나에 기다릴 시간.", "How long one may take.")))
    var patience = "30s"

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    private struct Done: Encodable { let service: String; let pid: Int32; let milliseconds: Int }

    func run() async throws {
        let directories = Directories.own
        let patience = try Duration(patience, of: "--patience")
        let members =
            try all
            ? Roster.standard.services + [Roster.standard.gateway] : services.map { try Roster.standard.member($0) }
        guard !members.isEmpty else {
            throw Failure(
                .usage, words("어느 서비스인지 없다.", "Which services?"),
                next: words("이름을 주거나 --all 을 쓴다.", "Name them, or use --all."))
        }
        guard LaunchRecord.live(directories) != nil else {
            throw Failure(
                .unhealthy, words("런처가 없다: \(directories.run)", "No launcher runs in \(directories.run)"),
                next: words(
                    "컨테이너라면 ieum drain 뒤에 그 컨테이너를 다시 켠다.",
                    "In containers, use ieum drain SERVICE --wait 30s and restart the container."))
        }
        var done: [Done] = []
        for member in members {
            let begun = ContinuousClock.now
            let pid = try await Restart.restart(member, directories, patience)
            let spent = Int((ContinuousClock.now - begun) / .milliseconds(1))
            done.append(Done(service: member.name, pid: pid, milliseconds: spent))
            if !json {
                Terminal.line(
                    words(
                        "\(member.name): \(spent) ms 만에 다시 켰다 (pid \(pid)).",
                        "\(member.name): again in \(spent) ms (pid \(pid))."))
            }
        }
        if json { try Terminal.json(done) }
    }

    /// - Returns: the new process, when it answers.
    private static func restart(
        _ member: Roster.Member, _ directories: Directories, _ patience: Duration
    ) async throws -> Int32 {
        let end = ContinuousClock.now + patience
        return try await Line.open(directories) { line in
            let former = process(member, directories)
            if member == Roster.standard.gateway {
                // Says why when it cannot.
                _ = try await line.call("gateway.handOver", ["prepare": true])
                if let launcher = LaunchRecord.live(directories)?.pid { kill(launcher, SIGUSR2) }
                return try await untilAnswers(member, former, directories, end)
            }
            let which: JSON = [
                "service": .string(member.name), "waitMs": .integer(Int64(patience / .milliseconds(1))),
            ]
            do {
                _ = try await Drain.untilIdle(which, line, patience)
                if let former { kill(former, SIGTERM) }
            } catch let fault as Fault where fault.code == .notFound {
                // Nobody serves it: the launcher is already at it, or it hangs.
                if let former { kill(former, SIGTERM) }
            }
            return try await untilAnswers(member, former, directories, end)
        }
    }

    private static func untilAnswers(
        _ member: Roster.Member, _ former: Int32?, _ directories: Directories, _ end: ContinuousClock.Instant
    ) async throws -> Int32 {
        // A connection of its own: one that was there before is the former gateway's.
        let line = try Line(directories)
        defer { line.close() }
        while ContinuousClock.now < end {
            if let pid = process(member, directories), pid != former,
                let stats = try? await line.call("service.stats", service: member.name),
                stats.at("/process/pid")?.integer.map({ $0 == Int64(pid) }) ?? true
            {
                return pid
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Failure(
            .timedOut, words("\(member.name): 제때 돌아오지 않았다.", "\(member.name) did not come back in time."),
            next: words(
                "ieum logs \(member.name) 와 ieum status 를 본다.", "See ieum logs \(member.name) and ieum status."))
    }

    private static func process(_ member: Roster.Member, _ directories: Directories) -> Int32? {
        LaunchRecord.live(directories)?.processes.first { $0.name == member.name }?.pid
    }
}
