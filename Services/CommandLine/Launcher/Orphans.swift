import Foundation

/// Processes that a launcher left behind when it was killed and that did not notice. They end by themselves; the
/// next launcher only makes sure, because two processes must not open one database.
enum Orphans {
    static let patience: Duration = .seconds(5)

    /// Ends the processes of `record` that still run one of the roster's executables.
    static func end(of record: LaunchRecord?, roster: Roster, note: (String) -> Void) async {
        let orphans = (record?.processes ?? []).compactMap { process -> Int32? in
            guard let pid = process.pid, let member = roster.members.first(where: { $0.name == process.name }),
                isAlive(pid, running: member.executable)
            else { return nil }
            return pid
        }
        guard !orphans.isEmpty else { return }
        note("ends what an earlier launcher left: \(orphans.map(String.init).joined(separator: " "))")
        for pid in orphans { kill(pid, SIGTERM) }
        let deadline = ContinuousClock.now + patience
        while orphans.contains(where: { kill($0, 0) == 0 }), ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
        }
        for pid in orphans where kill(pid, 0) == 0 { kill(pid, SIGKILL) }
    }

    /// A number may have gone to another process: compare the command.
    private static func isAlive(_ pid: Int32, running executable: String) -> Bool {
        guard kill(pid, 0) == 0 else { return false }
        guard let command = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
        return String(decoding: command, as: UTF8.self).contains(executable)
    }
}
