import Majordomo
import Testing
import ZeroMQ

/// A frame of the tables below: text, or bytes in `<hex>`.
private func message(_ frames: String...) -> Multipart {
    var message = Multipart()
    for frame in frames {
        if frame.hasPrefix("<"), let byte = UInt8(frame.dropFirst().dropLast(), radix: 16) {
            message.append(byte: byte)
        } else {
            message.append(frame)
        }
    }
    return message
}

@Suite struct ToBrokerTests {
    static let accepted: [(Multipart, ToBroker)] = [
        // RFC 7, clients
        (message("", "MDPC01", "echo", "b"), .request(.v01, envelope: 0, service: 2, body: 3..<4)),
        (message("", "MDPC01", "echo", "b", "h"), .request(.v01, envelope: 0, service: 2, body: 3..<5)),
        (message("", "MDPC01", "echo", ""), .request(.v01, envelope: 0, service: 2, body: 3..<4)),
        (message("id", "", "MDPC01", "echo", "b"), .request(.v01, envelope: 1, service: 3, body: 4..<5)),
        (message("1", "2", "3", "4", "", "MDPC01", "e", "b"), .request(.v01, envelope: 4, service: 6, body: 7..<8)),
        // RFC 7, workers
        (message("", "MDPW01", "<1>", "echo"), .ready(.v01, service: 3, announcement: nil)),
        (message("", "MDPW01", "<1>", "echo", "{}"), .ready(.v01, service: 3, announcement: 4)),
        (message("", "MDPW01", "<3>", "a", "", "b"), .reply(.v01, address: 3, body: 5..<6, isFinal: true)),
        // … and the PHP worker of the ZeroMQ guide, which leaves out the delimiter of a reply
        (message("", "MDPW01", "<3>", "a", "b"), .reply(.v01, address: 3, body: 4..<5, isFinal: true)),
        (message("", "MDPW01", "<3>", "a", "b", "c"), .reply(.v01, address: 3, body: 4..<6, isFinal: true)),
        (message("", "MDPW01", "<3>", "a", ""), .reply(.v01, address: 3, body: 4..<5, isFinal: true)),
        (message("", "MDPW01", "<3>", "a", "", ""), .reply(.v01, address: 3, body: 5..<6, isFinal: true)),
        (message("", "MDPW01", "<4>"), .heartbeat(.v01)),
        (message("", "MDPW01", "<5>"), .disconnect(.v01)),
        // RFC 18
        (message("MDPC02", "<1>", "echo", "b", "h"), .request(.v02, envelope: 0, service: 2, body: 3..<5)),
        // … and a REQ that speaks 0.2
        (message("", "MDPC02", "<1>", "echo", "b"), .request(.v02, envelope: 1, service: 3, body: 4..<5)),
        (message("id", "", "MDPC02", "<1>", "e", "b"), .request(.v02, envelope: 2, service: 4, body: 5..<6)),
        (message("MDPW02", "<1>", "echo"), .ready(.v02, service: 2, announcement: nil)),
        (message("MDPW02", "<1>", "echo", "{}"), .ready(.v02, service: 2, announcement: 3)),
        (message("MDPW02", "<3>", "a", "", "b"), .reply(.v02, address: 2, body: 4..<5, isFinal: false)),
        (message("MDPW02", "<4>", "a", "", "b", "c"), .reply(.v02, address: 2, body: 4..<6, isFinal: true)),
        (message("MDPW02", "<5>"), .heartbeat(.v02)),
        (message("MDPW02", "<6>"), .disconnect(.v02)),
    ]

    @Test(arguments: accepted) func isParsed(frames: Multipart, expected: ToBroker) throws {
        #expect(try ToBroker(frames) == expected)
    }

    static let refused: [(Multipart, Malformed)] = [
        (Multipart(), Malformed(.noFrames)),
        (message(""), Malformed(.unknownProtocol)),
        (message("hello"), Malformed(.noDelimiter)),
        (message("MDPC03", "<1>", "echo", "b"), Malformed(.unknownProtocol)),
        (message("MDPC01", "echo", "b"), Malformed(.unknownProtocol)),
        (message("1", "2", "3", "4", "5", "", "MDPC01", "e", "b"), Malformed(.noDelimiter)),
        (message("", "MDPX01", "echo", "b"), Malformed(.unknownProtocol)),
        (message("", "MDPC02"), Malformed(.noCommand)),
        (message("", "MDPC02", "<1>", "echo"), Malformed(.noBody)),
        (message("", "MDPW02", "<1>", "echo"), Malformed(.unknownProtocol)),
        (message("id", "", "MDPW01", "<1>", "echo"), Malformed(.unknownProtocol)),
        (message("", "MDPC01"), Malformed(.noService)),
        (message("", "MDPC01", "", "b"), Malformed(.noService)),
        (message("", "MDPC01", "echo"), Malformed(.noBody)),
        (message("MDPC02"), Malformed(.noCommand)),
        (message("MDPC02", "<2>", "echo", "b"), Malformed(.unknownCommand)),
        (message("MDPC02", "11", "echo", "b"), Malformed(.unknownCommand)),
        (message("MDPC02", "", "echo", "b"), Malformed(.unknownCommand)),
        (message("MDPC02", "<1>"), Malformed(.noService)),
        (message("MDPC02", "<1>", "", "b"), Malformed(.noService)),
        (message("MDPC02", "<1>", "echo"), Malformed(.noBody)),
        (message("", "MDPW01"), Malformed(.noCommand, worker: .v01)),
        (message("", "MDPW01", "<2>", "a", "", "b"), Malformed(.unknownCommand, worker: .v01)),
        (message("", "MDPW01", "<6>"), Malformed(.unknownCommand, worker: .v01)),
        (message("", "MDPW01", "<1>"), Malformed(.noService, worker: .v01)),
        (message("", "MDPW01", "<1>", ""), Malformed(.noService, worker: .v01)),
        (message("", "MDPW01", "<3>", "a"), Malformed(.addressNotDelimited, worker: .v01)),
        (message("", "MDPW01", "<4>", "x"), Malformed(.trailingFrames, worker: .v01)),
        (message("MDPW02"), Malformed(.noCommand, worker: .v02)),
        (message("MDPW02", "<2>", "a", "", "b"), Malformed(.unknownCommand, worker: .v02)),
        (message("MDPW02", "<7>"), Malformed(.unknownCommand, worker: .v02)),
        (message("MDPW02", "<1>", "echo", "{}", "x"), Malformed(.trailingFrames, worker: .v02)),
        (message("MDPW02", "<4>"), Malformed(.noAddress, worker: .v02)),
        (message("MDPW02", "<4>", ""), Malformed(.noAddress, worker: .v02)),
        (message("MDPW02", "<4>", "a"), Malformed(.addressNotDelimited, worker: .v02)),
        (message("MDPW02", "<4>", "a", "b"), Malformed(.addressNotDelimited, worker: .v02)),
        (message("MDPW02", "<4>", "a", ""), Malformed(.noBody, worker: .v02)),
        (message("MDPW02", "<6>", "x"), Malformed(.trailingFrames, worker: .v02)),
    ]

