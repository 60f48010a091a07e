import Foundation
import JSON
import Logging
import Majordomo
import ServiceKit
import Storage
import Synchronization
import ZeroMQ

@testable import Gateway

/// A gateway's store and forward on real sockets and a real file. Others than this user speak through `ask`.
final class PostOffice: Sendable {
    static let person = Principal(name: "uid:1", roles: [.viewer, .member])
    static let other = Principal(name: "uid:2", roles: Role.allCases)

    let house: House
    let runner: TitanicRunner
    let database: Database
    let path: String
    private let answers: Answers
    private let asked = Atomic<Int>(0)

    private final class Answers: Sendable {
        let router = Mutex<GatewayRouter?>(nil)
        let waiting = Mutex<[ByteKey: @Sendable ([[UInt8]]) -> Void]>([:])

        /// To whoever asked by hand, else to the client on the wire.
        func give(_ service: TitanicService, _ caller: ReplyAddress, _ body: [[UInt8]]) {
            if let waiter = waiting.withLock({ $0.removeValue(forKey: caller.token) }) { return waiter(body) }
            router.withLock { $0 }?.answer(service, caller, body: body)
        }
    }

    init(_ limits: Limits = Limits(), path: String? = nil) throws {
        let path = path ?? NSTemporaryDirectory() + "/ieum-post-\(UUID().uuidString).sqlite"
        let bare = ServiceDefinition(
            name: "gateway", title: Bilingual(ko: "", en: ""), migrations: GatewaySchema.migrations, methods: [])
        let database = try Database(path: path, migrations: Service.migrations(of: bare))
        let answers = Answers()
        var log = Logger(label: "test")
        log.logLevel = .critical
        let runner = TitanicRunner(
            limits: limits, database: database, events: EventLog(), log: log,
            way: TitanicRunner.Way(
                deliver: { delivery in
                    answers.router.withLock { $0 }?.deliver(
                        delivery.uuid, service: delivery.service, body: delivery.body, as: delivery.sender) ?? false
                },
                answer: { answers.give($0, $1, $2) }))
        let directory = "/tmp/ieum-\(UInt32.random(in: 0 ... .max))"
        let router = try answers.router.withLock { slot in
            let router = try GatewayRouter(
                runDirectory: directory, limits: limits, log: log, onRequest: { _ in }, onReply: { _, _, _ in },
                titanic: runner.line)
            slot = router
            return router
        }
        house = House(router, directory: directory)
        self.path = path
        self.database = database
        self.runner = runner
        self.answers = answers
    }

    /// What a client of that principal is answered.
    func ask(_ service: TitanicService, _ frames: [String], as principal: Principal = person) async -> [String] {
        await withCheckedContinuation { continuation in
            let token = ByteKey("asked \(asked.add(1, ordering: .relaxed).newValue)")
            answers.waiting.withLock { waiting in
                waiting[token] = { continuation.resume(returning: $0.map { String(decoding: $0, as: UTF8.self) }) }
            }
            runner.line.onRequest(
                service, ReplyAddress(token: token), principal, Multipart(frames.map { Array($0.utf8) }))
        }
    }

    /// Asks for the reply until it has this status.
    func reply(_ uuid: String, until status: String = "200") async -> [String] {
        var answer: [String] = []
        for _ in 0..<1_000 {
            answer = await ask(.reply, [uuid])
            if answer.first == status { break }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return answer
    }

    func end() {
        house.router.stop()
        database.close()
        try? FileManager.default.removeItem(atPath: house.directory)
    }
}
