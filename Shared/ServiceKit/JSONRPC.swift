import JSON

/// The shape of JSON-RPC 2.0 messages: https://www.jsonrpc.org/specification
extension Service {
    static func response(_ id: JSON, _ result: Result<JSON, Fault>) -> JSON {
        switch result {
        case .success(let value): ["jsonrpc": "2.0", "id": id, "result": value]
        case .failure(let fault): ["jsonrpc": "2.0", "id": id, "error": fault.json]
        }
    }

    static func isValid(id: JSON?) -> Bool {
        switch id {
        case nil, .null, .string, .integer, .number: true
        default: false
        }
    }
}
