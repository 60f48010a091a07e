import JSON
import Majordomo
import ServiceKit
import Storage
import Vocabulary
import ZeroMQ

@testable import Gateway

/// The clients, the services and the observer of a `TitanicSimulation`.
extension TitanicSimulation {
    // MARK: Services

    /// A worker comes, or goes with all it had in hand.
    mutating func change(_ service: String) throws {
        if workers.removeValue(forKey: service) == nil {
            workerLives += 1
            workers[service] = workerLives
            registered.insert(service)
            try feed(.served(service, true))
        } else {
            registered.remove(service)
            for delivery in titanic.inFlight.values.sorted(by: { $0.uuid < $1.uuid })
            where delivery.service == service && inHand.contains(delivery.uuid) {
                try feed(.refused(uuid: delivery.uuid, Fault(.workerLost, data: ["started": true]), body: []))
            }
            inHand.subtract(inHand.filter { body[$0]?.hasPrefix(service) ?? false })
            try feed(.served(service, false))
        }
    }

    /// The broker decides in the order in which deliveries come.
    mutating func arrive(_ delivery: Delivery) throws {
        if delivery.deadline.map({ $0 <= now }) ?? false {
            let fault = Fault(.deadlineExceeded, data: ["started": false])
            return try feed(.refused(uuid: delivery.uuid, fault, body: [fault.json.bytes]))
        }
        guard registered.contains(delivery.service), let worker = workers[delivery.service] else {
            return try feed(.refused(uuid: delivery.uuid, Fault(.noResponders), body: []))
        }
        if isTroubled, random.chance(troubles / 6) {
            return try feed(.refused(uuid: delivery.uuid, .overloaded(retryAfterMs: 100), body: []))
        }
        inHand.insert(delivery.uuid)
        executions[delivery.uuid, default: 0] += 1
        let allowed = limits.deliveryAttempts * (1 + retries[delivery.uuid, default: 0])
        if executions[delivery.uuid, default: 0] > allowed {
            violations.append("\(delivery.uuid) was delivered more than \(allowed) times")
        }
        let delay = isTroubled && random.chance(troubles / 3) ? random.milliseconds(0...60_000) : 5
        let isFair = !isTroubled || !random.chance(troubles)
        let outcome = isFair ? Outcome.reply : random.chance(50) ? .lost : .late
        schedule(.outcome(delivery, outcome, worker: worker, life: life), after: delay)
        if isFair, isTroubled, random.chance(troubles / 3) {
            schedule(.outcome(delivery, .reply, worker: worker, life: life), after: delay + 700)
        }
    }

    mutating func answer(_ delivery: Delivery, _ outcome: Outcome) -> Titanic.Input {
        inHand.remove(delivery.uuid)
        switch outcome {
        case .reply: return .replied(uuid: delivery.uuid, body: [Array("done ".utf8) + delivery.body[0]])
        case .lost: return .refused(uuid: delivery.uuid, Fault(.workerLost, data: ["started": true]), body: [])
        case .late:
            let fault = Fault(.deadlineExceeded, data: ["started": true])
            return .refused(uuid: delivery.uuid, fault, body: [fault.json.bytes])
        }
    }

    // MARK: Clients

    mutating func store() throws {
        stored += 1
        let service = Self.services[Int.random(in: 0..<3, using: &random)]
        let client = Self.clients[Int.random(in: 0..<2, using: &random)]
        let uuid = "UUID\(stored)"
        owner[uuid] = client
        body[uuid] = "\(service) \(stored)"
        let deadline = random.chance(15) ? now.adding(milliseconds: random.milliseconds(0...90_000)) : nil
        let request = StoredRequest(
            uuid: uuid, service: service, principal: client, roles: [.viewer],
            body: [Array("\(service) \(stored)".utf8)], storedAt: now, deadline: deadline)
        try feed(.store(request, ReplyAddress(token: ByteKey(uuid))))
    }

