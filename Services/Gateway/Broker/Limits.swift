import JSON
import ServiceKit

/// Every limit of the gateway, in one table: `ieum limits` prints it, and each can be set by its variable.
struct Limits: Sendable, Hashable {
    var frames = 16
    var messageBytes = 1 << 20
    var frameBytes = 32 << 20
    var serviceNameBytes = 128
    var headersBytes = 16 << 10
    var announcementBytes = 4 << 10
    var services = 1024
    var workers = 4096
    var credit = 1024
    /// Room for the 100,000 requests that the ZeroMQ guide's mdclient2 sends before it reads a reply: one client may
    /// have four fifths of a line to itself. About 400 bytes each, and what a fast service does in 30 seconds.
    var serviceRequests = 131_072
    var serviceBytes = 64 << 20
    var clientRequests = 131_072
    var clientBytes = 64 << 20
    var openBytes = 512 << 20
    /// Room for an error to each of so many requests, when their worker vanishes.
    var outgoingBytes = 64 << 20
    var outgoingBytesInAll = 512 << 20
    var connections = 4096
    /// Unless it is set, a quarter of the connections.
    var processConnections = 1024
    var subscriptions = 16_384
    var subscriptionBytes = 256
    var eventBytes = 256 << 10
    var heartbeat = 1000
    var expiry = 7500
    var stockExpiry = 300_000
    var unservedWait = 2000
    var deadlineDefault = 30_000
    var deadlineMaximum = 600_000
    var deadlineGrace = 500
    var retryAfter = 100
    var storedRequests = 100_000
    var storedBytes = 1 << 30
    var storedClientRequests = 20_000
    var storedClientBytes = 256 << 20
    var storedServices = 4096
    var storedReplyBytes = 1 << 20
    var storedSeconds = 7 * 86_400
    var storedReplySeconds = 7 * 86_400
    var deadLetterSeconds = 90 * 86_400
    var deliveries = 16
    var deliveryAttempts = 8

    struct Row: Sendable {
        let name: String
        let variable: String
        let unit: String
        let meaning: Bilingual
        let value: any WritableKeyPath<Limits, Int> & Sendable

        init(
            _ name: String, _ unit: String, _ value: any WritableKeyPath<Limits, Int> & Sendable, ko: String, en: String
        ) {
            self.name = name
            self.unit = unit
            self.value = value
            meaning = Bilingual(ko: ko, en: en)
            // messageBytes → IEUM_LIMIT_MESSAGE_BYTES
            variable = "IEUM_LIMIT_" + name.map { $0.isUppercase ? "_\($0)" : $0.uppercased() }.joined()
        }
    }

    static let table = brokerRows + storeRows

    private static let brokerRows: [Row] = [
        Row("frames", "frames", \.frames, ko: "한 메시지의 프레임", en: "frames of one message"),
        Row("messageBytes", "bytes", \.messageBytes, ko: "한 메시지의 크기", en: "size of one message"),
        Row("frameBytes", "bytes", \.frameBytes, ko: "넘으면 연결을 끊는 프레임 크기", en: "a larger frame ends the connection"),
        Row("serviceNameBytes", "bytes", \.serviceNameBytes, ko: "서비스 이름의 길이", en: "length of a service's name"),
        Row("headersBytes", "bytes", \.headersBytes, ko: "머리글 프레임의 크기", en: "size of the headers frame"),
        Row("announcementBytes", "bytes", \.announcementBytes, ko: "READY 알림의 크기", en: "size of READY's announcement"),
        Row("services", "services", \.services, ko: "서비스 이름의 수", en: "names of services"),
        Row("workers", "workers", \.workers, ko: "등록된 워커의 수", en: "registered workers"),
        Row("credit", "requests", \.credit, ko: "한 워커가 동시에 받는 요청", en: "requests that one worker may hold"),
        Row(
            "serviceRequests", "requests", \.serviceRequests, ko: "한 서비스를 기다리는 요청", en: "requests waiting for a service"
        ),
        Row("serviceBytes", "bytes", \.serviceBytes, ko: "한 서비스를 기다리는 크기", en: "bytes waiting for a service"),
        Row("clientRequests", "requests", \.clientRequests, ko: "한 클라이언트의 끝나지 않은 요청", en: "open requests of a client"),
        Row("clientBytes", "bytes", \.clientBytes, ko: "한 클라이언트의 끝나지 않은 크기", en: "bytes of open requests of a client"),
        Row("openBytes", "bytes", \.openBytes, ko: "모든 클라이언트의 끝나지 않은 크기", en: "bytes of all open requests"),
        Row("outgoingBytes", "bytes", \.outgoingBytes, ko: "한 상대에게 보내려고 쌓인 크기", en: "bytes queued towards one peer"),
        Row(
            "outgoingBytesInAll", "bytes", \.outgoingBytesInAll, ko: "모든 상대에게 보내려고 쌓인 크기",
            en: "bytes queued towards all peers"),
        Row("connections", "connections", \.connections, ko: "연결의 수", en: "connections"),
        Row(
            "processConnections", "connections", \.processConnections, ko: "한 프로세스의 연결 (정하지 않으면 전체의 4분의 1)",
            en: "connections of one process (a quarter of all unless set)"),
        Row("subscriptions", "subscriptions", \.subscriptions, ko: "구독의 수", en: "subscriptions"),
        Row("subscriptionBytes", "bytes", \.subscriptionBytes, ko: "구독 주제의 길이", en: "length of a subscription"),
        Row("eventBytes", "bytes", \.eventBytes, ko: "이벤트 하나의 크기", en: "size of one event"),
        Row("heartbeat", "ms", \.heartbeat, ko: "하트비트 간격", en: "interval of heartbeats"),
        Row("expiry", "ms", \.expiry, ko: "침묵한 워커를 잃은 것으로 보는 시간", en: "silence after which a worker is lost"),
        Row(
            "stockExpiry", "ms", \.stockExpiry, ko: "알림 없는 워커가 일하는 중일 때의 침묵",
            en: "the same for a worker without an announcement while it works"),
        Row(
            "unservedWait", "ms", \.unservedWait, ko: "맡은 워커가 없는 이름에 온, JSON이 아닌 요청이 기다리는 시간",
            en: "wait of a request that is no JSON for a name that nobody serves yet"),
        Row(
            "deadlineDefault", "ms", \.deadlineDefault, ko: "기한이 없을 때 기다리는 시간", en: "wait in a queue without a deadline"
        ),
        Row("deadlineMaximum", "ms", \.deadlineMaximum, ko: "가장 긴 기한", en: "the longest deadline"),
        Row(
            "deadlineGrace", "ms", \.deadlineGrace, ko: "기한 뒤 워커의 답을 더 기다리는 시간",
            en: "wait for a worker's answer after the deadline"),
        Row("retryAfter", "ms", \.retryAfter, ko: "과부하일 때 다시 시도할 시간", en: "retryAfterMs of overloaded"),
    ]

