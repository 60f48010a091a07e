import JSON
import Majordomo
import ServiceKit
import ZeroMQ

extension Broker {
    /// The worker that this peer is, seen alive. A stranger is told to register: it did once, at a broker before.
    mutating func registered(
        _ peer: PeerID, _ version: Version, _ principal: Principal, _ now: Moment, _ out: inout [Outgoing]
    ) -> Int? {
        guard let index = workerOf[peer], let own = workers[index]?.version else {
            drop(peer, principal, service: "", .notRegistered)
            out.append(Outgoing(peer: peer, message: .disconnect(version)))
            return nil
        }
        guard own == version else {
            drop(peer, principal, service: serviceName(index), .versionChanged)
            sendAway(peer, own, &out)
            return nil
        }
        workers[index]?.seen(now, limits)
        return index
    }

    mutating func ready(
        _ message: Multipart, _ version: Version, _ service: Int, _ announcement: Int?, from peer: PeerID,
        _ principal: Principal, _ now: Moment, _ out: inout [Outgoing]
    ) {
        if let index = workerOf[peer], workers[index]?.isLeaving ?? false { lose(index, &out) }
        let offer: Offer
        let entry: Int
        do throws(Unfit) {
            offer = try self.offer(message, service, announcement, from: peer, principal)
            guard workers.count < limits.workers, let known = serviceEntry(message.key(service)) else {
                throw Unfit(reason: .tooManyWorkers)
            }
            entry = known
        } catch {
            drop(peer, principal, service: shown(message[service]), error.reason)
            return sendAway(peer, version, &out)
        }
        let worker = Worker(
            identity: Worker.Identity(
                peer: peer, principal: principal, instance: offer.instance, release: offer.release),
            version: version, service: entry, credit: offer.credit, isAnnounced: offer.takesHeaders,
            cancels: offer.takesHeaders && offer.cancels,
            heartbeatDue: now.monotonic + Int64(limits.heartbeat), expires: now.monotonic + Int64(limits.expiry))
        let index = workers.insert(worker)
        workerOf[peer] = index
        enlist(index)
        services[entry].references += 1
        wake(at: worker.heartbeatDue)
        // The first heartbeat at once: a worker knows by it that it is registered.
        out.append(Outgoing(peer: peer, message: .heartbeat(version)))
        released(index, now, &out)
    }

    /// What a READY offers.
    private struct Offer {
        var credit = 1
        var takesHeaders = false
        var instance = ""
        var release = ""
        var cancels = false
    }

    private struct Unfit: Error { let reason: DropReason }

    private func offer(
        _ message: Multipart, _ service: Int, _ announcement: Int?, from peer: PeerID, _ principal: Principal
    ) throws(Unfit) -> Offer {
        if workerOf[peer] != nil { throw Unfit(reason: .readyTwice) }
        guard Self.isValid(message[service], limit: limits.serviceNameBytes) else { throw Unfit(reason: .invalidName) }
        if !peer.isInternal, Self.isReserved(message.text(service)) { throw Unfit(reason: .reservedName) }
        if !peer.isInternal, !principal.permit.mayServe(message[service]) { throw Unfit(reason: .forbiddenName) }
        guard let announcement else { return Offer() }
        let frame = message[announcement]
        guard frame.count <= limits.announcementBytes, let json = try? JSON(parsing: frame), json.object != nil,
            json["credit"].map({ ($0.integer ?? 0) > 0 }) ?? true
        else { throw Unfit(reason: .invalidAnnouncement) }
        return Offer(
            credit: Int(min(json["credit"]?.integer ?? 1, Int64(limits.credit))),
            takesHeaders: json["headers"]?.bool ?? true,
            instance: String((json["instance"]?.string ?? "").prefix(100)),
            release: String((json["version"]?.string ?? "").prefix(100)), cancels: json["cancels"] == true)
    }

