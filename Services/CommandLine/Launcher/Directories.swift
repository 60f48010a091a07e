import Foundation
import ServiceKit
import ZeroMQ

/// Where one set lives: sockets in `run`, databases and logs in `data`. Two sets with different directories do not
/// see each other.
struct Directories: Sendable {
    let run: String
    let data: String
    let talentKeyFile: String
    private let configuration: Configuration

    /// `sun_path` holds 108 bytes with the closing zero.
    static let longestSocketPath = 107
    static let runMode = 0o750
    static let dataMode = 0o750

    var gatewaySocket: String { run + "/gateway.sock" }
    var eventsSocket: String { run + "/events.sock" }
    var record: String { run + "/launcher.json" }
    var locks: [String] { [run + "/launcher.lock", data + "/launcher.lock"] }
    /// Names the backup while `ieum restore` moves files, and after it was ended in the middle of that.
    var unfinishedRestore: String { data + "/restore-unfinished" }
    var logs: String { data + "/logs" }
    func log(of name: String) -> String { "\(logs)/\(name).log" }

    /// The directories that an environment asks for: the same that the services read.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        configuration = Configuration(environment: environment)
        (run, data, talentKeyFile) = (configuration.run, configuration.data, configuration.talentKeyFile)
    }

    /// Those of this machine's own set, also where `IEUM_GATEWAY` names a gateway on another: for what starts and ends
    /// processes here.
    static var own: Directories {
        Directories(environment: ProcessInfo.processInfo.environment.filter { $0.key != "IEUM_GATEWAY" })
    }

    /// Whether the gateway is on another machine (`IEUM_GATEWAY`).
    var isRemote: Bool { configuration.gateway != nil }
    var gatewayEndpoint: String { configuration.gatewayEndpoint }
    var eventsEndpoint: String { configuration.eventsEndpoint }
    /// The keys for a gateway on tcp.
    var curve: CurveClient? { get throws { try configuration.curve } }

    /// Makes both directories and the log directory, with exact modes, and refuses what others could tamper with.
    func prepare() throws(Failure) {
        try checkPathLength()
        try Directories.make(run, mode: Directories.runMode, variable: "IEUM_RUN")
        try Directories.make(data, mode: Directories.dataMode, variable: "IEUM_DATA")
        try Directories.make(logs, mode: Directories.dataMode, variable: "IEUM_DATA")
    }

    /// The databases of a restore that did not come to its end are of two times, which nothing else would notice.
    func refuseUnfinishedRestore() throws(Failure) {
        guard let mark = try? String(contentsOfFile: unfinishedRestore, encoding: .utf8) else { return }
        throw Failure(
            .unhealthy,
            words(
                "되돌리기가 끝나지 않았다: \(data) 의 데이터베이스가 서로 다른 때의 것이다.",
                "A restore did not come to its end: the databases in \(data) are of different times."),
            next: words("다시 되돌린다: ieum restore \(mark)", "Restore again: ieum restore \(mark)"))
    }

    func checkPathLength() throws(Failure) {
        let bytes = gatewaySocket.utf8.count
        guard bytes > Directories.longestSocketPath else { return }
        let limit = Directories.longestSocketPath
        throw Failure(
            .usage,
            words(
                "소켓 경로가 \(bytes)바이트로 \(limit)바이트를 넘는다: \(gatewaySocket)",
                "The socket path has \(bytes) bytes, more than \(limit): \(gatewaySocket)"),
            next: words("IEUM_RUN 에 더 짧은 폴더를 준다.", "Set IEUM_RUN to a shorter directory."))
    }

    private static func make(_ path: String, mode: Int, variable: String) throws(Failure) {
        let files = FileManager.default
        do {
            try files.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
        } catch {
            throw Failure(
                .unhealthy, words("폴더를 만들 수 없다: \(path)", "Cannot make the directory \(path)"),
                next: words(
                    "\(variable) 에 쓸 수 있는 폴더를 준다.", "Set \(variable) to a directory that you may write to."))
        }
        let owner = (try? files.attributesOfItem(atPath: path)[.ownerAccountID] as? NSNumber)?.uint32Value
        guard owner == geteuid() else {
            throw Failure(
                .unhealthy,
                words("다른 사용자의 폴더다: \(path)", "The directory belongs to another user: \(path)"),
                next: words("\(variable) 에 자신의 폴더를 준다.", "Set \(variable) to a directory of your own."))
        }
        try? files.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
}
