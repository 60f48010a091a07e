import JSON
import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

@Suite struct FairnessTests {
    private var stage = Stage()

    private mutating func flood(_ client: String, _ count: Int) -> [Sent] {
        (0..<count).flatMap { stage.ask("\(client) \($0)", from: client) }
    }

    /// The bodies in the order in which a worker of credit 1 gets them.
    private mutating func serveAll(after first: Sent) -> [String] {
        var order = first.body
        var request: Sent? = first
        while let current = request {
            request = stage.answer(current, "done").first { $0.isRequest }
            order += request?.body ?? []
        }
        return order
    }

    @Test mutating func clientsTakeTurns() {
        stage.register("w")
        let first = flood("a", 4)[0]
        #expect(flood("b", 2) == [])
        #expect(flood("c", 1) == [])
        #expect(serveAll(after: first) == ["a 0", "a 1", "b 0", "c 0", "a 2", "b 1", "a 3"])
        #expect(stage.broker.lines.isEmpty && stage.broker.lineOf.isEmpty)
    }

    @Test mutating func oneRequestAtATimeWaitsForOneTurnOfEach() {
        stage.register("w")
        var inHand = flood("flood", 1000)[0]
        for turn in 0..<20 {
            stage.ask("one \(turn)", from: "patient")
            var served = 0
            while inHand.body != ["one \(turn)"], let next = stage.answer(inHand, "done").first(where: \.isRequest) {
                inHand = next
                served += 1
            }
            #expect(served <= 2, "turn \(turn)")
        }
    }

    /// mdclient2 of the ZeroMQ guide sends so many before it reads a reply.
    @Test mutating func oneClientMaySendAHundredThousandRequests() {
        stage.register("w")
        #expect(flood("mdclient2", 100_000).count == 1)
        #expect(stage.broker.services[0].waiting == 99_999)
    }

