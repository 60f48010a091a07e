import JSON
import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

private let announcement = #"{"credit":2,"instance":"i1","version":"1.0"}"#

@Suite struct BrokerRoutingTests {
    private var stage = Stage()

    @Test(arguments: Version.allCases, Version.allCases)
    mutating func anyClientReachesAnyWorker(client: Version, worker: Version) {
        #expect(stage.register("w", "echo", worker) == [Sent("w", .heartbeat(worker))])
        let asked = stage.send(
            .request(client, service: "echo", body: [Array("one".utf8), Array("two".utf8)]), from: "c")
        #expect(asked.map(\.to) == ["w"])
        #expect(asked.first?.body == ["one", "two"])
        guard let request = asked.first else { return }
        #expect(request.token(worker).count == ReplyToken.byteCount)
        let reply = stage.answer(request, "back", worker)
        #expect(reply.map(\.to) == ["c"])
        let frames = reply.first?.message
        switch client {
        case .v01: #expect(frames == Multipart("", "MDPC01", "echo", "back"))
        case .v02: #expect(frames == Multipart(["MDPC02", "\u{3}", "echo", "back"].map { Array($0.utf8) }))
        }
        #expect(stage.broker.requests.count == 0)
        #expect(stage.broker.clients.isEmpty)
    }

    @Test(arguments: 0...4) mutating func envelopesAreEchoed(count: Int) {
        stage.register("w")
        let envelope = (0..<count).map { Array("hop \($0)".utf8) }
        let tail = [[], Array("MDPC01".utf8), Array("echo".utf8), Array("x".utf8)]
        guard let request = stage.send(Multipart(envelope + tail), from: "c").first else {
            Issue.record("not routed")
            return
        }
        #expect(stage.answer(request, "y").first?.message == Multipart(envelope + tail.dropLast() + [[121]]))
    }

    /// RFC 18 has DEALER clients only; a REQ that speaks 0.2 gets its delimiter back, in errors as well.
    @Test mutating func aREQMaySpeak02() {
        stage.register("w")
        let tail = ["echo", "x"].map { Array($0.utf8) }
        let sent = Multipart([[], Array("MDPC02".utf8), [1]] + tail)
        let request = stage.send(sent, from: "c")[0]
        #expect(stage.answer(request, "y")[0].message == Multipart([[], Array("MDPC02".utf8), [3], tail[0], [121]]))
        let nobody = stage.send(Multipart([[], Array("MDPC02".utf8), [1], [122], Array("{}".utf8)]), from: "c")[0]
        #expect(nobody.message.byteCount(of: 0) == 0)
        #expect(nobody.message.frame(1, equals: "MDPC02"))
    }

    /// The PHP worker of the ZeroMQ guide sends its replies without the empty frame behind the address.
    @Test mutating func aReplyWithoutDelimiterIsOne() {
        stage.register("w", "echo", .v01)
        let request = stage.ask("x", "echo", .v01)[0]
        let address = Array(request.message[3])
        let reply = stage.send(Multipart([[], Array("MDPW01".utf8), [3], address, [121]]), from: "w")
        #expect(reply.map(\.to) == ["client"])
        #expect(reply[0].body == ["y"])
    }

    @Test mutating func partialsComeBeforeTheFinal() {
        stage.register("w")
        let request = stage.ask("x")[0]
        #expect(stage.answer(request, "1", isFinal: false)[0].message.bytes[6] == 2)
        #expect(stage.answer(request, "2", isFinal: false)[0].body == ["2"])
        #expect(stage.answer(request, "3")[0].message.bytes[6] == 3)
        #expect(stage.answer(request, "4") == [Sent("w", .disconnect(.v02))])
        #expect(stage.drops(.unknownAddress) == 1)
    }

