import JSON

/// The methods that a JSON-RPC body calls: one, or those of a batch.
enum CalledMethods {
    /// Nil when it cannot be said for sure what a service would read in it: no JSON-RPC, or a member `method` twice.
    static func of(_ body: ArraySlice<UInt8>) -> [String]? {
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
        var methods: [String] = []
        for request in requests {
            guard let method = method(of: body[request]) else { return nil }
            methods.append(method)
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
