import Dispatch
import JSON
import ServiceKit
import Storage
import Synchronization
import Vocabulary

/// A service with a method of each kind, which takes parameters of many shapes.
enum FuzzService {
    private struct Wish: Codable, Sendable, Constrained {
        let name: String
        let count: Int?
        let amount: Won?
        let at: Instant?
        let tags: [String]?
        let more: JSON?
        static let constraints: [String: Schema.Constraint] = ["name": .length(1...20), "count": .range(0...9)]
    }

    private static let definition = ServiceDefinition(
        name: "fuzz", title: Bilingual(ko: "시험", en: "Fuzz"),
        migrations: [],
        methods: [
            .immediate("fuzz.echo", Bilingual(ko: "메아리", en: "Echo")) { (p: JSON, _) in p },
            .immediate("fuzz.now", Bilingual(ko: "바로", en: "At once")) { (p: Wish, _) in p },
            .query("fuzz.read", Bilingual(ko: "읽기", en: "Reads"), role: .viewer) { (p: Wish, r: Read) throws in p },
            .command("fuzz.write", Bilingual(ko: "쓰기", en: "Writes"), role: .member) {
                (p: Wish, w: Write) throws -> Wish in
                try w.emit("fuzz.written", subject: p.name, p)
                return p
            },
            .action("fuzz.act", Bilingual(ko: "하기", en: "Acts"), role: .member) { (p: Wish, _) async throws in p },
        ])

    private static let service = Result { try TestService(definition) }

    /// The first byte chooses headers, the rest is the body.
    static func run(_ bytes: [UInt8]) throws {
        let headers: [String?] = [
            nil, "{}", #"{"principal":"uid:1","roles":["viewer","member"]}"#,
            #"{"principal":"uid:1","roles":["viewer","member"],"idempotencyKey":"k","requestId":"r"}"#,
            #"{"principal":"uid:1","roles":["member"],"deadline":1}"#, "[", #"{"roles":7,"principal":[]}"#,
        ]
        let chosen = headers[Int(bytes.first ?? 0) % headers.count]
        let body = Array(bytes.dropFirst())
        let service = try service.get()
        let done = DispatchSemaphore(value: 0)
        let box = Answers()
        Task.detached {
            let response = await service.send(body, headers: chosen.map { Array($0.utf8) })
            box.list.withLock { $0.append(response) }
            done.signal()
        }
        try require(done.wait(timeout: .now() + 120) == .success, "no answer came")
        guard let response = box.list.withLock({ $0.first ?? nil }) else {
            // Only notifications have none: one, or a batch of nothing else.
            let requests = try JSON(parsing: body).array ?? [try JSON(parsing: body)]
            return try require(requests.allSatisfy { $0["id"] == nil }, "a request has no response")
        }
        let answer: JSON
        do { answer = try JSON(parsing: response) } catch { throw BrokenRule("the response is no JSON: \(error)") }
        for item in answer.array ?? [answer] {
            try require(item["jsonrpc"] == "2.0", "\(item) is no response")
            try require(item["id"] != nil, "\(item) has no id")
            try require((item["result"] == nil) != (item["error"] == nil), "\(item) has both or neither")
            if let error = item["error"] {
                try require(error["code"]?.integer != nil && error["message"]?.string != nil, "\(error)")
                try require(error["code"] != -32603, "the service failed: \(item)")
            }
        }
    }

    private final class Answers: Sendable { let list = Mutex<[[UInt8]?]>([]) }
}