    @Test mutating func aStockClientGetsOneReply() {
        stage.register("w")
        let request = stage.ask("x", "echo", .v01)[0]
        #expect(stage.answer(request, "1", isFinal: false) == [])
        #expect(stage.answer(request, "2")[0].body == ["2"])
        #expect(stage.drops(.partialToStockClient) == 1)
    }

    @Test mutating func creditIsNeverExceeded() {
        stage.register("w", announcing: announcement)
        let sent = (1...4).flatMap { stage.ask("\($0)") }
        #expect(sent.map(\.body.first) == ["1", "2"])
        let next = stage.answer(sent[0], "done")
        #expect(next.map(\.to) == ["client", "w"])
        #expect(next[1].body.first == "3")
    }

    @Test mutating func stockWorkersGetOneRequestInTurn() {
        stage.register("a")
        stage.register("b")
        let sent = (1...3).flatMap { stage.ask("\($0)") }
        #expect(sent.map(\.to) == ["a", "b"])
        #expect(stage.answer(sent[1], "done").map(\.to) == ["client", "b"])
    }

    @Test mutating func tokensAreFreshAndRoutingIDsStayHere() {
        stage.register("worker-id")
        var tokens: Set<ByteKey> = []
        for _ in 0..<100 {
            let request = stage.ask("x", from: "client-id")[0]
            #expect(!request.message.description.contains("client-id"))
            tokens.insert(request.token())
            let reply = stage.answer(request, "y")[0]
            #expect(!reply.message.description.contains("worker-id"))
        }
        #expect(tokens.count == 100)
    }

    @Test mutating func anotherWorkersAddressIsOfNoUse() {
        stage.register("a")
        stage.register("b")
        let request = stage.ask("secret")[0]
        let stolen = Multipart.reply(.v02, address: request.token(), body: [[1]])
        #expect(stage.send(stolen, from: "b") == [Sent("b", .disconnect(.v02))])
        #expect(stage.drops(.foreignAddress) == 1)
        #expect(stage.answer(request, "right").map(\.to) == ["client"])
    }

    @Test mutating func notificationsAreSwallowedForClientsThatDoNotWait() {
        stage.register("w", announcing: announcement)
        let modern = stage.ask("note")[0]
        #expect(stage.answer(modern, "") == [])
        let stock = stage.ask("note", "echo", .v01)[0]
        #expect(stage.answer(stock, "").map(\.to) == ["client"])
        #expect(stage.broker.requests.count == 0)
    }

    @Test mutating func managementInterface() {
        stage.register("w")
        for (service, body, code) in [
            ("mmi.service", "echo", "200"), ("mmi.service", "fund", "404"), ("mmi.nothing", "echo", "501"),
        ] {
            for version in Version.allCases {
                #expect(stage.ask(body, service, version)[0].body == [code])
            }
        }
    }

    @Test mutating func theGatewaysOwnPartsNeedNoSocket() {
        var out: [Outgoing] = []
        let ready = Multipart.ready(.v02, service: "gateway", announcement: Array(#"{"credit":100}"#.utf8))
        stage.broker.handle(ready, from: .internal(1), principal: .gateway, now: stage.now, &out)
        #expect(out == [Outgoing(peer: .internal(1), message: .heartbeat(.v02))])
        let asked = stage.ask("{}", "gateway")
        #expect(asked.map(\.to) == ["internal 1"])
        out = []
        let reply = Multipart.reply(.v02, address: asked[0].token(), body: [[1]])
        stage.broker.handle(reply, from: .internal(1), principal: .gateway, now: stage.now, &out)
        #expect(out.map(\.peer) == [Stage.peer("client")])
        #expect(stage.pass(60_000) == [])
        // A client inside.
        stage.register("w")
        out = []
        let request = Multipart.request(.v02, service: "echo", body: [[1]])
        stage.broker.handle(request, from: .internal(2), principal: .gateway, now: stage.now, &out)
        #expect(stage.answer(Sent(out[0]), "x").map(\.to) == ["internal 2"])
    }
}
