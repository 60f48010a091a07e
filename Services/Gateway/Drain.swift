import JSON
import ServiceKit
import ZeroMQ

/// `gateway.drain` and `gateway.resume`: a service's workers out of use and back, without a failed request.
enum Drain {
    struct Parameters: Codable, Sendable, Constrained {
        let service: String
        /// One worker of several; all of the service when left out.
        let instance: String?
        /// How long requests wait for a worker when no other is left; without it they are refused (`noResponders`).
        let waitMs: Int64?
        static let constraints: [String: Schema.Constraint] = [
            "service": .length(1...200), "waitMs": .range(0...600_000),
        ]
    }

    struct Resumption: Codable, Sendable, Constrained {
        let service: String
        let instance: String?
        static let constraints: [String: Schema.Constraint] = ["service": .length(1...200)]
    }

    struct Worker: Codable, Sendable {
        let instance: String
        let inFlight: Int
    }

    struct Result: Codable, Sendable {
        let service: String
        let workers: [Worker]
        /// Nothing is in flight any more: the processes may end.
        let isIdle: Bool
    }

    struct Resumed: Codable, Sendable { let service: String }

    /// - Parameter router: the gateway's own, once it is there.
    static func methods(_ router: @escaping @Sendable () -> GatewayRouter?) -> [Method] {
        [
            .action(
                "gateway.drain",
                Bilingual(
                    ko: "워커에게 새 요청을 주지 않는다; 가진 것은 끝낸다. 다시 불러 비었는지 본다",
                    en:
                        "Gives workers no more requests; they finish what they hold. Call again to see whether they have"
                ),
                role: .operator, idempotent: true
            ) { (p: Parameters, _) throws -> Result in
                try refuseOwn(p.service)
                let drained = await router()?.ask { broker, now, out in
                    broker.drain(ByteKey(p.service), instance: p.instance, wait: p.waitMs, now, &out)
                }
                guard let workers = drained ?? nil else { throw nobody(p.service, p.instance) }
                return Result(
                    service: p.service, workers: workers.map { Worker(instance: $0.instance, inFlight: $0.inFlight) },
                    isIdle: workers.allSatisfy { $0.inFlight == 0 })
            },
            .action(
                "gateway.resume",
                Bilingual(ko: "비운 워커에게 다시 요청을 준다", en: "Gives drained workers requests again"),
                role: .operator, idempotent: true
            ) { (p: Resumption, _) throws -> Resumed in
                let found = await router()?.ask { broker, now, out in
                    broker.resume(ByteKey(p.service), instance: p.instance, now, &out)
                }
                guard found ?? false else { throw nobody(p.service, p.instance) }
                return Resumed(service: p.service)
            },
        ]
    }

    private static func refuseOwn(_ service: String) throws(Fault) {
        guard Broker.isReserved(service) else { return }
        throw .invalid(
            "/service", .string(service),
            Bilingual(
                ko: "게이트웨이 자신은 비울 수 없습니다. ieum restart gateway 를 쓰세요",
                en: "the gateway itself cannot be drained; use ieum restart gateway"))
    }

    private static func nobody(_ service: String, _ instance: String?) -> Fault {
        .notFound(kind: "worker", id: instance.map { "\(service) \($0)" } ?? service)
    }
}
