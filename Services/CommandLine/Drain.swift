import ArgumentParser
import Foundation
import JSON
import ServiceKit

/// `ieum drain`: a service's workers finish what they hold and get nothing more.
struct Drain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words(
            "서비스에 새 요청을 주지 않고, 가진 것을 끝낼 때까지 기다린다.", "Gives a service no more requests, and waits until it has finished."
        ),
        discussion: words(
            "비운 워커는 등록된 채 쉰다. 다시 켜거나 --undo 하면 요청을 다시 받는다. 다른 워커가 없으면 요청은 --wait 동안 줄에서 기다리고, 그 뒤에는 noResponders 로 답한다.",
            "A drained worker stays registered and rests until it is started again or --undo. When no other worker is "
                + "left, requests wait in line for --wait; after that they are answered with noResponders."))

    @Argument(help: .init(words("서비스 이름.", "The service.")))
    var service: String

    @Option(
        help: .init(
            words("워커 하나만 (ieum call gateway.services 의 instance).", "One worker (instance in gateway.services).")))
    var instance: String?

    @Option(help: .init(words("그동안 온 요청이 줄에서 기다릴 시간.", "How long requests that come meanwhile wait in line.")))
    var wait = "0s"

    @Option(help: .init(words("가진 것을 끝낼 때까지 기다릴 시간.", "How long to wait until it has finished.")))
    var patience = "30s"

    @Flag(help: .init(words("다시 요청을 받게 한다.", "Take it into use again.")))
    var undo = false

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {
        let wait = try Duration(wait, of: "--wait")
        let patience = try Duration(patience, of: "--patience")
        try await Line.open { line in
            var which: JSON = ["service": .string(service)]
            if let instance { which["instance"] = .string(instance) }
            if undo {
                let answer = try await line.call("gateway.resume", which)
                return Terminal.line(json ? answer.text : words("\(service): 다시 받는다.", "\(service): in use again."))
            }
            which["waitMs"] = wait == .zero ? nil : .integer(Int64(wait / .milliseconds(1)))
            let answer = try await Drain.untilIdle(which, line, patience)
            Terminal.line(json ? answer.text : words("\(service): 비었다.", "\(service): drained."))
        }
    }

    /// Drains, and asks until nothing is in flight any more.
    static func untilIdle(_ which: JSON, _ line: Line, _ patience: Duration) async throws -> JSON {
        let end = ContinuousClock.now + patience
        while true {
            let answer = try await line.call("gateway.drain", which)
            if answer["isIdle"] == true { return answer }
            guard ContinuousClock.now < end else {
                let name = which["service"]?.string ?? ""
                let held = (answer["workers"]?.array ?? []).reduce(0) { $0 + ($1["inFlight"]?.integer ?? 0) }
                throw Failure(
                    .timedOut,
                    words("\(name): 아직 요청 \(held)개를 처리한다.", "\(name) still works on \(held) requests."),
                    next: words(
                        "--patience 를 늘리거나, ieum drain \(name) --undo 로 되돌린다.",
                        "Allow more with --patience, or take it back with ieum drain \(name) --undo."))
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
