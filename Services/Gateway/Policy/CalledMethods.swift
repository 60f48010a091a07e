import JSON
import Permissions

/// One request of a JSON-RPC body: which method it calls.
struct CalledMethod {
    let name: String
    /// The whole request.
    let request: ArraySlice<UInt8>

    /// The requests of a body: one, or those of a batch. Nil when it cannot be said for sure what a service would read
    /// in it: no JSON-RPC, or a member `method` twice.
    static func all(in body: ArraySlice<UInt8>) -> [CalledMethod]? {
        var scan = JSONScan(body)
        scan.skipSpace()
        var requests: [Range<Int>] = []
        do {
            if scan.next == UInt8(ascii: "[") {
                try scan.elements { requests.append($0) }
            } else {
                let start = scan.position
                try scan.value(depth: 0)
                requests = [start..<scan.position]
            }
        } catch { return nil }
        scan.skipSpace()
        guard scan.isAtEnd, !requests.isEmpty else { return nil }
        var methods: [CalledMethod] = []
        for request in requests {
            guard let name = method(of: body[request]) else { return nil }
            methods.append(CalledMethod(name: name, request: body[request]))
        }
        return methods
    }

    private static func method(of request: ArraySlice<UInt8>) -> String? {
        var scan = JSONScan(request)
        var found: [String?] = []
        let walked: Void? = try? scan.members { key, isEscaped, value in
            let isMethod =
                isEscaped
                ? text(request[key.lowerBound - 1...key.upperBound]) == "method"
                : request[key].elementsEqual("method".utf8)
            if isMethod { found.append(text(request[value])) }
            return true
        }
        return walked != nil && found.count == 1 ? found[0] : nil
    }

    private static func text(_ quoted: ArraySlice<UInt8>) -> String? { try? JSON(parsing: quoted).string }

    // MARK: The log of events

    private static let readers: Set<String> = ["gateway.events.read", "gateway.events.stream"]

    /// The log holds what `events.sock` publishes, so that reading it needs the permission for the same topics. Gives
    /// the first that is asked for and not permitted.
    func forbiddenTopic(for standing: Standing) -> Permission? {
        guard Self.readers.contains(name) else { return nil }
        let types = try? JSON(parsing: request).at("/params/types")?.array
        let asked = types.flatMap { $0 }?.map { $0.string ?? "" } ?? []
        for type in asked.isEmpty ? [""] : asked {
            let beginning = type.hasSuffix("*") ? type.dropLast() : type[...]
            if !standing.maySubscribe(to: beginning.utf8) { return .subscribe(beginning + "*") }
        }
        return nil
    }
}

extension JSONScan {
    /// Visits the elements of an array.
    mutating func elements(_ visit: (Range<Int>) -> Void) throws(Malformed) {
        try expect(UInt8(ascii: "["))
        skipSpace()
        if accept(UInt8(ascii: "]")) { return }
        while true {
            skipSpace()
            let start = position
            try value(depth: 1)
            visit(start..<position)
            skipSpace()
            if accept(UInt8(ascii: "]")) { return }
            try expect(UInt8(ascii: ","))
        }
    }
}
