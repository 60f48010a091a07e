import ArgumentParser
import JSON
import ServiceKit
import Vocabulary

/// `ieum events`: what happened, in the order of the log, and what happens now.
struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("일어난 일을 차례대로 보인다.", "Shows what happened, in order."),
        discussion: words(
            "--follow 는 새 이벤트를 계속 보이고, 구독에서 빠진 것은 기록에서 읽어 채운다.",
            "--follow goes on with new events; what the subscription misses is read from the log."))

    @Flag(name: .shortAndLong, help: .init(words("새 이벤트를 계속 보인다.", "Keep showing new events.")))
    var follow = false

    @Option(
        help: .init(words("종류: 이름, 또는 앞부분*. 여러 번 줄 수 있다.", "A type, or a beginning followed by *. May be repeated.")))
    var types: [String] = []

    @Option(
        help: .init(words("이 번호 다음부터. 없으면 마지막 --limit 개부터.", "From after this sequence; else from the last --limit.")))
    var after: Int64?

    @Option(help: .init(words("처음에 보일 수.", "How many to begin with.")))
    var limit: Int64 = 20

    @Flag(help: .init(words("한 줄에 CloudEvent 하나.", "One CloudEvent a line.")))
    var json = false

    func run() async throws {
        let directories = Directories()
        try await Line.open(directories) { line in
            let log = EventLog(types: types) { try await line.call("gateway.events.read", $0) }
            // Subscribed before the log is read: nothing falls between the two.
            let subscription =
                follow
                ? try Subscription(
                    endpoint: directories.eventsEndpoint, curve: try directories.curve, types: types) : nil
            defer { subscription?.close() }
            let shown: Bool
            var position: Int64
            if let after {
                position = try await log.read(after: after, show)
                shown = position > after
            } else {
                let (latest, last) = try await log.latest(Int(max(0, limit)))
                latest.forEach(show)
                shown = !latest.isEmpty
                position = last
            }
            guard let subscription else {
                if !json, !shown { Terminal.line(words("아직 없다.", "None yet.")) }
                return
            }
            for await sequence in subscription.news where sequence > position {
                position = try await log.read(after: position, show)
            }
        }
    }

    private func show(_ event: JSON) { Terminal.line(json ? event.text : Events.line(event)) }

    /// `  12  09:30:01  ieum.fund.fund.created  fnd_…  {…}`
    static func line(_ event: JSON) -> String {
        let sequence = event["sequence"]?.integer.map(String.init) ?? "?"
        let time = event["time"]?.string.map { String($0.dropFirst(11).prefix(12)) } ?? ""
        let padding = String(repeating: " ", count: max(0, 6 - sequence.count))
        let data = event["data"]?.text ?? ""
        return [
            padding + sequence, Terminal.faint(time), Terminal.strong(event["type"]?.string ?? ""),
            event["subject"]?.string ?? "", Terminal.faint(data.count <= 160 ? data : data.prefix(160) + "…"),
        ].joined(separator: "  ")
    }
}

/// The gateway's event log, page by page: all of it, or some types.
struct EventLog {
    static let page: Int64 = 200
    let types: [String]
    /// `gateway.events.read`
    let ask: (JSON) async throws -> JSON

    /// The latest events, and where the log ends. Events of few types may stand far apart: it looks further and further
    /// back.
    func latest(_ count: Int) async throws -> (events: ArraySlice<JSON>, last: Int64) {
        let last = try await page(after: 0, limit: 1).last
        var span = Int64(count)
        while true {
            let start = max(0, last - span)
            var events: [JSON] = []
            let end = try await read(after: start) { event in
                events.append(event)
                if events.count > 2 * count { events.removeFirst(count) }
            }
            if events.count >= count || start == 0 { return (events.suffix(count), max(last, end)) }
            span = max(span, 1) * 4
        }
    }

    /// Hands over everything after a sequence.
    /// - Returns: the sequence of the last one.
    func read(after start: Int64, _ show: (JSON) -> Void) async throws -> Int64 {
        var position = start
        while true {
            let items = try await page(after: position, limit: EventLog.page).items
            for event in items { show(event) }
            guard let last = items.last?["sequence"]?.integer else { return position }
            position = last
        }
    }

    private func page(after: Int64, limit: Int64) async throws -> EventPage {
        var parameters: JSON = ["after": .integer(after), "limit": .integer(limit)]
        if !types.isEmpty { parameters["types"] = .array(types.map(JSON.string)) }
        return EventPage(try await ask(parameters))
    }
}
