public import JSON
import Vocabulary

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
        _ = send(partial: value.bytes)
    }

    /// - Parameter value: JSON text.
    /// - Returns: false when it cannot be taken at the moment.
    func send(partial value: [UInt8]) -> Bool {
        var text = Array(#"{"jsonrpc":"2.0","method":"$/progress","params":{"token":"#.utf8)
        text += token.bytes + Array(#","value":"#.utf8) + value + Array("}}".utf8)
        return request?.partial?(text) ?? true
    }

    /// For work that is long and no task: throws when its caller took it back, or its deadline has passed. A command
    /// then leaves nothing.
    public func mustGoOn() throws(Fault) {
        guard let request else { return }
        if request.isCancelled { throw Fault(.cancelled, data: ["started": true]) }
        if let deadline, request.now > deadline { throw Fault(.deadlineExceeded, data: ["started": true]) }
    }
}
