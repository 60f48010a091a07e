import ArgumentParser
import JSON

/// `ieum flow`: transactions over several services, step by step.
struct Flow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("여러 서비스에 걸친 거래를 시작하고 지켜본다.", "Starts and watches transactions over several services."),
        subcommands: [
            FlowStart.self, FlowGet.self, FlowList.self, FlowWatch.self, FlowCancel.self, FlowApprove.self,
            FlowSettle.self,
        ])
}

/// What the subcommands share.
struct FlowOptions: ParsableArguments {
    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func show(_ flow: JSON) {
        if json {
            Terminal.line(flow.pretty())
        } else {
            let view = FlowView(json: flow)
            Terminal.line(view.head)
            if !view.steps.isEmpty { Terminal.line(view.table) }
        }
    }
}

struct FlowStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: words("거래를 시작한다.", "Starts a flow."),
        discussion: words(
            "예: ieum flow start commercialize '{\"demandId\":\"dmd_…\"}' --watch",
            "For example: ieum flow start commercialize '{\"demandId\":\"dmd_…\"}' --watch"))

    @Argument(
        help: .init(
            words(
                "거래의 종류 (commercialize, transfer, analysis, flagship).",
                "The kind of flow (commercialize, transfer, analysis, flagship).")))
    var flow: String
    @Argument(help: .init(words("입력 JSON, - 는 표준 입력, @파일.", "The input as JSON; - for standard input, @file.")))
    var input: String
    @Option(help: .init(words("멱등 키.", "Idempotency key.")))
    var key: String?
    @Option(
        name: .customLong("gate"),
        help: .init(words("승인을 기다릴 단계. 여러 번 줄 수 있다.", "A step that waits for approval. May be repeated.")))
    var gates: [String] = []
    @Flag(help: .init(words("끝날 때까지 지켜본다.", "Watch it to its end.")))
    var watch = false
    @OptionGroup var options: FlowOptions

    func run() async throws {
        let input = try Call.parameters(input)
        try await Line.open { line in
            var parameters: JSON = ["flow": .string(flow), "input": input]
            if !gates.isEmpty { parameters["gates"] = .array(gates.map(JSON.string)) }
            let started = try await line.call("gateway.flows.start", parameters, key: key)
            guard watch, let id = started["id"]?.string else { return options.show(started) }
            try await FlowWatch.follow(id, line, options)
        }
    }
}

struct FlowGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: words("거래 하나를 단계별로 보인다.", "Shows one flow step by step."))
    @Argument(help: .init(words("거래의 식별자 (flw_…).", "The flow (flw_…).")))
    var id: String
    @OptionGroup var options: FlowOptions

    func run() async throws {
        try await Line.open { line in
            options.show(try await line.call("gateway.flows.get", ["id": .string(id)]))
        }
    }
}

struct FlowList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: words("거래를 새것부터 보인다.", "Lists the flows."))
    @Option(help: .init(words("보일 수.", "How many.")))
    var limit: Int64 = 20
    @OptionGroup var options: FlowOptions

    func run() async throws {
        try await Line.open { line in
            let answer = try await line.call("gateway.flows.list", ["limit": .integer(limit)])
            if options.json { return Terminal.line(answer.pretty()) }
            var table = Table(["ID", words("종류", "FLOW"), words("상태", "STATE"), words("시작", "STARTED")])
            let items = answer["items"]?.array ?? []
            for item in items {
                let view = FlowView(json: item)
                table.row([
                    view.id, item["flow"]?.string ?? "", FlowView.phaseWords(view.phase),
                    item["startedAt"]?.string ?? "",
                ])
            }
            Terminal.line(items.isEmpty ? words("아직 없다.", "None yet.") : table.text)
        }
    }
}

struct FlowCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: words("결정 전의 거래를 그만두고 모두 되돌린다.", "Gives a flow up before its decision, and undoes it."))
    @Argument(help: .init(words("거래의 식별자.", "The flow.")))
    var id: String
    @Option(help: .init(words("까닭.", "Why.")))
    var reason = "ieum flow cancel"
    @OptionGroup var options: FlowOptions

    func run() async throws {
        try await Line.open { line in
            options.show(
                try await line.call("gateway.flows.cancel", ["id": .string(id), "reason": .string(reason)]))
        }
    }
}

struct FlowApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: words("승인을 기다리는 단계를 승인한다.", "Approves a step that waits for it."))
    @Argument(help: .init(words("거래의 식별자.", "The flow.")))
    var id: String
    @Argument(help: .init(words("단계.", "The step.")))
    var step: String
    @OptionGroup var options: FlowOptions

    func run() async throws {
        try await Line.open { line in
            options.show(
                try await line.call("gateway.flows.approve", ["id": .string(id), "step": .string(step)]))
        }
    }
}

struct FlowSettle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settle", abstract: words("어긋난 거래를 사람이 매듭짓는다.", "Settles a flow that did not come out as decided.")
    )
    @Argument(help: .init(words("거래의 식별자.", "The flow.")))
    var id: String
    @Argument(
        help: .init(
            words(
                "retry (원인을 고쳤다) 또는 accept (다른 길로 매듭지었다).",
                "retry (its cause is repaired) or accept (settled otherwise).")))
    var resolution: String
    @Argument(help: .init(words("무엇을 어떻게 했는지.", "What was done, and how.")))
    var note: String
    @OptionGroup var options: FlowOptions

    func run() async throws {
        try await Line.open { line in
            let parameters: JSON = [
                "id": .string(id), "resolution": .string(resolution), "note": .string(note),
            ]
            options.show(try await line.call("gateway.flows.settle", parameters))
        }
    }
}

struct FlowWatch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: words("거래를 끝까지 지켜본다.", "Watches a flow to its end."),
        discussion: words("완료되면 0, 아니면 1로 끝난다.", "Ends with 0 when it was completed, else with 1."))
    static let interval: Duration = .milliseconds(100)

    @Argument(help: .init(words("거래의 식별자.", "The flow.")))
    var id: String
    @OptionGroup var options: FlowOptions

    func run() async throws {
        try await Line.open { line in try await FlowWatch.follow(id, line, options) }
    }

    /// Shows the flow until it rests: redrawn in place on a terminal, else each step once when it changes.
    static func follow(_ id: String, _ line: Line, _ options: FlowOptions) async throws {
        var shown: [String: String] = [:]
        var height = 0
        while true {
            let flow = try await line.call("gateway.flows.get", ["id": .string(id)])
            let view = FlowView(json: flow)
            if options.json {
                if view.isAtRest { Terminal.line(flow.pretty()) }
            } else if Terminal.isInteractive {
                let text = view.head + "\n" + view.table
                Terminal.line((height > 0 ? "\u{1B}[\(height)A\u{1B}[J" : "") + text)
                height = text.split(separator: "\n", omittingEmptySubsequences: false).count
            } else {
                for step in view.steps {
                    let (name, state) = (step["name"]?.string ?? "", step["state"]?.string ?? "")
                    if state != "pending", shown.updateValue(state, forKey: name) != state {
                        Terminal.line("\(name): \(state)")
                    }
                }
                if view.isAtRest { Terminal.line(view.head) }
            }
            if view.isAtRest {
                if !view.isCompleted { throw Finished(status: .refused) }
                return
            }
            try await Task.sleep(for: interval)
        }
    }
}
