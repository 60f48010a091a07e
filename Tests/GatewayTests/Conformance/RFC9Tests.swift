import JSON
import ServiceKit
import Storage
import Testing
import Vocabulary
import ZeroMQ

@testable import Gateway

/// RFC 9 (TSP): what it asks of a server.
@Suite(.timeLimit(.minutes(5))) struct RFC9Tests {
    @Test("RFC 9: a server MUST implement the services titanic.request, titanic.reply and titanic.close")
    func theThreeServicesAreThere() throws {
        let post = try PostOffice()
        defer { post.end() }
        for version in ["MDPC01", "MDPC02"] {
            let client = try RawPeer(post.house)
            for service in TitanicService.allCases {
                let head = version == "MDPC01" ? ["", version] : [version, "\u{1}"]
                try client.send(Multipart((head + ["mmi.service", service.rawValue]).map { Array($0.utf8) }))
                let answer = try #require(try client.receive())
                #expect(answer.text(answer.count - 1) == "200", "\(service)")
            }
        }
    }

    @Test("RFC 9: titanic.request MUST reply with a status and a UUID of 32 hexadecimal characters, after it is stored")
    func aRequestIsStored() async throws {
        let post = try PostOffice()
        defer { post.end() }
        let client = try RawPeer(post.house)
        let answer = try #require(
            try client.ask([Array("echo".utf8), Array("hello".utf8), []], TitanicService.request.rawValue))
        #expect(answer.count == 2 && answer.first == "200")
        let uuid = try #require(answer.last)
        #expect(uuid.utf8.count == 32 && uuid.allSatisfy { $0.isHexDigit && !$0.isLowercase })
        let kept = try await post.database.read { db in
            try db.row("SELECT body FROM stored_request WHERE uuid = ?", uuid)?.get("body") as [UInt8]?
        }
        #expect(kept.map(Frames.unpack) == [Array("hello".utf8), []])
    }

    @Test("RFC 9: a request has two frames or more; what is less is refused with a status of the table")
    func aRequestWithoutABodyIsRefused() async throws {
        let post = try PostOffice()
        defer { post.end() }
        #expect(await post.ask(.request, ["echo"]).first == "400")
    }

    @Test("RFC 9: titanic.reply answers 300 before there is a reply, 200 with its frames then, 400 for an unknown UUID")
    func aReplyIsFetched() async throws {
        let post = try PostOffice()
        defer { post.end() }
        let uuid = await post.ask(.request, ["echo", "one"])[1]
        #expect(await post.ask(.reply, [uuid]) == ["300"])
        let worker = try EchoWorker(post.house)
        defer { worker.end() }
        #expect(await post.reply(uuid) == ["200", "one"])
        #expect(await post.ask(.reply, [uuid.lowercased()]) == ["200", "one"])
        #expect(await post.ask(.reply, [StoredRequest.newUUID()]) == ["400"])
        #expect(await post.ask(.reply, ["no UUID at all"]) == ["400"])
    }

    @Test("RFC 9: titanic.reply is idempotent and MUST NOT delete a reply when successfully delivered")
    func aReplyStays() async throws {
        let post = try PostOffice()
        defer { post.end() }
        let worker = try EchoWorker(post.house)
        defer { worker.end() }
        let uuid = await post.ask(.request, ["echo", "x"])[1]
        #expect(await post.reply(uuid) == ["200", "x"])
        for _ in 0..<3 { #expect(await post.ask(.reply, [uuid]) == ["200", "x"]) }
        #expect(worker.requests.all.count == 1)
    }

    @Test(
        "RFC 9: titanic.close deletes any request and reply, is idempotent, and MUST return 200 if the UUID is not known"
    )
    func aRequestIsClosed() async throws {
        let post = try PostOffice()
        defer { post.end() }
        let waiting = await post.ask(.request, ["nobody", "x"])[1]
        for _ in 0..<2 { #expect(await post.ask(.close, [waiting]) == ["200"]) }
        #expect(await post.ask(.reply, [waiting]) == ["400"])
        #expect(await post.ask(.close, [StoredRequest.newUUID()]) == ["200"])
        let left = try await post.database.read { db in
            try db.row("SELECT COUNT(*) AS n FROM stored_request")?.get("n") as Int?
        }
        #expect(left == 0)
    }

    @Test("RFC 9: requests are executed as and when services are available, whoever restarts meanwhile")
    func whatWasStoredIsExecutedAfterARestart() async throws {
        let post = try PostOffice()
        let uuid = await post.ask(.request, ["echo", "x"])[1]
        post.end()
        let again = try PostOffice(path: post.path)
        defer { again.end() }
        #expect(await again.ask(.reply, [uuid]) == ["300"])
        let worker = try EchoWorker(again.house)
        defer { worker.end() }
        #expect(await again.reply(uuid) == ["200", "x"])
    }
}
