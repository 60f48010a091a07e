import JSON
import ServiceKit
import Vocabulary

/// What comes of a delivery: the end, another attempt, or the dead letters.
extension Titanic {
    /// Lost attempts that are repeated at once.
    static let immediateRetries = 2
    static let firstPause = Duration.seconds(1)
    static let longestPause = Duration.seconds(300)

    mutating func finish(_ uuid: String, _ reply: [[UInt8]], _ now: Instant, _ fault: Fault? = nil) {
        guard let delivery = land(uuid) else { return }
        lanes[delivery.service]?.refusals = 0
        if reply.reduce(0, { $0 + $1.count }) > limits.storedReplyBytes {
            let tooLarge = Fault.payloadTooLarge(limit: limits.storedReplyBytes, data: ["started": true])
            let response = Broker.response(to: delivery.body.first.map { $0[...] } ?? [], tooLarge)
            effects.append(.write(.finish(uuid: uuid, reply: [response], tooLarge)))
        } else {
            effects.append(.write(.finish(uuid: uuid, reply: reply, fault)))
        }
        pump(delivery.service, now)
    }

    /// The broker could not bring a reply. Whether the request is tried again depends on whether it can have been
    /// started, and on how often it was.
    mutating func judge(_ uuid: String, _ fault: Fault, _ body: [[UInt8]], _ now: Instant) {
        guard let delivery = inFlight[uuid] else { return }
        let wasStarted = fault.data["started"]?.bool ?? false
        let isTooLate = delivery.deadline.map { $0 <= now } ?? false
        switch fault.code {
        case .noResponders:
            lanes[delivery.service]?.isServed = false
            putBack(delivery, fault, nextAt: now, counts: false, now)
        case .deadlineExceeded where isTooLate: finish(uuid, body, now, fault)
        case .overloaded: pause(delivery, fault, now)
        case .deadlineExceeded where !wasStarted: pause(delivery, fault, now)
        case .workerLost, .deadlineExceeded:
            if delivery.attempts >= limits.deliveryAttempts {
                bury(delivery, fault, now)
            } else {
                putBack(delivery, fault, nextAt: now + retryPause(after: delivery.attempts), counts: true, now)
            }
        default: finish(uuid, body, now, fault)
        }
    }

    /// The broker has no room: the whole line waits.
    private mutating func pause(_ delivery: Delivery, _ fault: Fault, _ now: Instant) {
        let refusals = lanes[delivery.service]?.refusals ?? 0
        let asked = Duration.milliseconds(fault.data["retryAfterMs"]?.integer ?? 100)
        lanes[delivery.service]?.refusals = refusals + 1
        let pause = jittered(min(asked * (1 << min(refusals, 8)), .seconds(30)))
        lanes[delivery.service]?.pausedUntil = now + pause
        putBack(delivery, fault, nextAt: now, counts: false, now)
    }

    private mutating func putBack(
        _ delivery: Delivery, _ fault: Fault, nextAt: Instant, counts: Bool, _ now: Instant
    ) {
        if delivery.expiresAt <= now { return bury(delivery, fault, now) }
        guard land(delivery.uuid) != nil else { return }
        effects.append(
            .write(.putBack(uuid: delivery.uuid, service: delivery.service, nextAt: nextAt, counts: counts)))
        pump(delivery.service, now)
    }

    private mutating func bury(_ delivery: Delivery, _ fault: Fault, _ now: Instant) {
        guard land(delivery.uuid) != nil else { return }
        effects.append(.write(.bury(uuid: delivery.uuid, fault)))
        pump(delivery.service, now)
    }

    /// It is not on its way any more.
    private mutating func land(_ uuid: String) -> Delivery? {
        guard let delivery = inFlight.removeValue(forKey: uuid) else { return nil }
        lanes[delivery.service]?.inFlight -= 1
        return delivery
    }

    /// None after the first attempts, then four times as long after each, between half of it and all.
    mutating func retryPause(after attempts: Int) -> Duration {
        guard attempts > Self.immediateRetries else { return .zero }
        let doubled = 2 * min(attempts - Self.immediateRetries - 1, 8)
        return jittered(min(Self.firstPause * (1 << doubled), Self.longestPause))
    }

    private mutating func jittered(_ pause: Duration) -> Duration {
        let half = max(pause.milliseconds / 2, 1)
        return .milliseconds(half + Int64(random.next() % UInt64(half)) + 1)
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}

extension Fault {
    static func notStorable(_ service: String) -> Fault {
        Fault(
            .invalidParams,
            Bilingual(
                ko: "'\(service.prefix(100))'에는 요청을 맡길 수 없습니다: 128바이트 이하의 서비스 이름이어야 하고 mmi., titanic.으로 시작할 수 없습니다",
                en: "'\(service.prefix(100))' takes no stored requests: a service's name of at most 128 bytes is "
                    + "expected, not mmi.* or titanic.*"),
            data: ["service": .string(String(service.prefix(100)))])
    }

    static func storeFull(limit: String) -> Fault {
        Fault(
            .overloaded,
            Bilingual(
                ko: "맡길 수 있는 요청의 한계 \(limit)에 닿았습니다. 받은 답을 titanic.close로 닫고 다시 보내세요",
                en: "the limit \(limit) of stored requests is reached; close those whose reply you have "
                    + "(titanic.close), then send again"),
            data: ["limit": .string(limit)])
    }

    static let notStored = Fault(
        .overloaded,
        Bilingual(ko: "요청을 저장하지 못했습니다. 잠시 뒤 다시 보내세요", en: "the request could not be stored; send it again later"))

    static let endedWithGateway = Fault(
        .workerLost,
        Bilingual(
            ko: "마지막 시도 중에 관문이 멈췄습니다. 서비스의 기록을 확인하고 다시 시도하세요",
            en: "the gateway ended during the last attempt; look at the service's log, then retry it"),
        data: ["started": true])

    static let outlived = Fault(
        .deadlineExceeded,
        Bilingual(
            ko: "맡겨 둘 수 있는 시간 안에 전하지 못했습니다. 서비스를 확인하고 다시 시도하세요",
            en: "it was not delivered in the time that it may be kept; look at its service, then retry it"),
        data: ["started": false])
}