    /// DISCONNECT by a worker. One that announced itself may finish what it holds; a stock worker that says goodbye
    /// with a request in hand will not answer it.
    mutating func leave(_ index: Int, _ now: Moment, _ out: inout [Outgoing]) {
        guard let worker = workers[index] else { return }
        if worker.isLeaving { return }
        guard worker.isAnnounced, worker.inFlight > 0 else { return lose(index, &out) }
        if worker.isServing { retire(index) }
        workers[index]?.isLeaving = true
        failWaitingIfUnserved(worker.service, &out)
    }

    /// A worker is gone: what it held is answered with workerLost, and what waits for the last one of its service with
    /// noResponders.
    mutating func lose(_ index: Int, _ out: inout [Outgoing]) {
        guard let worker = workers[index] else { return }
        for slot in held.members(index) {
            if case .abandoned = requests[slot]?.state {
                end(slot, heldBy: index)
            } else {
                fail(slot, Fault(.workerLost, data: ["started": true]), &out)
            }
        }
        removeWorker(index)
        failWaitingIfUnserved(worker.service, &out)
    }

    /// The gateway stops: what is open is answered, and workers look for another gateway.
    mutating func end(_ out: inout [Outgoing]) {
        for index in workers.indices {
            guard let worker = workers[index] else { continue }
            lose(index, &out)
            if case .remote = worker.peer {
                out.append(Outgoing(peer: worker.peer, message: .disconnect(worker.version)))
            }
        }
    }

    mutating func removeWorker(_ index: Int) {
        guard let worker = workers[index] else { return }
        if worker.isServing { retire(index) }
        services[worker.service].references -= 1
        workerOf[worker.peer] = nil
        workers.remove(index)
    }

    /// It serves its name from now on.
    mutating func enlist(_ index: Int) {
        guard let worker = workers[index] else { return }
        services[worker.service].workers += 1
        if worker.isAnnounced { services[worker.service].announced += 1 }
        services[worker.service].awaited = nil
        if services[worker.service].workers == 1 {
            servedChanges.append((services[worker.service].name.description, true))
        }
    }

    /// It serves its name no more.
    mutating func retire(_ index: Int) {
        guard let worker = workers[index] else { return }
        if worker.isIdle {
            idle.remove(index, from: worker.service)
            workers[index]?.isIdle = false
        }
        services[worker.service].workers -= 1
        if services[worker.service].workers == 0 {
            servedChanges.append((services[worker.service].name.description, false))
        }
        if worker.isAnnounced { services[worker.service].announced -= 1 }
    }

    mutating func failWaitingIfUnserved(_ service: Int, _ out: inout [Outgoing]) {
        if takesRequests(service) { return }
        let name = services[service].name.description
        while let slot = dequeue(service) {
            fail(slot, .noResponders(service: name), &out)
        }
    }

    // MARK: Names

    /// The entry of a name; a new name takes the place of one that has no workers when there are too many.
    mutating func serviceEntry(_ name: ByteKey) -> Int? {
        if let known = serviceNamed[name] { return known }
        if services.count < limits.services {
            services.append(Service(name: name))
            serviceNamed[name] = services.count - 1
            return services.count - 1
        }
        guard let free = services.indices.first(where: { services[$0].references == 0 && services[$0].awaited == nil })
        else { return nil }
        serviceNamed[services[free].name] = nil
        services[free] = Service(name: name)
        serviceNamed[name] = free
        return free
    }

    static func isValid(_ name: ArraySlice<UInt8>, limit: Int) -> Bool {
        !name.isEmpty && name.count <= limit && !name.contains { $0 < 0x21 || $0 == 0x7f }
            && String(validating: name, as: UTF8.self) != nil
    }

    /// Names that the gateway serves itself.
    static func isReserved(_ name: String) -> Bool {
        name == "gateway" || name.hasPrefix("mmi.") || name.hasPrefix("titanic.")
    }
}