    mutating func answered(_ frames: [[UInt8]]) throws {
        guard String(decoding: frames[0], as: UTF8.self) == "200" else {
            refused += 1
            return
        }
        let uuid = String(decoding: frames[1], as: UTF8.self)
        if !acknowledged.insert(uuid).inserted { violations.append("\(uuid) was acknowledged twice") }
        if try books.reply(uuid, for: owner[uuid] ?? "", in: db) == .unknown {
            violations.append("\(uuid) was acknowledged and is not on the disk")
        }
    }

    mutating func look() throws {
        for uuid in acknowledged.sorted() where !gone.contains(uuid) {
            let other = Self.clients.first { $0 != owner[uuid] } ?? ""
            if try books.reply(uuid, for: other, in: db) != .unknown { violations.append("\(uuid) is seen by another") }
            if !(try books.close(uuid, only: other, in: db).isEmpty) {
                violations.append("\(uuid) is closed by another")
            }
            switch try books.reply(uuid, for: owner[uuid] ?? "", in: db) {
            case .ready(let reply):
                if let before = replies[uuid], before != reply { violations.append("\(uuid) has another reply now") }
                replies[uuid] = reply
                let text = String(decoding: reply.first ?? [], as: UTF8.self)
                if text != "done \(body[uuid] ?? "")", !text.contains("-32007") {
                    violations.append("\(uuid) has the reply \(text)")
                }
            case .unknown:
                // Only what has an end may expire.
                if ends[uuid, default: 0] == 0 { violations.append("\(uuid) is lost") }
                gone.insert(uuid)
            case .pending, .dead:
                if replies[uuid] != nil { violations.append("the reply of \(uuid) is gone") }
            }
        }
    }

    mutating func close() throws {
        guard let uuid = acknowledged.subtracting(gone).sorted().randomElement(using: &random) else { return }
        gone.insert(uuid)
        try feed(.changed(try books.close(uuid, only: owner[uuid] ?? "", in: db)))
    }

    /// An operator retries or purges the dead letters.
    mutating func tidy() throws {
        let choice = DeadLetters.Choice(ids: nil, all: true, service: nil, olderThanSeconds: nil)
        let dead = try books.deadLetters(choice, at: now, in: db)
        if random.chance(70) {
            for uuid in dead { retries[uuid, default: 0] += 1 }
            try feed(.changed(written(books.retry(dead, by: "uid:0", now, in: db)).changes))
        } else {
            gone.formUnion(dead)
            try feed(.changed(written(books.purge(dead, by: "uid:0", now, in: db)).changes))
        }
    }

    // MARK: The observer

    mutating func noteOrder(_ delivery: Delivery) {
        // What was retried stands in the line again, at its old place.
        guard let number = places[delivery.uuid], delivered.insert(delivery.uuid).inserted,
            retries[delivery.uuid] == nil
        else { return }
        if number < lastFirst[delivery.service, default: 0] {
            violations.append("\(delivery.uuid) was overtaken before its first delivery")
        }
        lastFirst[delivery.service] = number
    }

    mutating func judge() throws {
        try look()
        for row in try db.rows("SELECT uuid, state FROM stored_request WHERE state IN ('waiting', 'sent')") {
            violations.append("\(try row.get("uuid") as String) has no end: \(try row.get("state") as String)")
        }
        for (uuid, count) in ends where count > 1 + retries[uuid, default: 0] {
            violations.append("\(uuid) has \(count) ends")
        }
        for uuid in acknowledged.subtracting(gone) where ends[uuid, default: 0] == 0 {
            violations.append("nobody was told of the end of \(uuid)")
        }
        if !titanic.inFlight.isEmpty { violations.append("\(titanic.inFlight.count) are on their way for ever") }
        if titanic.lanes.values.contains(where: { $0.inFlight != 0 || $0.unfinished != 0 }) {
            violations.append("a lane is left: \(titanic.lanes)")
        }
        var holdings: [String: Titanic.Holding] = [:]
        for row in try db.rows(
            "SELECT principal, COUNT(*) AS n, SUM(bytes) AS b FROM stored_request GROUP BY principal")
        {
            holdings[try row.get("principal")] = Titanic.Holding(requests: try row.get("n"), bytes: try row.get("b"))
        }
        if holdings != titanic.holdings { violations.append("the disk keeps \(holdings), not \(titanic.holdings)") }
    }
}
