import JSON

extension CallOutcome {
    private enum Code {
        static let internalError: Int64 = -32603
        static let overloaded: Int64 = -32006
        static let deadlineExceeded: Int64 = -32007
        static let noResponders: Int64 = -32008
        static let workerLost: Int64 = -32010
    }

    static let timedOut = CallOutcome.unknown(
        FlowError(code: Code.deadlineExceeded, message: "no answer in time", data: ["started": .null]))

    /// Reads a JSON-RPC response (protocol.md, "Errors").
    init(response: JSON) {
        if let result = response["result"] {
            self = .success(result)
            return
        }
        guard let error = response["error"], let code = error["code"]?.integer else {
            self = .unknown(FlowError(code: Code.internalError, message: "the answer is not JSON-RPC", data: response))
            return
        }
        let failure = FlowError(code: code, message: error["message"]?.string ?? "", data: error["data"])
        switch code {
        // An internal error is an answer: the command was rolled back as a whole.
        case Code.overloaded, Code.noResponders, Code.internalError: self = .unavailable(failure)
        case Code.workerLost: self = .unknown(failure)
        case Code.deadlineExceeded:
            self = error.at("/data/started")?.bool == false ? .unavailable(failure) : .unknown(failure)
        default: self = .refused(failure)
        }
    }
}

extension FlowError {
    static let conflict: Int64 = -32004
    static let notFound: Int64 = -32003

    /// The state of the hold that the service named when it refused a transition.
    var holdState: String? { data?["state"]?.string }

    /// The stable name of the rule by which it was refused.
    var rule: String? { data?["rule"]?.string }

    /// How long an overloaded service asks to be left alone.
    var retryAfter: Duration? { data?["retryAfterMs"]?.integer.map { .milliseconds(min(max($0, 0), 60_000)) } }
}
