import ZeroMQ

/// Who is served next when requests wait. Every client (a connection, which has one principal) has a line of its own at
/// a service, and the lines take turns, a request each: credit is a number of requests, so a number is what is dealt
/// out. However much one client sends, another's next request waits for one turn of each.
///
/// A service's queue is bounded as a whole and shared by a moving bound: a client may have at most `share` times as
/// much waiting as is still free. One alone gets four fifths of the queue, two get four ninths each, and something
/// always stays free for a client that has little there: the greatest is refused first, and nothing that was accepted
/// is thrown out.
extension Broker {
    /// What one client has waiting at one service; there is none without a request.
    struct Line {
        let key: LineKey
        var bytes = 0
    }

    struct LineKey: Hashable, Sendable {
        let service: Int
        let client: Int
    }

    /// How long a service lately took from one request to the next while some waited.
    struct Pace: Sendable {
        private var millisecondsEach = 0.0
        private var last: Int64 = 0

        mutating func begin(_ now: Int64) { last = now }
        mutating func served(_ now: Int64) {
            millisecondsEach += (Double(now - last) - millisecondsEach) / 64
            last = now
        }
        /// How long so many requests will take.
        func time(for requests: Int) -> Int64 { Int64(min(millisecondsEach * Double(requests), 1e9)) }
    }

    static let share = 4

    /// Whether a client may have one more request wait.
    func hasRoom(_ service: Int, _ client: Int?, _ byteCount: Int) -> Bool {
        let free = limits.serviceRequests - services[service].waiting
        let freeBytes = limits.serviceBytes - services[service].waitingBytes
        guard free > 0, freeBytes >= byteCount else { return false }
        guard let client, let line = lineOf[LineKey(service: service, client: client)] else { return true }
        return inLine.count(line) < Self.share * free && lines[line]?.bytes ?? 0 < Self.share * freeBytes
    }

    /// When a client that was refused may try again: when what waits now is likely done.
    func retryAfter(_ service: Int) -> Int64 {
        let least = Int64(limits.retryAfter)
        return min(max(least, services[service].pace.time(for: services[service].waiting)), least * 100)
    }

    /// - Parameter isFirst: before the others of its client; it had its turn already.
    mutating func enqueue(_ slot: Int, isFirst: Bool = false, _ now: Moment) {
        guard let request = requests[slot] else { return }
        let service = request.service
        let key = LineKey(service: service, client: request.client)
        let line: Int
        if let known = lineOf[key] {
            line = known
        } else {
            line = lines.insert(Line(key: key))
            lineOf[key] = line
            turns.append(line, to: service)
        }
        if isFirst { inLine.prepend(slot, to: line) } else { inLine.append(slot, to: line) }
        lines[line]?.bytes += request.byteCount
        requests[slot]?.line = line
        requests[slot]?.state = .waiting
        if services[service].waiting == 0 { services[service].pace.begin(now.monotonic) }
        services[service].waiting += 1
        services[service].waitingBytes += request.byteCount
        noteCrowd(service)
    }

    /// The request whose turn it is, out of its line; the line goes to the end.
    mutating func dequeue(_ service: Int) -> Int? {
        guard let line = turns.first(service), let slot = inLine.first(line) else { return nil }
        leaveLine(slot)
        if lines[line] != nil {
            turns.remove(line, from: service)
            turns.append(line, to: service)
        }
        return slot
    }

    /// Takes a waiting request out of its line.
    mutating func leaveLine(_ slot: Int) {
        guard let request = requests[slot], case let (line, byteCount) = (request.line, request.byteCount), line >= 0,
            let key = lines[line]?.key
        else { return }
        requests[slot]?.line = -1
        inLine.remove(slot, from: line)
        lines[line]?.bytes -= byteCount
        services[key.service].waiting -= 1
        services[key.service].waitingBytes -= byteCount
        if inLine.count(line) == 0 {
            turns.remove(line, from: key.service)
            lineOf[key] = nil
            lines.remove(line)
        }
        noteCrowd(key.service)
    }

    /// An operator hears of a queue before it is full.
    private mutating func noteCrowd(_ service: Int) {
        let (waiting, bytes) = (services[service].waiting, services[service].waitingBytes)
        let isFilled = { [limits] (percent: Int) in
            waiting * 100 >= limits.serviceRequests * percent || bytes * 100 >= limits.serviceBytes * percent
        }
        if services[service].isCrowded {
            services[service].isCrowded = isFilled(50)
        } else if isFilled(80) {
            services[service].isCrowded = true
            statistics.crowded.insert(services[service].name.description)
        }
    }
}
