/// The time of sending in a body, as text of fixed length that comes back with the answer: in an echo where it was,
/// in a JSON-RPC response as its id.
struct BenchStamp: Sendable {
    private static let digits = 18
    static let mark = "@" + String(repeating: "0", count: digits)

    private var body: [UInt8]
    private let place: Int

    init(_ text: String) {
        body = Array(text.utf8)
        place = (body.firstIndex(of: UInt8(ascii: "@")) ?? 0) + 1
    }

    /// The body with this time in it.
    mutating func set(_ nanoseconds: Int64) -> [UInt8] {
        var rest = nanoseconds
        for digit in stride(from: place + Self.digits - 1, through: place, by: -1) {
            body[digit] = 0x30 + UInt8(rest % 10)
            rest /= 10
        }
        return body
    }

    static func time(in body: ArraySlice<UInt8>) -> Int64? {
        guard let mark = body.firstIndex(of: UInt8(ascii: "@")), mark + digits < body.endIndex else { return nil }
        return body[(mark + 1)...(mark + digits)].reduce(0) { $0 * 10 + Int64($1) - 0x30 }
    }
}
