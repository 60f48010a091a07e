import Foundation
import ServiceKit
import ZeroMQ

/// One `IEUM_*` variable: what it means, what it is when unset, and what it may be.
struct Setting: Sendable {
    enum Rule: Sendable {
        case path
        case oneOf([String])
        case integer(ClosedRange<Int>)
        case loopback
        /// `tcp://host:port`
        case endpoint
        /// 40 characters of Z85
        case publicKey
        case share
    }

    let name: String
    let standard: String
    let rule: Rule
    let meaning: String
}

extension Setting.Rule {
    /// What is wrong with a value, or nil.
    func complaint(about value: String) -> String? {
        switch self {
        case .path:
            return value.isEmpty || value.contains("\0") ? words("폴더 경로가 아니다", "not a path") : nil
        case .endpoint:
            let parts = value.split(separator: ":")
            let isFit = parts.count >= 3 && parts[0] == "tcp" && parts.last.flatMap { UInt16($0) } != nil
            return isFit ? nil : words("tcp://주소:포트 가 아니다", "not of the form tcp://HOST:PORT")
        case .publicKey:
            return CurveKey(value) == nil ? words("Z85 40자가 아니다", "not 40 characters of Z85") : nil
        case .oneOf(let allowed):
            guard !allowed.contains(value) else { return nil }
            let list = allowed.joined(separator: ", ")
            return words("다음 가운데 하나여야 한다: \(list)", "must be one of: \(list)")
        case .share:
            guard Double(value).map((0...1).contains) != true else { return nil }
            return words("0과 1 사이의 수여야 한다", "must be a number from 0 to 1")
        case .loopback:
            guard value.wholeMatch(of: /(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}):\d{1,5}/) == nil else { return nil }
            return words(
                "127.0.0.1:9464 처럼 이 기계의 주소여야 한다", "must be an address of this machine, such as 127.0.0.1:9464")
        case .integer(let range):
            guard let number = Int(value), range.contains(number) else {
                return words(
                    "\(range.lowerBound)…\(range.upperBound) 의 정수여야 한다",
                    "must be a whole number in \(range.lowerBound)…\(range.upperBound)")
            }
            return nil
        }
    }
}

/// Every variable that the executables read.
enum Settings {
    /// The gateway's limits have one variable each; `ieum limits` lists them.
    static let limits = "IEUM_LIMIT_"

    static var all: [Setting] {
        [
            Setting(
                name: "IEUM_RUN", standard: "$XDG_RUNTIME_DIR/ieum", rule: .path,
                meaning: words("소켓 폴더", "the directory of the sockets")),
            Setting(
                name: "IEUM_DATA", standard: "$XDG_DATA_HOME/ieum", rule: .path,
                meaning: words("데이터와 로그 폴더", "the directory of data and logs")),
            Setting(
                name: "IEUM_LANG", standard: "LC_ALL, LC_MESSAGES, LANG", rule: .oneOf(["ko", "en"]),
                meaning: words("화면의 언어", "the language of the terminal")),
            Setting(
                name: "IEUM_LOG_LEVEL", standard: "info",
                rule: .oneOf(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
                meaning: words("로그의 자세함", "how much is logged")),
            Setting(
                name: "IEUM_LOG_FORMAT", standard: "text", rule: .oneOf(["text", "json"]),
                meaning: words("로그 줄의 형식", "the form of a line of the log")),
            Setting(
                name: "IEUM_TALENT_KEY_FILE", standard: "$IEUM_DATA/talent.key", rule: .path,
                meaning: words("개인정보의 으뜸 열쇠", "the master key of personal data")),
            Setting(
                name: "IEUM_POLICY", standard: "$IEUM_DATA/policy.yaml", rule: .path,
                meaning: words("누가 무엇을 할 수 있는지 적은 파일", "the file that says who may do what")),
            Setting(
                name: "IEUM_TCP", standard: "-", rule: .endpoint,
                meaning: words("다른 컴퓨터를 위한 주소, CURVE만", "where to listen for other machines, CURVE only")),
            Setting(
                name: "IEUM_GATEWAY", standard: "-", rule: .endpoint,
                meaning: words("다른 컴퓨터의 게이트웨이", "a gateway on another machine")),
            Setting(
                name: "IEUM_KEY", standard: "-", rule: .path,
                meaning: words("그 게이트웨이에 쓸 자신의 열쇠 파일", "the file of one's own keys for it")),
            Setting(
                name: "IEUM_SERVER_KEY", standard: "-", rule: .publicKey,
                meaning: words("그 게이트웨이의 공개 열쇠", "the public key of that gateway")),
            Setting(
                name: "IEUM_EVENTS_KEEP", standard: "1000000", rule: .integer(1...Int(Int32.max)),
                meaning: words("남겨 둘 이벤트 수", "how many events are kept")),
            Setting(
                name: "IEUM_EVENTS_KEEP_DAYS", standard: "90", rule: .integer(1...36_500),
                meaning: words("이벤트를 남겨 둘 날 수", "how many days events are kept")),
            Setting(
                name: "IEUM_EVENTS_KEEP_MEBIBYTES", standard: "4096", rule: .integer(1...1_000_000_000),
                meaning: words("남겨 둘 이벤트의 크기(메비바이트)", "how many mebibytes of events are kept")),
            Setting(
                name: "IEUM_IDEMPOTENCY_DAYS", standard: "7", rule: .integer(1...3_650),
                meaning: words("멱등 키를 기억할 날 수", "how many days a repeated request is recognised")),
            Setting(
                name: "IEUM_METRICS", standard: "", rule: .loopback,
                meaning: words("프로메테우스가 묻는 주소, 없으면 열지 않는다", "where Prometheus asks; no port when unset")),
            Setting(
                name: "IEUM_TRACE", standard: "", rule: .share,
                meaning: words("추적할 요청의 몫, 없으면 추적하지 않는다", "the share of requests that are traced; none when unset")),
        ]
    }

    /// The variables of an environment that start with `IEUM_`, each with what is wrong with it.
    static func complaints(_ environment: [String: String]) -> [(name: String, complaint: String)] {
        let own: Set<String> = ["IEUM_PARENT_PID", "IEUM_PARENT_FD", "IEUM_SUCCEED"]
        return environment.filter { $0.key.hasPrefix("IEUM_") && !own.contains($0.key) }
            .sorted { $0.key < $1.key }
            .compactMap { name, value in
                if name.hasPrefix(limits) {
                    return Setting.Rule.integer(1...Int(Int32.max)).complaint(about: value).map { (name, $0) }
                }
                guard let setting = all.first(where: { $0.name == name }) else {
                    let nearest = all.map(\.name).nearest(to: name) ?? ""
                    return (name, words("모르는 이름이다. 혹시 \(nearest)?", "unknown name; did you mean \(nearest)?"))
                }
                return setting.rule.complaint(about: value).map { (name, $0) }
            }
    }
}
