import ArgumentParser
import ServiceKit

/// `ieum ping SERVICE`: one question, one exit code; what containers use as their health check.
struct Ping: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("서비스 하나가 답하는지 본다.", "Asks whether one service answers."),
        discussion: words("답하면 0, 아니면 2로 끝난다.", "Ends with 0 when it answers, with 2 when not."))

    @Argument(help: .init(words("서비스 이름.", "The service.")))
    var service: String

    @Option(help: .init(words("기다릴 시간 (250ms, 5s, 2m).", "How long to wait (250ms, 5s, 2m).")))
    var patience = "2s"

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {
        let deadline = try Duration(patience, of: "--patience")
        let line = try Line(Directories())
        defer { line.close() }
        let begun = ContinuousClock.now
        do {
            _ = try await line.call("service.ping", service: service, deadline: deadline)
        } catch let fault as Fault where fault.code == .forbidden {
            throw Failure(fault)
        } catch {
            throw Failure(
                .unanswered, words("\(service): 답이 없다.", "\(service): no answer."),
                next: words("ieum status 로 전체를 본다.", "See them all with ieum status."))
        }
        let spent = ContinuousClock.now - begun
        let microseconds = Int(spent / .microseconds(1))
        if json {
            try Terminal.json(["microseconds": microseconds])
        } else {
            Terminal.line(
                words("\(service): \(microseconds) µs 만에 답했다.", "\(service): answered in \(microseconds) µs."))
        }
    }
}
