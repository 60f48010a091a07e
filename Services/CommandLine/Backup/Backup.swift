import ArgumentParser
import Foundation
import JSON
import ServiceKit
import Vocabulary

/// `ieum backup DIR`: every service copies its database while it works.
///
/// The gateway is copied first: a restored flow then never knows of a hold that its service does not have, and what it
/// asks again is answered by the idempotency keys of the services, which are copied after it.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("돌아가는 동안 모든 데이터베이스를 복사한다.", "Copies all databases while everything runs."),
        discussion: words(
            """
            시작 전에 응답받은 것은 모두 복사본에 들어간다. 개인정보의 열쇠(talent.key)는 넣지 않는다:
            복사본과 열쇠를 한곳에 두면 암호화한 뜻이 없다. 열쇠는 따로 한 번 백업한다. 함께 넣으려면 --with-keys.
            """,
            """
            Everything that was acknowledged before the start is in the copies. The key of the personal data
            (talent.key) is not: copies and key in one place make the encryption pointless. Back the key up once,
            elsewhere. --with-keys puts it in all the same.
            """))

    static let deadline = Duration.seconds(600)
    static let patience = Duration.seconds(10)

    @Argument(help: .init(words("새 폴더나 빈 폴더.", "A new or an empty directory.")))
    var directory: String

    @Flag(help: .init(words("개인정보의 열쇠도 넣는다.", "Put the key of the personal data in as well.")))
    var withKeys = false

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {
        let directories = Directories()
        let target = URL(fileURLWithPath: directory).standardizedFileURL.path
        let key = withKeys ? try Backup.keyFile(directories) : nil
        try await Line.open(directories) { line in
            try Backup.prepare(target)
            do {
                let manifest = try await make(line, target, directories, key: key)
                if json { try Terminal.json(manifest) } else { say(manifest, target, directories) }
            } catch {
                Backup.clear(target)
                throw error
            }
        }
    }

    private func make(_ line: Line, _ target: String, _ directories: Directories, key: String?) async throws
        -> BackupManifest
    {
        let startedAt = Instant.now()
        try await waitForEvents(line, until: startedAt)
        var copies: [BackupManifest.Copy] = []
        for member in Roster.standard.members {
            let begun = ContinuousClock.now
            let answer = try await line.watch(
                "service.backup", ["directory": .string(target)], service: member.name, deadline: Backup.deadline)
            let copy = try Backup.noted(answer, in: target)
            copies.append(copy)
            let spent = Int((ContinuousClock.now - begun) / .milliseconds(1))
            if !json { Terminal.line("\(Terminal.good("✓")) \(copy.file)  \(Backup.size(copy.bytes))  \(spent) ms") }
        }
        if let key { try PrivateFile.copy(key, to: target + "/" + BackupManifest.keyFile) }
        let manifest = BackupManifest(
            version: ServiceDefinition.version, startedAt: startedAt, finishedAt: .now(), data: directories.data,
            withKeys: key != nil, copies: copies)
        try manifest.verify(in: target)
        try manifest.write(in: target)
        return manifest
    }

    /// What was acknowledged has its event in the gateway's log before the gateway is copied.
    private func waitForEvents(_ line: Line, until moment: Instant) async throws {
        let end = ContinuousClock.now + Backup.patience
        for member in Roster.standard.members {
            while true {
                let outbox = try await line.call("service.outbox", ["limit": 0], service: member.name)
                guard let oldest = outbox["oldest"]?.string.flatMap({ Instant($0) }), oldest <= moment else { break }
                guard ContinuousClock.now < end else {
                    throw Failure(
                        .unhealthy,
                        words(
                            "\(member.name) 의 이벤트가 게이트웨이에 전해지지 않는다.",
                            "The events of \(member.name) do not reach the gateway."),
                        next: words(
                            "이유는 ieum logs \(member.name) 에 있다. 그 뒤 다시 백업한다.",
                            "The reason stands in ieum logs \(member.name). Back up again after that."))
                }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// Read from here, the copy is what was made there.
    private static func noted(_ answer: JSON, in target: String) throws -> BackupManifest.Copy {
        let copied = try answer.decode(Answer.self)
        guard let found = PrivateFile.measure(target + "/" + copied.file), found.bytes == copied.bytes else {
            throw Failure(
                .unhealthy,
                words(
                    "\(copied.service) 은(는) 복사했다고 하지만 여기서는 \(target)/\(copied.file) 이(가) 보이지 않는다.",
                    "\(copied.service) says it made \(target)/\(copied.file), which cannot be seen from here."),
                next: words(
                    "컨테이너라면 모두가 함께 쓰는 폴더를 준다: /data/backups/…",
                    "With containers, name a directory that all of them share: /data/backups/…"))
        }
        return BackupManifest.Copy(
            service: copied.service, file: copied.file, bytes: found.bytes, checksum: found.checksum,
            version: copied.version, migrations: copied.migrations, startedAt: copied.startedAt)
    }

    private struct Answer: Decodable {
        let service: String
        let file: String
        let bytes: Int64
        let version: String
        let migrations: [String]
        let startedAt: Instant
    }

    private static func prepare(_ target: String) throws(Failure) {
        let files = FileManager.default
        if let content = try? files.contentsOfDirectory(atPath: target) {
            guard content.isEmpty else {
                throw Failure(
                    .usage, words("비어 있지 않다: \(target)", "This directory is not empty: \(target)"),
                    next: words("새 폴더 이름을 준다.", "Name a new directory."))
            }
        }
        do {
            try files.createDirectory(
                atPath: target, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(
                .usage, words("폴더를 만들 수 없다: \(target)", "Cannot make the directory \(target)"),
                next: words("쓸 수 있는 곳을 준다.", "Name a place that you may write to."))
        }
    }

    /// Half a backup must not be taken for one.
    private static func clear(_ target: String) {
        let names =
            Roster.standard.members.map { Configuration.databaseFile(of: $0.name) } + [
                BackupManifest.keyFile, BackupManifest.name,
            ]
        for name in names { try? FileManager.default.removeItem(atPath: target + "/" + name) }
    }

    private static func keyFile(_ directories: Directories) throws(Failure) -> String {
        let path = directories.talentKeyFile
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw Failure(
                .unhealthy, words("열쇠 파일을 읽을 수 없다: \(path)", "The key file cannot be read: \(path)"),
                next: words("IEUM_TALENT_KEY_FILE 을 확인한다.", "Check IEUM_TALENT_KEY_FILE."))
        }
        return path
    }

    static func size(_ bytes: Int64) -> String {
        bytes < 1 << 20 ? "\((bytes + 1023) >> 10) KiB" : "\((bytes + (1 << 19)) >> 20) MiB"
    }

    private func say(_ manifest: BackupManifest, _ target: String, _ directories: Directories) {
        let bytes = Backup.size(manifest.copies.reduce(0) { $0 + $1.bytes })
        Terminal.line(
            words(
                "백업했다: \(target) (\(bytes), \(manifest.startedAt) 까지). 모두 검사했다.",
                "Backed up to \(target) (\(bytes), everything until \(manifest.startedAt)); every copy was verified."))
        Terminal.line(
            manifest.withKeys
                ? words(
                    "→ 개인정보의 열쇠가 함께 들어 있다. 이 폴더를 가진 사람은 개인정보를 읽을 수 있다.",
                    "→ The key of the personal data lies in it: whoever has this directory can read them.")
                : words(
                    "→ 개인정보의 열쇠는 들어 있지 않다. 따로 백업해 둔다: \(directories.talentKeyFile)",
                    "→ The key of the personal data is not in it. Keep a copy elsewhere: \(directories.talentKeyFile)"
                ))
        Terminal.line(words("되돌리려면: ieum restore \(target)", "To go back to it: ieum restore \(target)"))
    }
}
