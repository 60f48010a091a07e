import JSON
import ZeroMQ

/// What Prometheus is told: the gateway's own counts, and what every service says of itself (`service.stats`).
enum Metrics {
    static func text(_ router: RouterSnapshot, services: [JSON]) -> String {
        var exposition = Exposition()
        connections(router, &exposition)
        queues(router.broker.services, &exposition)
        processes(services, &exposition)
        methods(services, &exposition)
        return exposition.text
    }

    private static func connections(_ router: RouterSnapshot, _ out: inout Exposition) {
        out.family("ieum_gateway_connections", .gauge, "Open connections of clients, workers and subscribers.") {
            $0.add(router.door.open)
        }
        out.family("ieum_gateway_connections_refused_total", .counter, "Connections that were not let in.") {
            $0.add(router.connectionsRefused, ["reason": "limitOrAdmission"])
            $0.add(router.door.refusedForProcess, ["reason": "process"])
            $0.add(router.door.refusedForDescriptors, ["reason": "descriptors"])
        }
        out.family("ieum_gateway_subscriptions", .gauge, "Subscriptions to events.") { $0.add(router.subscriptions) }
        out.family("ieum_gateway_events_published_total", .counter, "Events sent to subscribers.") {
            $0.add(router.eventsPublished)
        }
        out.family("ieum_gateway_subscribers_cut_off_total", .counter, "Subscribers that did not keep up.") {
            $0.add(router.publication.cutOff)
        }
        out.family("ieum_gateway_open_requests", .gauge, "Requests that wait or are in flight.") {
            $0.add(router.broker.requests)
        }
        out.family("ieum_gateway_refused_total", .counter, "Requests that the gateway answered with an error.") {
            for (error, count) in router.broker.refused.sorted(by: { $0.key < $1.key }) {
                $0.add(count, ["error": error])
            }
        }
        // Without the peers' names: there may be any number of them.
        var drops: [String: Int] = [:]
        for drop in router.broker.drops { drops[drop.reason, default: 0] += drop.count }
        out.family("ieum_gateway_dropped_total", .counter, "Messages that went nowhere.") {
            for (reason, count) in drops.sorted(by: { $0.key < $1.key }) { $0.add(count, ["reason": reason]) }
        }
    }

    private static func queues(_ services: [Broker.Snapshot.Service], _ out: inout Exposition) {
        func each(
            _ name: String, _ kind: Exposition.Kind, _ help: String, _ value: (Broker.Snapshot.Service) -> Int
        ) {
            out.family("ieum_service_" + name, kind, help) { samples in
                for service in services { samples.add(value(service), ["service": service.name]) }
            }
        }
        each("workers", .gauge, "Workers that serve the name.") { $0.workers }
        each("credit", .gauge, "Requests that its workers take at once.") { $0.credit }
        each("waiting_requests", .gauge, "Requests in its line.") { $0.waiting }
        each("waiting_bytes", .gauge, "Bytes in its line.") { $0.waitingBytes }
        each("in_flight_requests", .gauge, "Requests that its workers hold.") { $0.inFlight }
        each("requests_total", .counter, "Requests that were accepted.") { $0.counts.requests }
        each("replies_total", .counter, "Requests that a worker answered.") { $0.counts.replies }
        each("partials_total", .counter, "Partial answers.") { $0.counts.partials }
        each("faults_total", .counter, "Accepted requests that the gateway answered with an error.") {
            $0.counts.faults
        }
        each("clients_gone_total", .counter, "Requests whose client left before the answer.") {
            $0.counts.clientsGone
        }
    }

    private static func processes(_ services: [JSON], _ out: inout Exposition) {
        func each(_ name: String, _ kind: Exposition.Kind, _ help: String, _ path: String, scale: Double = 1) {
            out.family("ieum_process_" + name, kind, help) { samples in
                for service in services {
                    guard let value = service.at(path)?.integer else { continue }
                    samples.add(
                        Double(value) * scale,
                        [
                            "service": service["name"]?.string ?? "", "instance": service["instance"]?.string ?? "",
                        ])
                }
            }
        }
        each("resident_memory_bytes", .gauge, "Memory in use.", "/process/residentBytes")
        each("cpu_seconds_total", .counter, "Processor time since the start.", "/process/cpuMs", scale: 0.001)
        each("events_set_aside", .gauge, "Events that the log refused.", "/eventsSetAside")
    }

    private static func methods(_ services: [JSON], _ out: inout Exposition) {
        func each(
            _ name: String, _ kind: Exposition.Kind, _ help: String,
            _ add: (inout Exposition.Samples, _ service: String, _ method: String, JSON) -> Void
        ) {
            out.family(name, kind, help) { samples in
                for service in services {
                    for entry in service["methods"]?.array ?? [] {
                        add(&samples, service["name"]?.string ?? "", entry["method"]?.string ?? "", entry)
                    }
                }
            }
        }
        each("ieum_method_errors_total", .counter, "Calls of a method that ended with an error.") {
            samples, service, method, entry in
            samples.add(Int(entry["errors"]?.integer ?? 0), ["service": service, "method": method])
        }
        each("ieum_method_duration_seconds", .summary, "Time that a method took in its service.") {
            samples, service, method, entry in
            for (label, field) in [("0.5", "p50Us"), ("0.95", "p95Us"), ("0.99", "p99Us")] {
                guard let time = entry[field]?.integer else { continue }
                samples.add(
                    Double(time) / 1e6, ["service": service, "method": method, "quantile": label])
            }
            let labels: KeyValuePairs = ["service": service, "method": method]
            samples.add(Double(entry["totalUs"]?.integer ?? 0) / 1e6, suffix: "_sum", labels)
            samples.add(Int(entry["count"]?.integer ?? 0), suffix: "_count", labels)
        }
    }
}
