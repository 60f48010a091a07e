import Foundation
import JSON
import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

@Suite(.timeLimit(.minutes(5)), .serialized) struct RouterTests {
    private let one = [Array(#"{"id":1}"#.utf8)]

    @Test func routesBothVersionsAndWritesWhoCalls() async throws {
        let house = try House()
        defer { house.end() }
        let worker = try EchoWorker(house)
        defer { worker.end() }
        #expect(await worker.links.wait(for: .registered))
        let client = try RawPeer(house)
        #expect(try client.ask(one) == [#"{"id":1}"#])
        let headers = try JSON(parsing: worker.requests.all[0].text(1))
        #expect(headers["principal"] == .string("uid:\(geteuid())"))
        #expect(headers["roles"]?.array?.count == 4)

        let stock = try RawPeer(house, .request)
        try stock.socket.set(.requestCorrelate, 1)
        try stock.send(Multipart("MDPC01", "echo", "plain"))
        #expect(try stock.receive() == Multipart("MDPC01", "echo", "plain"))
        try stock.send(Multipart("MDPC01", "mmi.service", "echo"))
        #expect(try stock.receive() == Multipart("MDPC01", "mmi.service", "200"))
        try stock.send(Multipart("MDPC01", "gateway", "hello"))
        #expect(try stock.receive()?.text(2) == "hello")
    }

    @Test func theGatewayIsItsOwnClient() async throws {
        let house = try House()
        defer { house.end() }
        let worker = try EchoWorker(house)
        defer { worker.end() }
        #expect(await worker.links.wait(for: .registered))
        let caller = Principal(name: "uid:7", roles: [.member])
        #expect(house.router.request(service: "echo", body: one, as: caller))
        #expect(house.router.request(service: "nobody", body: one))
        let replies = await house.ownReplies.wait(count: 2)
        #expect(replies.contains(#"echo {"id":1} true"#))
        #expect(replies.contains { $0.hasPrefix("nobody") && $0.contains("noResponders") })
        let headers = try JSON(parsing: worker.requests.all[0].text(1))
        #expect(headers["principal"] == "uid:7")
    }

    @Test func aWorkersEndIsNoticedAtOnce() async throws {
        let house = try House()
        defer { house.end() }
        let client = try RawPeer(house)
        do {
            let worker = try RawPeer(house)
            try worker.send(.ready(.v02, service: "echo", announcement: Array(#"{"credit":2}"#.utf8)))
            #expect(try worker.receive() == .heartbeat(.v02))
            try client.send(.request(.v02, service: "echo", body: one))
            #expect(try worker.receive()?.count == 6)
        }
        // Not three heartbeats later: the broken connection makes the broker look.
        let start = ContinuousClock.now
        let answer = try client.receive()
        #expect(answer?.text(3).contains("workerLost") ?? false)
        #expect(ContinuousClock.now - start < .milliseconds(900))
        #expect(try client.fault(one) == "noResponders")
    }

    @Test func eventsReachTheirSubscribers() async throws {
        let house = try House()
        defer { house.end() }
        let context = try Context()
        let subscriber = try Socket(.subscribe, in: context)
        try subscriber.subscribe(Array("ieum.fund".utf8))
        try subscriber.connect("ipc://\(house.directory)/events.sock")
        for _ in 0..<500 {
            if await house.router.snapshot()?.subscriptions == 1 { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        house.router.publish(topic: "ieum.talent.x", event: [1])
        house.router.publish(topic: "ieum.fund.created", event: Array("{}".utf8))
        var poll = Poll()
        _ = poll.watch(subscriber)
        try poll.wait(milliseconds: 3000)
        var message = Multipart()
        _ = try subscriber.receive(into: &message)
        #expect(message == Multipart("ieum.fund.created", "{}"))
    }

    @Test func oneGatewayADirectoryWithExactModes() async throws {
        let house = try House()
        let taken = house.directory
        let error = #expect(throws: ZeroMQError.self) { _ = try House(directory: taken) }
        #expect(error?.code == EWOULDBLOCK)
        let files = FileManager.default
        for (name, mode) in [("", 0o750), ("/gateway.sock", 0o660), ("/events.sock", 0o660)] {
            let attributes = try files.attributesOfItem(atPath: house.directory + name)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode, "\(name)")
        }
        let client = try RawPeer(house)
        #expect(try client.fault(one) == "noResponders")
        house.router.stop()
        house.router.stop()
        #expect(!files.fileExists(atPath: house.directory + "/gateway.sock"))
        #expect(await house.router.snapshot() == nil)
        house.end()
    }

    @Test func openRequestsAreAnsweredWhenItStops() async throws {
        let house = try House()
        let worker = try EchoWorker(house, answers: false)
        defer { worker.end() }
        #expect(await worker.links.wait(for: .registered))
        let client = try RawPeer(house)
        try client.send(.request(.v02, service: "echo", body: one))
        _ = await worker.requests.wait()
        house.end()
        #expect(try client.receive()?.text(3).contains("workerLost") ?? false)
        #expect(await worker.links.wait(for: .unregistered))
    }

    /// A successor serves the same clients and workers, which come back by themselves.
    @Test func peersSurviveARestart() async throws {
        let house = try House()
        let worker = try EchoWorker(house)
        defer { worker.end() }
        #expect(await worker.links.wait(for: .registered))
        house.router.stop()
        #expect(await worker.links.wait(for: .unregistered))
        let successor = try House(directory: house.directory)
        defer { successor.end() }
        #expect(await worker.links.wait(for: .registered, times: 2))
        let client = try RawPeer(successor)
        #expect(try client.ask(one) == [#"{"id":1}"#])
        house.end()
    }

    /// Without another gateway at its address nobody is handed over to.
    @Test func whoHasTheAddressIsKnown() throws {
        let house = try House()
        defer { house.end() }
        #expect(!house.router.isSucceeded)
        let path = "\(house.directory)/gateway.sock"
        let successor = try Listener(path: path + ".next")
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: path + ".next", toPath: path)
        #expect(house.router.isSucceeded)
        _ = consume successor
    }
}
