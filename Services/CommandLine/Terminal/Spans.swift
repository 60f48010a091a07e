extension Duration {
    /// Reads `250ms`, `5s`, `2m`, `1h`, `7d`.
    init?(spelled text: String) {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
        guard let (unit, size) = units.first(where: { text.hasSuffix($0.0) }),
            let count = Double(text.dropLast(unit.count)), count >= 0, count * size < 1e9
        else { return nil }
        self = .seconds(count * size)
    }

    /// The value of an option of the command line.
    init(_ text: String, of option: String) throws(Failure) {
        guard let span = Duration(spelled: text) else {
            throw Failure(
                .usage, words("\(option) 을(를) 읽을 수 없다: \(text)", "Cannot read \(option) \(text)"),
                next: words("250ms, 5s, 2m, 1h, 7d 처럼 쓴다.", "Write 250ms, 5s, 2m, 1h or 7d."))
        }
        self = span
    }
}
