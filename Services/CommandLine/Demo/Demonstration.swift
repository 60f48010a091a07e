import ArgumentParser
import Daejeon
import Foundation
import JSON
import ServiceKit
import Vocabulary

/// `ieum demo`: what `make up` shows at its end.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("대전 데이터를 넣고 거래 하나를 끝까지 보인다.", "Loads the Daejeon data and runs one whole flow."))

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws { try await Demonstration.run(Directories(), json: json) }
}

/// The Daejeon data and one complete `commercialize` flow, told so that a person understands it.
enum Demonstration {
    static let patience: Duration = .seconds(60)

    static func run(_ directories: Directories, json: Bool) async throws {
        try await Line.open(directories) { line in
            if !json { Terminal.line() }
            let data = try await Import.daejeon(line, showsProgress: !json)
            let (flow, isNew) = try await complete(line, data, speaks: !json)
            if json {
                Terminal.line(flow.pretty())
            } else {
                let story = Story(flow: FlowView(json: flow), data: data)
                if !isNew {
                    Terminal.line(
                        words("이 거래는 지난번에 맺어졌다. 그때의 기록이다.", "This flow was completed before; here is its record."))
                }
                Terminal.line(try await story.text(line))
                Terminal.line(Story.next(flow["id"]?.string ?? ""))
            }
            guard FlowView(json: flow).isCompleted else { throw Finished(status: .refused) }
        }
    }

    /// The completed flow of the demonstration: an earlier one, or a new one.
    private static func complete(
        _ line: Line, _ data: [String: JSON], speaks: Bool
    ) async throws -> (flow: JSON, isNew: Bool) {
        let plan = Daejeon.commercialize
        if let earlier = try await earlier(line, demand: data[plan.demand]?["id"]) { return (earlier, false) }
        if speaks { Terminal.line("\n" + Terminal.strong(words(plan.title.ko, plan.title.en))) }
        let seeds = SeedRun(line: line)
        let interest = plan.supplyInterest
        _ = try await seeds.make(interest, try interest.parameters(results: data))
        let input = try plan.input(now: Instant.now(), results: data)
        let started = try await line.call("gateway.flows.start", ["flow": "commercialize", "input": input])
        guard let id = started["id"]?.string else { return (started, true) }
        let deadline = ContinuousClock.now + patience
        while true {
            let flow = try await line.call("gateway.flows.get", ["id": .string(id)])
            if FlowView(json: flow).isAtRest { return (flow, true) }
            guard ContinuousClock.now < deadline else {
                throw Failure(
                    .timedOut, words("거래 \(id) 이(가) 아직 끝나지 않았다.", "The flow \(id) has not ended yet."),
                    next: words("지켜본다: ieum flow watch \(id)", "Watch it: ieum flow watch \(id)"))
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// A completed flow of the same demand: the technology is taken, so it cannot be done twice.
    private static func earlier(_ line: Line, demand: JSON?) async throws -> JSON? {
        guard let demand else { return nil }
        let list = try await line.call("gateway.flows.list", ["limit": 100])
        for item in list["items"]?.array ?? [] where FlowView(json: item).isCompleted {
            guard let id = item["id"] else { continue }
            let flow = try await line.call("gateway.flows.get", ["id": id])
            if flow.at("/input/demandId") == demand { return flow }
        }
        return nil
    }
}