    @Test mutating func aFloodLeavesRoomForOthers() {
        var limits = Limits()
        limits.serviceRequests = 100
        stage = Stage(limits)
        stage.register("w")
        let refused = flood("flood", 200).filter { !$0.isRequest }
        #expect(refused.count == 119)
        #expect(refused.allSatisfy { $0.json.at("/error/code") == -32006 && $0.to == "flood" })
        #expect(stage.broker.services[0].waiting == 80)
        // Whoever has little here gets in, until as many have come as there is room.
        for number in 0..<20 { #expect(stage.ask("x", from: "small \(number)") == []) }
        #expect(stage.ask("x", from: "late").map(\.to) == ["late"])
        #expect(stage.broker.services[0].waiting == 100)
    }

    @Test mutating func byBytesAsWell() {
        var limits = Limits()
        limits.serviceBytes = 10_000
        stage = Stage(limits)
        stage.register("w")
        let large = String(repeating: "x", count: 900)
        for _ in 0..<20 { stage.ask(large, from: "flood") }
        let held = stage.broker.services[0].waitingBytes
        #expect(held > 7000 && held <= 9000)
        #expect(stage.ask(large, from: "other") == [])
    }

    @Test mutating func whatIsRefusedComesBackWhenTheQueueIsLikelyDone() {
        var limits = Limits()
        limits.serviceRequests = 100
        stage = Stage(limits)
        stage.register("w")
        var inHand = flood("a", 81)[0]
        for _ in 0..<400 {
            stage.now.monotonic += 10
            let next = stage.answer(inHand, "done").first(where: \.isRequest)
            guard let next else { break }
            inHand = next
            stage.ask("more", from: "a")
        }
        let refusal = flood("a", 1)[0].json.at("/error/data/retryAfterMs")?.integer ?? 0
        #expect(refusal > 700 && refusal <= 800, "80 wait, 10 ms each: \(refusal)")
    }

    /// A routing id that another principal has now is another client: it gets nothing that was asked before.
    @Test mutating func aRoutingIDThatChangedHandsGetsNoForeignAnswer() {
        stage.register("w", announcing: #"{"credit":4}"#)
        let request = stage.ask("secret", from: "id")[0]
        var out: [Outgoing] = []
        let other = Principal(name: "uid:7", roles: [])
        stage.broker.handle(
            .request(.v02, service: "echo", body: [[1]]), from: Stage.peer("id"), principal: other, now: stage.now, &out
        )
        #expect(out.map(Sent.init).map(\.to) == ["w"])
        #expect(stage.answer(request, "for uid:1000") == [])
        #expect(stage.answer(Sent(out[0]), "for uid:7").map(\.body) == [["for uid:7"]])
        #expect(stage.broker.clients.isEmpty && stage.broker.requests.isEmpty)
    }
}

/// Random clients at a random worker: whoever waits is served before anybody else is served twice, and no queue grows
/// beyond its bounds.
@Suite struct FairnessSimulationTests {
    @Test(arguments: 0..<200 as Range<UInt64>) func nobodyStarves(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        var limits = Limits()
        limits.serviceRequests = Int.random(in: 1...60, using: &random)
        limits.serviceBytes = Int.random(in: 500...5000, using: &random)
        limits.clientRequests = Int.random(in: 5...100, using: &random)
        var stage = Stage(limits)
        stage.register("w", announcing: #"{"credit":\#(Int.random(in: 1...4, using: &random))}"#)
        var inHand: [Sent] = []
        /// For each client with something in line: how often each other was served since it began to wait.
        var overtaken: [String: [String: Int]] = [:]
        var waiting: [String: Int] = [:]
        func serve(_ list: [Sent]) {
            for request in list where request.isRequest {
                inHand.append(request)
                let client = String(request.body[0].prefix { $0 != " " })
                for other in overtaken.keys where other != client { overtaken[other]?[client, default: 0] += 1 }
                guard let count = waiting[client] else { continue }
                waiting[client] = count > 1 ? count - 1 : nil
                overtaken[client] = count > 1 ? [:] : nil
            }
        }
        for step in 0..<400 {
            if Int.random(in: 0..<3, using: &random) > 0 || inHand.isEmpty {
                // Client 0 floods, the others come now and then.
                let client = "c\(max(0, Int.random(in: -8...6, using: &random)))"
                let before = stage.broker.services[0].waiting
                let sent = stage.ask("\(client) " + String(repeating: "x", count: step % 90), from: client)
                if stage.broker.services[0].waiting > before {
                    if waiting[client] == nil { overtaken[client] = [:] }
                    waiting[client, default: 0] += 1
                }
                serve(sent)
            } else {
                let request = inHand.remove(at: Int.random(in: 0..<inHand.count, using: &random))
                serve(stage.answer(request, "done"))
            }
            let service = stage.broker.services[0]
            let isFair = overtaken.values.allSatisfy { $0.values.allSatisfy { $0 <= 1 } }
            let isBounded = service.waiting <= limits.serviceRequests && service.waitingBytes <= limits.serviceBytes
            let isBalanced = service.waiting == waiting.values.reduce(0, +) && stage.broker.lines.count == waiting.count
            guard isFair, isBounded, isBalanced else {
                Issue.record("seed \(seed), step \(step): \(overtaken), \(service), \(limits)")
                return
            }
        }
    }
}

/// The two structures beside plain ones that do the same.
@Suite struct BrokerStructuresTests {
    @Test(arguments: 0..<50 as Range<UInt64>) func deadlines(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        var deadlines = Deadlines()
        var plain: [Int: Int64] = [:]
        for _ in 0..<500 {
            let number = Int.random(in: 0..<40, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                deadlines.remove(number)
                plain[number] = nil
            case 1:
                let now = Int64.random(in: 0...30, using: &random)
                while let due = deadlines.popDue(now) {
                    #expect(plain[due] == plain.values.min())
                    #expect(plain.removeValue(forKey: due) ?? .max <= now)
                }
                #expect(plain.values.allSatisfy { $0 > now })
            default:
                let time = Int64.random(in: 0...100, using: &random)
                deadlines.set(number, to: time)
                plain[number] = time
            }
            let isSame = deadlines.next == plain.values.min() && deadlines.count == plain.count
            guard isSame, deadlines.time(of: number) == plain[number] else {
                Issue.record("seed \(seed)")
                return
            }
        }
    }

    @Test(arguments: 0..<50 as Range<UInt64>) func chains(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        var chains = Chains()
        var plain: [Int: [Int]] = [:]
        for _ in 0..<500 {
            let (owner, member) = (Int.random(in: 0..<4, using: &random), Int.random(in: 0..<30, using: &random))
            if let place = plain.first(where: { $0.value.contains(member) })?.key {
                chains.remove(member, from: place)
                plain[place]?.removeAll { $0 == member }
            } else if Bool.random(using: &random) {
                chains.append(member, to: owner)
                plain[owner, default: []].append(member)
            } else {
                chains.prepend(member, to: owner)
                plain[owner, default: []].insert(member, at: 0)
            }
            for owner in 0..<4 {
                let members = plain[owner] ?? []
                guard chains.members(owner) == members, chains.count(owner) == members.count,
                    chains.first(owner) == members.first
                else {
                    Issue.record("seed \(seed)")
                    return
                }
            }
        }
    }
}
