import ArgumentParser
import Foundation
import ServiceKit
import Storage
import Vocabulary

/// `ieum restore DIR`: puts the copies of a backup in place of the data directory's databases. What stood there is moved
/// aside, never deleted.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("백업을 데이터 폴더에 되돌린다.", "Puts a backup into the data directory."),
        discussion: words(
            "아무것도 돌지 않을 때만 한다. 지금 있는 데이터는 지우지 않고 옆으로 옮긴다.",
            "Only while nothing runs. What is there now is moved aside, not deleted."))

    @Argument(help: .init(words("ieum backup 이 만든 폴더.", "A directory that ieum backup made.")))
    var directory: String

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    private struct Report: Encodable {
        let data: String
        /// When the backup was made; what came later is not in it.
        let from: String
        /// Where the data that stood there is now; nil when there were none.
        let movedAside: String?
        let keyPresent: Bool
        let services: [String]
    }

    func run() async throws {
        let directories = Directories()
        let source = URL(fileURLWithPath: directory).standardizedFileURL.path
        let manifest = try BackupManifest.read(in: source)
        try directories.prepare()
        guard let lock = try Lock(path: directories.locks[1]) else { throw Restore.running(directories.data) }
        defer { lock.release() }
        try refuseIfOpen(directories, manifest)
        try manifest.verify(in: source) { copy in
            if !json { Terminal.line("\(Terminal.good("✓")) \(copy.file)  \(Backup.size(copy.bytes))") }
        }
        try checkVersion(manifest)
        let report: Report
        do { report = try replace(directories, source, manifest) } catch {
            for copy in manifest.copies {
                try? FileManager.default.removeItem(atPath: "\(directories.data)/\(copy.file).restored")
            }
            throw Failure(
                .unhealthy,
                words("되돌리다 멈췄다: \(error.localizedDescription)", "The restore stopped: \(error.localizedDescription)"),
                next: words(
                    "자리와 권한을 확인하고 다시 한다 (ieum doctor). 전의 데이터는 \(directories.data)/before-restore-… 에 있다.",
                    "Check space and permissions (ieum doctor) and restore again; the earlier data are in "
                        + "\(directories.data)/before-restore-…"))
        }
        if json { try Terminal.json(report) } else { say(report, directories) }
    }

    private static func running(_ data: String) -> Failure {
        Failure(
            .unhealthy, words("이 데이터로 지금 돌고 있다: \(data)", "A set runs on this data directory: \(data)"),
            next: words("먼저 끝낸다: ieum down", "Stop it first: ieum down"))
    }

    /// Services that no launcher started (containers) hold no lock of ours, but their databases.
    private func refuseIfOpen(_ directories: Directories, _ manifest: BackupManifest) throws {
        for copy in manifest.copies where !copy.file.contains("/") {
            let isInUse = (try? DatabaseCopy(path: "\(directories.data)/\(copy.file)").isInUse()) ?? false
            if isInUse { throw Restore.running(directories.data) }
        }
    }

    private func checkVersion(_ manifest: BackupManifest) throws(Failure) {
        guard manifest.version.compare(ServiceDefinition.version, options: .numeric) == .orderedDescending else {
            return
        }
        throw Failure(
            .unhealthy,
            words(
                "더 새로운 판(\(manifest.version))의 백업이다. 이 ieum 은 \(ServiceDefinition.version) 이다.",
                "This backup is of a newer version (\(manifest.version)); this ieum is \(ServiceDefinition.version)."),
            next: words("그 판이나 더 새로운 판으로 되돌린다.", "Restore it with that version or a newer one."))
    }

    private func replace(_ directories: Directories, _ source: String, _ manifest: BackupManifest) throws -> Report {
        let files = FileManager.default
        let key = directories.talentKeyFile
        // Room for all of it is taken before anything is moved.
        for copy in manifest.copies {
            try PrivateFile.copy("\(source)/\(copy.file)", to: "\(directories.data)/\(copy.file).restored")
        }
        // Until it is gone the data are of two times: `ieum up` refuses them.
        let mark = directories.unfinishedRestore
        try PrivateFile.write(Data(source.utf8), to: mark)
        let stamp = Instant.now().description.filter { $0 != ":" && $0 != "." }
        let aside = "\(directories.data)/before-restore-\(stamp)"
        var moved = false
        for copy in manifest.copies {
            let path = "\(directories.data)/\(copy.file)"
            // Made from the data that go away; the service makes it anew.
            let index = "\(directories.data)/\(Configuration.indexDirectory(of: copy.service))"
            if files.fileExists(atPath: index) { try files.removeItem(atPath: index) }
            for suffix in ["", "-wal", "-shm", "-journal"] where files.fileExists(atPath: path + suffix) {
                try files.createDirectory(
                    atPath: aside, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try files.moveItem(atPath: path + suffix, toPath: "\(aside)/\(copy.file)\(suffix)")
                moved = true
            }
            try files.moveItem(atPath: path + ".restored", toPath: path)
        }
        if manifest.withKeys, !files.fileExists(atPath: key) {
            try PrivateFile.copy("\(source)/\(BackupManifest.keyFile)", to: key)
        }
        try files.removeItem(atPath: mark)
        return Report(
            data: directories.data, from: manifest.startedAt.description, movedAside: moved ? aside : nil,
            keyPresent: files.fileExists(atPath: key), services: manifest.copies.map(\.service))
    }

    private func say(_ report: Report, _ directories: Directories) {
        Terminal.line(
            words(
                "되돌렸다: \(report.data) 은(는) 이제 \(report.from) 의 상태다.",
                "Restored: \(report.data) is now as it was at \(report.from)."))
        if let aside = report.movedAside {
            Terminal.line(
                words("전의 데이터: \(aside) (확인한 뒤 지운다)", "The data before: \(aside) (delete them when all is well)"))
        }
        let key = directories.talentKeyFile
        Terminal.line(
            report.keyPresent
                ? words(
                    "→ 개인정보의 열쇠 \(key) 이(가) 그때의 것인지 확인한다. 다른 열쇠로는 열리지 않는다.",
                    "→ Make sure that \(key) is the key of that time; no other opens the personal data.")
                : Terminal.bad(
                    words(
                        "→ 개인정보의 열쇠가 없다. 켜기 전에 그때의 열쇠 파일을 \(key) 에 둔다 (chmod 600).",
                        "→ The key of the personal data is missing. Before you start, put the key file of that time at "
                            + "\(key) (chmod 600).")))
        Terminal.line(
            words(
                "→ 켠다: ieum up. 그 뒤 ieum flow list 로 끝나지 않은 거래를 본다. 그때 뒤에 파기한 사람은 다시 파기한다.",
                "→ Start: ieum up. Then look at ieum flow list for what was unfinished, and erase again whoever was "
                    + "erased since."))
    }
}
