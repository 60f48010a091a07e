/// The head of an HTTP/1.1 request (RFC 9112), as far as a server of one page must understand it. Bodies are refused.
struct HTTPRequest: Sendable, Hashable {
    enum Reading: Sendable, Hashable {
        case incomplete
        case malformed
        /// The request, and how many bytes it took.
        case whole(HTTPRequest, Int)
    }

    static let longestHead = 8_192

    let method: String
    let path: String
    /// Whether the connection stays for another request.
    let staysOpen: Bool

    static func read(_ bytes: [UInt8]) -> Reading {
        guard let end = endOfHead(bytes) else { return bytes.count > longestHead ? .malformed : .incomplete }
        guard end <= longestHead, let head = String(validating: bytes[..<end], as: UTF8.self) else {
            return .malformed
        }
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: true)
        let start = (lines.first ?? "").split(separator: " ", omittingEmptySubsequences: false)
        guard start.count == 3, !start[0].isEmpty, start[1].first == "/", ["HTTP/1.1", "HTTP/1.0"].contains(start[2])
        else { return .malformed }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex, line.first != " ", line.first != "\t"
            else { return .malformed }
            let name = line[..<colon].lowercased()
            guard !name.contains(" "), name != "host" || fields["host"] == nil else { return .malformed }
            fields[name] = line[line.index(after: colon)...].trimming(" \t")
        }
        let isNew = start[2] == "HTTP/1.1"
        // RFC 9112, 3.2: exactly one Host in 1.1.
        guard !isNew || fields["host"] != nil, fields["transfer-encoding"] == nil,
            (fields["content-length"] ?? "0") == "0"
        else { return .malformed }
        let connection = (fields["connection"] ?? "").lowercased()
        let request = HTTPRequest(
            method: String(start[0]), path: String(start[1].prefix { $0 != "?" }),
            staysOpen: isNew ? !connection.contains("close") : connection.contains("keep-alive"))
        return .whole(request, end)
    }

    /// After the empty line.
    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        let end: [UInt8] = [13, 10, 13, 10]
        return bytes.firstRange(of: end)?.upperBound
    }
}

/// A whole response with its length.
struct HTTPResponse: Sendable, Hashable {
    let status: String
    var contentType = "text/plain; charset=utf-8"
    var extra = ""
    let body: String

    static let malformed = HTTPResponse(status: "400 Bad Request", body: "a GET of /metrics is expected\n")
    static let unknown = HTTPResponse(status: "404 Not Found", body: "the only page is /metrics\n")
    static let notAllowed = HTTPResponse(
        status: "405 Method Not Allowed", extra: "Allow: GET, HEAD\r\n", body: "only GET and HEAD\n")

    func bytes(withBody: Bool = true, staysOpen: Bool) -> [UInt8] {
        let body = Array(body.utf8)
        let head =
            "HTTP/1.1 \(status)\r\nContent-Type: \(contentType)\r\nContent-Length: \(body.count)\r\n"
            + "Connection: \(staysOpen ? "keep-alive" : "close")\r\n\(extra)\r\n"
        return Array(head.utf8) + (withBody ? body : [])
    }
}

extension Substring {
    fileprivate func trimming(_ characters: String) -> String {
        var rest = self
        while let first = rest.first, characters.contains(first) { rest.removeFirst() }
        while let last = rest.last, characters.contains(last) { rest.removeLast() }
        return String(rest)
    }
}