    @Test(arguments: refused) func isRefused(frames: Multipart, expected: Malformed) {
        #expect(throws: expected) { try ToBroker(frames) }
    }

    /// Whatever the frames are, the parser answers; and every cut of a good message is refused or still good.
    @Test func survivesEveryCutAndAnyNoise() {
        var random = SystemRandomNumberGenerator()
        let words: [[UInt8]] = [[], [1], [4], [6], Array("MDPC01".utf8), Array("MDPW02".utf8), [0xff, 0xfe], [0]]
        for _ in 0..<20_000 {
            let frames = (0..<Int.random(in: 0...9, using: &random)).map { _ in
                words[Int.random(in: 0..<words.count, using: &random)]
            }
            _ = try? ToBroker(Multipart(frames))
        }
    }
}

@Suite struct OtherRolesTests {
    @Test func workerReadsBothVersions() throws {
        for (version, empty) in [(Version.v01, 1), (.v02, 0)] {
            var request = Multipart.workerRequest(version, address: ByteKey("tok"), reservingBytes: 0)
            request.append("body")
            let start = 2 + empty
            #expect(try ToWorker(request, version) == .request(address: start, body: start + 2..<start + 3))
            #expect(try ToWorker(.heartbeat(version), version) == .heartbeat)
            #expect(try ToWorker(.disconnect(version), version) == .disconnect)
        }
        #expect(throws: Malformed(.unknownProtocol)) { try ToWorker(.heartbeat(.v01), .v02) }
        #expect(throws: Malformed(.unknownCommand)) { try ToWorker(message("MDPW02", "<1>", "echo"), .v02) }
        #expect(throws: Malformed(.noBody)) { try ToWorker(message("MDPW02", "<2>", "a", ""), .v02) }
    }

    @Test func clientReadsBothVersions() throws {
        var reply = Multipart.clientReply(
            .v02, envelope: nil, service: ByteKey("echo"), isFinal: false, reservingBytes: 0)
        reply.append("b")
        #expect(reply == message("MDPC02", "<2>", "echo", "b"))
        #expect(try ToClient(reply, .v02).isFinal == false)
        #expect(try ToClient(message("", "MDPC01", "echo", "b"), .v01).body == 3..<4)
        #expect(throws: Malformed(.unknownCommand)) { try ToClient(message("MDPC02", "<1>", "echo", "b"), .v02) }
        #expect(throws: Malformed(.noBody)) { try ToClient(message("MDPC02", "<3>", "echo"), .v02) }
    }

    @Test func theTablesOfTheProtocolPage() {
        #expect(
            Multipart.request(.v01, service: "s", body: [[98], [104]]) == message("", "MDPC01", "s", "b", "h"))
        #expect(Multipart.request(.v02, service: "s", body: [[98]]) == message("MDPC02", "<1>", "s", "b"))
        #expect(Multipart.ready(.v01, service: "s") == message("", "MDPW01", "<1>", "s"))
        #expect(Multipart.ready(.v02, service: "s", announcement: [123]) == message("MDPW02", "<1>", "s", "{"))
        #expect(
            Multipart.reply(.v01, address: ByteKey("a"), body: [[98]]) == message("", "MDPW01", "<3>", "a", "", "b"))
        #expect(
            Multipart.reply(.v02, address: ByteKey("a"), body: [[98]], isFinal: false)
                == message("MDPW02", "<3>", "a", "", "b"))
        #expect(
            Multipart.reply(.v02, address: ByteKey("a"), body: [[98]]) == message("MDPW02", "<4>", "a", "", "b"))
        #expect(Multipart.heartbeat(.v01) == message("", "MDPW01", "<4>"))
        #expect(Multipart.heartbeat(.v02) == message("MDPW02", "<5>"))
        #expect(Multipart.disconnect(.v01) == message("", "MDPW01", "<5>"))
        #expect(Multipart.disconnect(.v02) == message("MDPW02", "<6>"))
        #expect(
            Multipart.clientReply(
                .v01, envelope: Multipart("id"), service: ByteKey("s"), isFinal: true, reservingBytes: 0)
                == message("id", "", "MDPC01", "s"))
        #expect(
            Multipart.clientReply(
                .v02, envelope: Multipart(""), service: ByteKey("s"), isFinal: true, reservingBytes: 0)
                == message("", "MDPC02", "<3>", "s"))
    }
}
