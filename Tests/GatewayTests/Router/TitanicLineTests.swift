import Foundation
import Logging
import Majordomo
import Synchronization
import Testing
import ZeroMQ

@testable import Gateway

/// What store and forward is told by the reactor, over real sockets.
@Suite(.timeLimit(.minutes(5))) struct TitanicLineTests {
    @Test func requestsReachItOpaqueAndWithTheirPrincipalAndDeliveriesComeBackWithTheirName() async throws {
        let told = Recorder<String>()
        let place = Mutex<GatewayRouter?>(nil)
        let directory = "/tmp/ieum-\(UInt32.random(in: 0 ... .max))"
        let line = TitanicLine(
            onRequest: { service, address, principal, body in
                told.add("\(service) \(principal.name == "uid:\(geteuid())") \(body)")
                place.withLock { $0 }?.answer(service, address, body: [Array("200".utf8)])
            },
            onReply: { uuid, body, isFault in told.add("\(uuid) \(isFault ? "fault" : body.description)") },
            onServed: { service, isServed in told.add("\(service) \(isServed)") })
        let router = try GatewayRouter(
            runDirectory: directory, log: Logger(label: "test"), onRequest: { _ in }, onReply: { _, _, _ in },
            titanic: line)
        place.withLock { $0 = router }
        defer {
            router.stop()
            try? FileManager.default.removeItem(atPath: directory)
        }
        let house = House(router, directory: directory)
        let client = try RawPeer(house)
        // Plain text as the second frame: an announced worker's broker would refuse it as headers.
        #expect(try client.ask([Array("echo".utf8), Array("hello".utf8)], "titanic.request") == ["200"])
        #expect(await told.wait(for: #"request true ["echo" | "hello"]"#))

        let person = Principal(name: "uid:1", roles: [])
        #expect(router.deliver("ABC", service: "echo", body: [Array("1".utf8)], as: person))
        #expect(await told.wait(for: "ABC fault"))
        let worker = try EchoWorker(house)
        #expect(await told.wait(for: "echo true"))
        #expect(router.deliver("DEF", service: "echo", body: [Array("2".utf8)], as: person))
        #expect(await told.wait(for: #"DEF ["2"]"#))
        #expect(worker.requests.all.last?.text(1).contains(#""principal":"uid:1""#) ?? false)
        worker.end()
        #expect(await told.wait(for: "echo false"))
    }
}
