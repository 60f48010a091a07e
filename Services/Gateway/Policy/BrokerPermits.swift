import JSON
import Majordomo
import Permissions
import ServiceKit
import ZeroMQ

/// The policy at the broker's door. For who may do everything it costs one comparison, for who may call a whole service
/// a few of its name; only permissions for single methods make the broker look into a body.
extension Broker {
    /// What the caller is taken for; nil when the request does not go on, and its client has been told why.
    mutating func permitted(_ arrival: Arrival, _ out: inout [Outgoing]) -> Role? {
        if arrival.peer.isInternal { return .service }
        switch arrival.principal.permit {
        case .everything: return .service
        case .nothing:
            refuse(arrival, Fault(.unauthenticated), "unauthenticated", &out)
            return nil
        case .by(let standing, _):
            let wish = Wish(arrival)
            // Whether a name is served is no secret, and an answer is fetched with what only its owner knows.
            if wish.isOpen { return .viewer }
            switch wish.rank(for: standing) {
            case .allowed(let rank): return rank
            case .forbidden(let permission):
                refuse(arrival, .forbidden(permission: "\(permission)"), "\(permission)", &out)
                return nil
            }
        }
    }

    private mutating func refuse(
        _ arrival: Arrival, _ fault: Fault, _ permission: String, _ out: inout [Outgoing]
    ) {
        statistics.refuse(fault.code)
        statistics.forbidden += 1
        statistics.lastForbidden = (arrival.principal.name, permission)
        answer(arrival, fault, &out)
    }

    /// Workers whose principal may not serve their name any more are sent away.
    mutating func enforce(_ principalOf: (Principal) -> Principal, _ out: inout [Outgoing]) {
        for index in workers.indices {
            guard let worker = workers[index], case .remote = worker.peer else { continue }
            let name = services[worker.service].name.bytes[...]
            if principalOf(worker.principal).permit.mayServe(name) { continue }
            drop(worker.peer, worker.principal, service: serviceName(index), .forbiddenName)
            sendAway(worker.peer, worker.version, &out)
        }
    }

    /// What a request wants: of which service, with which body.
    private struct Wish {
        let service: ArraySlice<UInt8>
        let body: ArraySlice<UInt8>

        init(_ arrival: Arrival) {
            let message = arrival.message
            let name = message[arrival.service]
            let body = arrival.body
            // Store and forward (RFC 9): the request inside is what counts.
            if name.elementsEqual("titanic.request".utf8), body.count > 1 {
                service = message[body.lowerBound]
                self.body = message[body.lowerBound + 1]
            } else {
                service = name
                self.body = message[body.lowerBound]
            }
        }

        var isOpen: Bool {
            service.starts(with: "mmi.".utf8) || service.elementsEqual("titanic.reply".utf8)
                || service.elementsEqual("titanic.close".utf8)
        }

        enum Outcome {
            case allowed(Role)
            case forbidden(Permission)
        }

        /// A batch is one message with one headers frame: it goes as the lowest of its requests' ranks.
        func rank(for standing: Standing) -> Outcome {
            let access = standing.access(toService: service)
            let isGateway = service.elementsEqual(GatewayRouter.serviceName.utf8)
            if case .all(let rank) = access, !isGateway { return .allowed(rank) }
            let name = String(decoding: service, as: UTF8.self)
            guard let methods = CalledMethod.all(in: body) else {
                let whole = Permission.call("\(name).*")
                return standing.rank(whole).map { .allowed($0) } ?? .forbidden(whole)
            }
            // Who may ask may take back what it asked.
            if access != .none, methods.map(\.name) == ["$/cancelRequest"] { return .allowed(.viewer) }
            var lowest = Role.service
            for method in methods {
                let permission = Permission.call(method.name, of: name)
                guard let rank = standing.rank(permission) else { return .forbidden(permission) }
                if isGateway, let topic = method.forbiddenTopic(for: standing) { return .forbidden(topic) }
                if rank.height < lowest.height { lowest = rank }
            }
            return .allowed(lowest)
        }
    }
}