    /// Store and forward.
    private static let storeRows: [Row] = [
        Row("storedRequests", "requests", \.storedRequests, ko: "맡아 둔 요청의 수", en: "stored requests (titanic.*)"),
        Row("storedBytes", "bytes", \.storedBytes, ko: "맡아 둔 요청과 답의 크기", en: "bytes of stored requests and replies"),
        Row(
            "storedClientRequests", "requests", \.storedClientRequests, ko: "한 주체가 맡긴 요청의 수",
            en: "stored requests of one principal"),
        Row(
            "storedClientBytes", "bytes", \.storedClientBytes, ko: "한 주체가 맡긴 크기",
            en: "bytes of stored requests and replies of one principal"),
        Row(
            "storedServices", "services", \.storedServices, ko: "맡긴 요청이 있거나 지금 답하는 서비스의 수",
            en: "services with stored requests, or served now"),
        Row("storedReplyBytes", "bytes", \.storedReplyBytes, ko: "보관하는 답 하나의 크기", en: "size of one stored reply"),
        Row(
            "storedSeconds", "s", \.storedSeconds, ko: "맡은 요청을 전하려고 기다리는 시간",
            en: "time a stored request waits for its service"),
        Row(
            "storedReplySeconds", "s", \.storedReplySeconds, ko: "닫지 않은 답을 보관하는 시간",
            en: "time a reply is kept that nobody closes"),
        Row("deadLetterSeconds", "s", \.deadLetterSeconds, ko: "전하지 못한 요청을 보관하는 시간", en: "time a dead letter is kept"),
        Row(
            "deliveries", "requests", \.deliveries, ko: "맡은 요청 가운데 한 서비스에 동시에 전하는 수",
            en: "stored requests on their way to one service at once"),
        Row(
            "deliveryAttempts", "attempts", \.deliveryAttempts, ko: "전하려고 시도하는 횟수",
            en: "attempts to deliver a stored request before it is a dead letter"),
    ]

    init() {}

    /// A variable that is no positive integer, or that no limit has.
    struct Refused: Error, CustomStringConvertible {
        let variable: String
        let value: String
        var rule = "a positive whole number is expected"
        var description: String { "\(variable)=\(value): \(rule)" }
    }

    init(environment: [String: String]) throws(Refused) {
        let known = Self.table.map(\.variable)
        for (name, value) in environment where name.hasPrefix("IEUM_LIMIT_") && !known.contains(name) {
            throw Refused(
                variable: name, value: value,
                rule: "there is no such limit; did you mean \(known.nearest(to: name) ?? "")? See ieum limits")
        }
        for row in Self.table {
            guard let text = environment[row.variable] else { continue }
            guard let number = Int(text), number > 0, number <= Int(Int32.max) else {
                throw Refused(variable: row.variable, value: text)
            }
            self[keyPath: row.value] = number
            if row.name == "connections" { processConnections = max(1, number / 4) }
        }
    }

    var json: JSON {
        .array(
            Self.table.map { row in
                [
                    "name": .string(row.name), "variable": .string(row.variable), "unit": .string(row.unit),
                    "value": .integer(Int64(self[keyPath: row.value])),
                    "default": .integer(Int64(Limits()[keyPath: row.value])),
                    "meaning": ["ko": .string(row.meaning.ko), "en": .string(row.meaning.en)],
                ]
            })
    }
}
