import ArgumentParser
import ServiceKit

/// `ieum`: start, watch, ask, try and measure the exchange from a terminal.
///
/// Every command is one file of this folder, named after the command; what several commands need stands in
/// `Launcher/` (the processes), `Line/` (messages) and `Terminal/` (words, tables, exit codes).
struct Ieum: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ieum",
        abstract: words(
            "이음: 기업의 필요 하나를 기술·실증·인재·투자가 함께 움직이는 거래 하나로 잇는다.",
            "Ieum: one need becomes one transaction across technology, testbeds, talent and funds."),
        discussion: words(
            """
            처음이면: ieum up --demo
            찾고 맺기: ieum find 낱말, ieum recommend 제목, ieum explain 수요 기술, ieum deals list
            자주 쓰는 것: ieum status, ieum call gateway.services, ieum events --follow, ieum logs fund --follow
            모든 명령은 --json 을 받는다. 언어는 LC_ALL, LC_MESSAGES, LANG 을 따르고 IEUM_LANG=ko|en 이 우선한다.
            """,
            """
            New here? ieum up --demo
            Find and match: ieum find WORDS, ieum recommend TITLE, ieum explain DEMAND TECHNOLOGY, ieum deals list
            Often used: ieum status, ieum call gateway.services, ieum events --follow, ieum logs fund --follow
            Every command takes --json. The language follows LC_ALL, LC_MESSAGES and LANG; IEUM_LANG=ko|en wins.
            """) + "\n\n" + ExitStatus.legend,
        version: ServiceDefinition.version,
        subcommands: [
            Up.self, Down.self, Restart.self, Drain.self, Status.self, Top.self, Trace.self, Ping.self, Logs.self,
            Doctor.self, Limits.self, Call.self, Methods.self, Events.self, Flow.self, DeadLetters.self, Import.self,
            Demo.self, Check.self, Serve.self, Bench.self, BenchPart.self, Keys.self, PolicyCommand.self, Backup.self,
            Restore.self, Evaluate.self, Find.self, Recommend.self, Explain.self, ProfilesCommand.self,
            DealsCommand.self, GapsCommand.self, ExchangeCommand.self,
        ])
}

@main struct CommandLineTool {
    static func main() async {
        let status = await Invocation.run(Ieum.self)
        Terminal.exit(status)
    }
}
