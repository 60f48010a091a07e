import JSON

extension Service {
    /// The span of a request that is traced, from here to its answer: what the handler calls stands below it.
    struct Traced: Sendable {
        let context: TraceContext
        let id = TraceFile.newID()
        let start = TraceFile.now
    }

    /// Nil, for the price of a comparison, when nothing is traced.
    func traced(_ call: Call) -> Traced? {
        guard traces != nil, let text = call.traceparent, let context = TraceContext(Array(text.utf8)),
            context.isSampled
        else { return nil }
        return Traced(context: context)
    }

    func end(_ traced: Traced, _ method: String, _ requestId: String, _ fault: Fault?) {
        traces?.write(
            TraceFile.Span(
                traced.context, id: traced.id, name: method, start: traced.start, end: TraceFile.now,
                attributes: [("rpc.system", "jsonrpc"), ("ieum.request", requestId)], fault: fault?.code.name))
    }
}
