import ArgumentParser
import JSON
import ServiceKit
import Subprocess

/// `ieum limits`: the gateway's table of limits, each with the variable that changes it.
struct Limits: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("모든 한계와 바꾸는 법을 보인다.", "Shows every limit and how to change it."),
        discussion: words(
            "돌고 있는 게이트웨이의 값, 돌지 않으면 지금 환경에서의 값.",
            "The values of the running gateway, else those of this environment."))

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {
        let directories = Directories()
        let rows = try await Limits.rows(directories)
        if json { return Terminal.line(JSON.array(rows).pretty()) }
        var table = Table([
            words("한계", "LIMIT"), words("값", "VALUE"), words("단위", "UNIT"), words("변수", "VARIABLE"),
            words("뜻", "MEANING"),
        ])
        for row in rows {
            let changed = row["value"] != row["default"]
            let value = row["value"]?.text ?? ""
            table.row([
                row["name"]?.string ?? "", changed ? Terminal.strong(value) : value, row["unit"]?.string ?? "",
                row["variable"]?.string ?? "", row.at(words("/meaning/ko", "/meaning/en"))?.string ?? "",
            ])
        }
        Terminal.line(table.text)
    }

    /// The table of the gateway that runs, else what its executable says.
    static func rows(_ directories: Directories) async throws -> [JSON] {
        if LaunchRecord.live(directories) != nil {
            let answer = try? await Line.open(directories) { line in
                try await line.call("gateway.limits", deadline: .seconds(2))
            }
            if let rows = answer?.array ?? answer?["items"]?.array { return rows }
        }
        let binaries = try Executables.directory(for: .standard)
        let outcome = try await Subprocess.run(
            .name(Roster.standard.gateway.executable), arguments: ["--limits"],
            environment: .inherit.updating(["PATH": binaries]), input: .none, output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 16))
        guard outcome.terminationStatus.isSuccess, let rows = try? JSON(parsing: outcome.standardOutput).array else {
            throw Failure(
                .unhealthy,
                words("게이트웨이가 한계를 말하지 않는다: ", "The gateway does not tell its limits: ") + outcome.standardError,
                next: words("환경을 확인한다: ieum doctor", "Check the surroundings: ieum doctor"))
        }
        return rows
    }
}
