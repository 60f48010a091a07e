import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

@Suite struct BrokerHandoverTests {
    private var stage = Stage()

    private mutating func handOver() -> [Sent] {
        var out: [Outgoing] = []
        stage.broker.handOver(&out)
        return out.map(Sent.init)
    }

    @Test mutating func idleWorkersMoveAtOnceAndOthersWhenTheyHaveAnswered() {
        stage.register("idle", "rest")
        stage.register("busy")
        let held = stage.ask("1")[0]
        stage.ask("2", from: "other")
        #expect(handOver() == [Sent("idle", .disconnect(.v02))])
        #expect(stage.broker.passedOn.map(\.message) == [.request(.v02, service: "echo", body: [Array("2".utf8)])])
        #expect(stage.broker.passedOn.map(\.client) == [Stage.peer("other")])
        let sent = stage.answer(held, "done")
        #expect(sent.first?.body == ["done"])
        #expect(sent.last == Sent("busy", .disconnect(.v02)))
        #expect(stage.broker.requests.count == 0)
    }

    @Test mutating func stockRequestsKeepTheirEnvelope() {
        stage.register("w")
        stage.ask("1")
        let request = Multipart([[7, 7], [], Array("MDPC01".utf8), Array("echo".utf8), Array("2".utf8)])
        stage.send(request, from: "req")
        _ = handOver()
        #expect(stage.broker.passedOn.map(\.message) == [request])
    }

    @Test func marksLeadBackToTheirClients() throws {
        let near = PeerID.remote(ByteKey([0, 1, 2, 3, 4]))
        let far = PeerID.relayed(via: ByteKey([0, 9]), client: try #require(near.mark))
        for peer in [near, far] { #expect(PeerID(mark: try #require(peer.mark)) == peer) }
        #expect(PeerID.internal(1).mark == nil)
        #expect(PeerID(mark: ByteKey([1, 200])) == nil)

        let message = Multipart.request(.v02, service: "echo", body: [[1]])
        let wrapped = Relay.wrapped(message, try #require(far.mark), "uid:7 gid:8")
        #expect(Relay.header(wrapped) == Relay.Header(mark: try #require(far.mark), userID: "uid:7 gid:8"))
        #expect(Relay.content(wrapped) == message)
        #expect(Relay.header(message) == nil)
        #expect(Relay.header(Multipart([Array("IEUMR1".utf8) + [200], [1]])) == nil)
    }
}
