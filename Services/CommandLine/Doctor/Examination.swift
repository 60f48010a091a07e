import Foundation
import ZeroMQ

/// The checks of `ieum doctor`. Each looks at one thing and never changes anything.
struct Examination {
    static let leastFreeMegabytes = 200
    static let leastOpenFiles = 1024
    static let oldestLibrary = (4, 3)

    let directories: Directories
    let environment: [String: String]
    private let files = FileManager.default

    init(directories: Directories, environment: [String: String]) {
        (self.directories, self.environment) = (directories, environment)
    }

    func findings() -> [Finding] {
        var list = [executables, library, socketPath]
        list.append(directory(directories.run, "IEUM_RUN"))
        list.append(directory(directories.data, "IEUM_DATA"))
        list += [policy, openFiles, diskSpace, sockets]
        list += variables
        return list
    }

    private var executables: Finding {
        let subject = words("실행 파일", "Executables")
        do {
            return Finding(subject: subject, grade: .good, observed: try Executables.directory(for: .standard))
        } catch { return Finding(subject: subject, grade: .bad, observed: error.wrong, next: error.next) }
    }

    private var library: Finding {
        let observed = libraryVersion
        let parts = observed.split(separator: ".").compactMap { Int($0) }
        guard parts.count == 3, (parts[0], parts[1]) >= Examination.oldestLibrary else {
            return Finding(
                subject: "libzmq", grade: .bad, observed: observed,
                next: words("4.3 이상을 설치한다: apt install libzmq5", "Install 4.3 or newer: apt install libzmq5"))
        }
        return Finding(subject: "libzmq", grade: .good, observed: observed)
    }

    private var socketPath: Finding {
        let bytes = directories.gatewaySocket.utf8.count
        let limit = Directories.longestSocketPath
        let observed = words("\(bytes)바이트 (한계 \(limit))", "\(bytes) bytes (limit \(limit))")
        let subject = words("소켓 경로", "Socket path")
        guard bytes > limit else { return Finding(subject: subject, grade: .good, observed: observed) }
        return Finding(
            subject: subject, grade: .bad, observed: observed,
            next: words("IEUM_RUN 에 더 짧은 폴더를 준다.", "Set IEUM_RUN to a shorter directory."))
    }

    private func directory(_ path: String, _ variable: String) -> Finding {
        guard let attributes = try? files.attributesOfItem(atPath: path) else {
            return Finding(
                subject: variable, grade: .good,
                observed: words("\(path) (ieum up 이 만든다)", "\(path) (ieum up will make it)"))
        }
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
        let owner = (attributes[.ownerAccountID] as? NSNumber)?.uint32Value
        let octal = String(mode, radix: 8)
        if owner != geteuid() {
            return Finding(
                subject: variable, grade: .bad,
                observed: words("\(path): 다른 사용자의 것", "\(path): owned by another user"),
                next: words("자신의 폴더를 준다: \(variable)=…", "Choose a directory of your own: \(variable)=…"))
        }
        let closed = path == directories.run && isOpenToOthers ? 0o026 : 0o027
        if mode & closed != 0 {
            return Finding(
                subject: variable, grade: .warning,
                observed: words("\(path): 권한 \(octal)", "\(path): mode \(octal)"),
                next: words("다른 사람이 들여다보지 못하게: chmod 750 \(path)", "Keep others out: chmod 750 \(path)"))
        }
        guard files.isWritableFile(atPath: path) else {
            return Finding(
                subject: variable, grade: .bad, observed: words("\(path): 쓸 수 없다", "\(path): not writable"),
                next: "chmod u+w \(path)")
        }
        return Finding(subject: variable, grade: .good, observed: "\(path) (\(octal))")
    }

    private var openFiles: Finding {
        let subject = words("열 수 있는 파일", "Open files")
        guard let hard = hardFileLimit else {
            return Finding(subject: subject, grade: .good, observed: words("알 수 없다", "unknown on this system"))
        }
        let least = Examination.leastOpenFiles
        guard hard < least else { return Finding(subject: subject, grade: .good, observed: "\(hard)") }
        return Finding(
            subject: subject, grade: .bad, observed: words("\(hard) (최소 \(least))", "\(hard) (at least \(least))"),
            next: words("한계를 올린다: ulimit -Hn \(least)", "Raise the limit: ulimit -Hn \(least)"))
    }

    /// The executables raise their soft limit to this one.
    private var hardFileLimit: Int? {
        guard let text = files.contents(atPath: "/proc/self/limits").map({ String(decoding: $0, as: UTF8.self) }),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Max open files") })
        else { return nil }
        let fields = line.split(separator: " ")
        return fields.count > 4 ? Int(fields[4]) : nil
    }

    private var diskSpace: Finding {
        let subject = words("디스크", "Disk space")
        let place = files.fileExists(atPath: directories.data) ? directories.data : "/"
        guard let attributes = try? files.attributesOfFileSystem(forPath: place),
            let free = (attributes[.systemFreeSize] as? NSNumber)?.int64Value
        else { return Finding(subject: subject, grade: .warning, observed: words("알 수 없다", "unknown")) }
        let megabytes = Int(free >> 20)
        let observed = words("\(megabytes) MiB 남음", "\(megabytes) MiB free")
        guard megabytes < Examination.leastFreeMegabytes else {
            return Finding(subject: subject, grade: .good, observed: observed)
        }
        return Finding(
            subject: subject, grade: .bad, observed: observed,
            next: words("자리를 비우거나 IEUM_DATA 를 옮긴다.", "Free some space or move IEUM_DATA."))
    }

    private var sockets: Finding {
        let subject = words("소켓", "Sockets")
        let present = [directories.gatewaySocket, directories.eventsSocket].filter { files.fileExists(atPath: $0) }
        if let live = LaunchRecord.live(directories) {
            return Finding(
                subject: subject, grade: .good, observed: words("실행 중 (pid \(live.pid))", "running (pid \(live.pid))"))
        }
        guard !present.isEmpty else {
            return Finding(subject: subject, grade: .good, observed: words("남은 것 없음", "none left over"))
        }
        return Finding(
            subject: subject, grade: .warning,
            observed: words("런처 없이 남아 있다: ", "there without a launcher: ") + present.joined(separator: ", "),
            next: words(
                "아무것도 돌지 않으면 다음 ieum up 이 바꾼다.", "If nothing runs, the next ieum up replaces them."))
    }

    private var variables: [Finding] {
        let complaints = Settings.complaints(environment)
        guard !complaints.isEmpty else {
            return [Finding(subject: "IEUM_*", grade: .good, observed: words("모두 알맞다", "all known and valid"))]
        }
        return complaints.map { name, complaint in
            Finding(
                subject: name, grade: .bad, observed: "\(environment[name] ?? "") – \(complaint)",
                next: words("고치거나 지운다: unset \(name)", "Correct it or remove it: unset \(name)"))
        }
    }
}
