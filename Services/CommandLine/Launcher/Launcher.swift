import Foundation
import ServiceKit
import Subprocess

/// Starts the executables of one set, keeps them running, and stops them in order.
///
/// All are started at once. One that ends is started again after `Backoff`; `stop` ends the services first and the
/// gateway last, each within `patience`, after which it is killed.
actor Launcher {
    /// Whether the service of that name answers `service.ping` now.
    typealias Probe = @Sendable (_ service: String) async -> Bool

    static let patience: Duration = .seconds(8)
    static let readinessLimit: Duration = .seconds(15)
    static let probeInterval: Duration = .milliseconds(15)

    private let roster: Roster
    private let directories: Directories
    private let binaries: String
    private var record: LaunchRecord
    private var running: [String: Child.Handle] = [:]
    private var supervisions: [String: Task<Void, Never>] = [:]
    /// Of every run, by its number.
    private var pids: [Int: Int32] = [:]
    private var runs = 0
    /// Gateways that handed over and still pass on what their clients send; by themselves they end.
    private var formers: [Int32: (handle: Child.Handle, supervision: Task<Void, Never>?)] = [:]
    private var isStopping = false
    private var locks: [Lock] = []
    private var diary: LogFile
    /// What the launcher before this one left written, if it was killed.
    private let earlier: LaunchRecord?

    /// Takes the locks of both directories.
    /// - Parameter binaries: the directory that holds the executables.
    init(roster: Roster, directories: Directories, binaries: String) async throws {
        (self.roster, self.directories, self.binaries) = (roster, directories, binaries)
        try directories.prepare()
        for path in directories.locks { locks.append(try await Launcher.take(path)) }
        try directories.refuseUnfinishedRestore()
        record = LaunchRecord(
            pid: getpid(), version: ServiceDefinition.version, startedAt: Date(), data: directories.data,
            processes: roster.members.map { LaunchRecord.Process(name: $0.name) })
        diary = LogFile(path: directories.log(of: "launcher"))
        earlier = LaunchRecord.read(directories)
        record.write(directories)
    }

    var snapshot: LaunchRecord { record }

    /// A probe of `ieum status` holds the lock for a moment: try a few times.
    private static func take(_ path: String) async throws -> Lock {
        for _ in 0..<10 {
            if let lock = try Lock(path: path) { return lock }
            try await Task.sleep(for: .milliseconds(20))
        }
        let folder = (path as NSString).deletingLastPathComponent
        throw Failure(
            .unhealthy, words("이미 실행 중이다: \(folder)", "Already running in \(folder)"),
            next: words(
                "상태는 ieum status, 끝내려면 ieum down. 한 벌 더 띄우려면 IEUM_RUN 과 IEUM_DATA 를 다르게 준다.",
                "See ieum status, or end it with ieum down. For a second set give it its own IEUM_RUN and IEUM_DATA."))
    }

    /// Starts everything; returns at once.
    func start() async {
        await Orphans.end(of: earlier, roster: roster) { diary.append(line: $0) }
        note("start \(roster.members.map(\.name).joined(separator: " "))")
        for member in roster.members {
            supervisions[member.name] = Task { await self.supervise(member) }
        }
    }

    /// Waits until every service answered, asking all of them at once.
    /// - Returns: the names that have not answered when the limit passed; empty when all did.
    func waitUntilReady(limit: Duration = Launcher.readinessLimit, probe: @escaping Probe) async -> [String] {
        let silent = await withTaskGroup(of: String?.self) { group in
            for member in roster.members {
                group.addTask {
                    let deadline = ContinuousClock.now + limit
                    while ContinuousClock.now < deadline, !Task.isCancelled {
                        if await probe(member.name) {
                            await self.answered(member.name)
                            return nil
                        }
                        try? await Task.sleep(for: Launcher.probeInterval)
                    }
                    return member.name
                }
            }
            var silent: [String] = []
            for await name in group { if let name { silent.append(name) } }
            return silent
        }
        if silent.isEmpty {
            record.isReady = true
            publish()
            note("ready")
        }
        return roster.members.map(\.name).filter(silent.contains)
    }

    /// Ends every process and gives the locks back. Safe to call twice.
    func stop() async {
        isStopping = true
        note("stop")
        await end(roster.services)
        await end([roster.gateway])
        for former in formers.values {
            try? former.handle.send(signal: .terminate)
            await former.supervision?.value
        }
        try? FileManager.default.removeItem(atPath: directories.record)
        for lock in locks { lock.release() }
        locks = []
    }

    /// Starts another gateway, which takes the place of the one that runs (RouterHandover); that one ends by itself.
    func succeedGateway() {
        let name = roster.gateway.name
        guard !isStopping, let handle = running[name] else { return }
        note("another gateway takes over from \(handle.processIdentifier.value)")
        formers[handle.processIdentifier.value] = (handle, supervisions[name])
        supervisions[name] = Task { await self.supervise(roster.gateway) }
    }

    private func end(_ members: [Roster.Member]) async {
        for member in members {
            update(member.name) { $0.phase = .stopping }
            if let handle = running[member.name] { try? handle.send(signal: .terminate) }
            supervisions[member.name]?.cancel()
        }
        let killer = Task {
            try await Task.sleep(for: Launcher.patience)
            for member in members { self.kill(member.name) }
        }
        for member in members { await supervisions[member.name]?.value }
        killer.cancel()
    }

    private func kill(_ name: String) {
        guard let handle = running[name] else { return }
        note("\(name) did not stop in time: killed")
        try? handle.send(signal: .kill)
    }

    // MARK: Supervision

    private func supervise(_ member: Roster.Member) async {
        var backoff = Backoff()
        while !isStopping {
            let begun = ContinuousClock.now
            runs += 1
            let run = runs
            let end = await runOnce(member, run)
            if let pid = pids.removeValue(forKey: run), formers.removeValue(forKey: pid) != nil {
                note("the former \(member.name) \(pid) ended (\(end))")
                return
            }
            running[member.name] = nil
            update(member.name) { ($0.pid, $0.lastEnd) = (nil, end) }
            if isStopping { break }
            let wait = backoff.wait(after: ContinuousClock.now - begun, chance: .random(in: 0..<1))
            note("\(member.name) ended (\(end)); again in \(wait) ms")
            update(member.name) {
                $0.phase = .waiting
                $0.restarts += 1
            }
            try? await Task.sleep(for: .milliseconds(wait))
        }
        update(member.name) { $0.phase = .stopped }
    }

    private func runOnce(_ member: Roster.Member, _ number: Int) async -> String {
        var log = LogFile(path: directories.log(of: member.name))
        // Its services belong to its own gateway, whichever the launcher's user asks otherwise.
        var environment = ["IEUM_RUN": directories.run, "IEUM_DATA": directories.data, "IEUM_GATEWAY": ""]
        if member == roster.gateway, !formers.isEmpty { environment["IEUM_SUCCEED"] = "1" }
        // A cancelled task would tear the child down at once; stopping is `end`'s business.
        let run = Task.detached { [binaries, environment] in
            try await Child.run(member.executable, in: binaries, environment: environment, log: &log) { handle in
                await self.began(member.name, number, handle)
            }
        }
        do { return try await run.value.inWords } catch { return "\(error)" }
    }

    private func began(_ name: String, _ number: Int, _ handle: Child.Handle) {
        pids[number] = handle.processIdentifier.value
        running[name] = handle
        update(name) {
            // On a busy machine it may have answered before this is written down.
            if $0.phase != .ready { $0.phase = $0.restarts > 0 ? .ready : .starting }
            ($0.pid, $0.startedAt) = (handle.processIdentifier.value, Date())
        }
        if isStopping { try? handle.send(signal: .terminate) }
    }

    private func answered(_ name: String) { update(name) { $0.phase = .ready } }

    private func update(_ name: String, _ change: (inout LaunchRecord.Process) -> Void) {
        guard let index = record.processes.firstIndex(where: { $0.name == name }) else { return }
        change(&record.processes[index])
        publish()
    }

    private func publish() { record.write(directories) }

    private func note(_ text: String) {
        diary.append(line: "\(Date().formatted(.iso8601)) \(text)")
    }
}
