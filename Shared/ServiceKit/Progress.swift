public import JSON

/// `$/progress`: what a handler says before its answer, as PARTIALs to callers that want them (header `partials`).
extension Call {
    /// Whether the caller wants to hear of progress and takes items before the answer.
    public var takesPartials: Bool { request?.partial != nil }

    /// Says how far the work is. At most ten times a second it goes out, the end always; nothing waits for it.
    ///
    /// - Parameters:
    ///   - done: how much is done, in whatever is counted.
    ///   - total: out of how much; nil when that is not known.
    public func progress(_ done: Int64, of total: Int64? = nil, _ words: Bilingual) {
        guard takesPartials, request?.isPartialDue(evenNow: done == total) ?? false else { return }
        var value: JSON = ["done": .integer(done), "ko": .string(words.ko), "en": .string(words.en)]
        if let total { value["total"] = .integer(total) }
        _ = send(partial: value)
    }

    /// False when it cannot be taken at the moment.
    func send(partial value: JSON) -> Bool {
        let notification: JSON = [
            "jsonrpc": "2.0", "method": "$/progress", "params": ["token": token, "value": value],
        ]
        return request?.partial?(notification.bytes) ?? true
    }
}
