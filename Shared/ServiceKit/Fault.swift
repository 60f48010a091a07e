public import JSON

/// An error that a caller is told of: a code of the protocol, a sentence in both languages that says what is wrong and
/// what to do next, and data that programs read.
public struct Fault: Error, Sendable, Hashable {
    /// JSON-RPC 2.0 and Ieum's own codes (`Docs/integrators.md`, "Errors").
    public enum Code: Int64, Sendable, CaseIterable {
        case parseError = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParams = -32602
        case internalError = -32603
        case unauthenticated = -32001
        case forbidden = -32002
        case notFound = -32003
        case conflict = -32004
        case failedPrecondition = -32005
        case overloaded = -32006
        case deadlineExceeded = -32007
        case noResponders = -32008
        case payloadTooLarge = -32009
        case workerLost = -32010
        /// The Language Server Protocol's RequestCancelled.
        case cancelled = -32800

        public var name: String { "\(self)" }

        /// Whether the same request may succeed when it is simply sent again.
        public var isRetryable: Bool { self == .overloaded || self == .noResponders }

        /// What the code means, for errors that carry no sentence of their own in Korean.
        public var meaning: Bilingual {
            switch self {
            case .parseError: Bilingual(ko: "본문이 JSON이 아닙니다", en: "the body is not JSON")
            case .invalidRequest: Bilingual(ko: "JSON-RPC 2.0 요청이 아닙니다", en: "the body is no JSON-RPC 2.0 request")
            case .methodNotFound: Bilingual(ko: "그런 메서드가 없습니다", en: "there is no such method")
            case .invalidParams: Bilingual(ko: "매개변수가 맞지 않습니다", en: "the parameters do not fit")
            case .internalError:
                Bilingual(ko: "서비스 안에서 오류가 났습니다. 기록을 확인하세요", en: "the service failed; see its log")
            case .unauthenticated: Bilingual(ko: "호출한 주체를 알 수 없습니다", en: "it is not known who calls")
            case .forbidden: Bilingual(ko: "권한이 없습니다", en: "this is not permitted")
            case .notFound: Bilingual(ko: "찾을 수 없습니다", en: "not found")
            case .conflict: Bilingual(ko: "현재 상태와 충돌합니다. 다시 읽고 시도하세요", en: "the state has changed; read again first")
            case .failedPrecondition: Bilingual(ko: "규칙에 맞지 않습니다", en: "a rule forbids it")
            case .overloaded: Bilingual(ko: "지금은 너무 바쁩니다. 잠시 뒤 다시 시도하세요", en: "too busy; try again later")
            case .deadlineExceeded: Bilingual(ko: "기한 안에 끝나지 않았습니다", en: "not done before its deadline")
            case .noResponders:
                Bilingual(ko: "이 이름의 서비스가 없습니다. ieum status로 확인하세요", en: "no worker serves this name; see ieum status")
            case .payloadTooLarge: Bilingual(ko: "메시지가 너무 큽니다", en: "the message is too large")
            case .workerLost: Bilingual(ko: "처리하던 서비스가 사라졌습니다", en: "the service vanished while it worked on this")
            case .cancelled: Bilingual(ko: "호출한 쪽이 취소했습니다", en: "the caller cancelled it")
            }
        }
    }

    public let code: Code
    public let message: Bilingual
    /// An object; `name`, `retryable` and `message` are added on the wire.
    public let data: JSON.Members

    public init(_ code: Code, _ message: Bilingual? = nil, data: JSON = [:]) {
        self.code = code
        self.message = message ?? code.meaning
        self.data = data.object ?? JSON.Members()
    }

    public static func notFound(kind: String, id: String) -> Fault {
        Fault(
            .notFound, Bilingual(ko: "\(kind) \(id)을(를) 찾을 수 없습니다", en: "there is no \(kind) \(id)"),
            data: ["kind": .string(kind), "id": .string(id)])
    }

    public static func conflict(_ message: Bilingual, data: JSON = [:]) -> Fault {
        Fault(.conflict, message, data: data)
    }

    /// - Parameter rule: the stable name of the rule, such as `case.notApproved`.
    public static func failedPrecondition(rule: String, _ message: Bilingual, data: JSON = [:]) -> Fault {
        var data = data
        data["rule"] = .string(rule)
        return Fault(.failedPrecondition, message, data: data)
    }

    public static func forbidden(permission: String) -> Fault {
        Fault(
            .forbidden,
            Bilingual(ko: "'\(permission)' 권한이 필요합니다", en: "this needs the permission '\(permission)'"),
            data: ["permission": .string(permission)])
    }

    public static func noResponders(service: String) -> Fault {
        let shown = service.prefix(128)
        return Fault(
            .noResponders,
            Bilingual(
                ko: "'\(shown)' 서비스를 맡은 워커가 없습니다. ieum status로 확인하세요",
                en: "no worker serves '\(shown)'; see ieum status"),
            data: ["service": .string(String(shown))])
    }

    /// - Parameter unit: `bytes` or `frames`.
    public static func payloadTooLarge(limit: Int, unit: String = "bytes", data: JSON = [:]) -> Fault {
        var data = data
        data["limit"] = .integer(Int64(limit))
        data["unit"] = .string(unit)
        let isBytes = unit == "bytes"
        return Fault(
            .payloadTooLarge,
            Bilingual(
                ko: "\(limit)\(isBytes ? "바이트를" : "프레임을") 넘습니다. 나누어 보내세요",
                en: "more than \(limit) \(unit); send less at once"),
            data: data)
    }

    public static func overloaded(retryAfterMs: Int64) -> Fault {
        Fault(.overloaded, data: ["retryAfterMs": .integer(retryAfterMs)])
    }

    /// One field is told with its rule; of several, where they are: the rules are in the data.
    public static func invalid(_ fields: [FieldError]) -> Fault {
        let places = fields.map { $0.pointer.isEmpty ? "params" : $0.pointer }.joined(separator: ", ")
        let rule = fields.count == 1 ? fields.first?.rule : nil
        return Fault(
            .invalidParams,
            Bilingual(
                ko: "매개변수가 맞지 않습니다: \(places)" + (rule.map { " — \($0.ko)" } ?? ""),
                en: "the parameters do not fit: \(places)" + (rule.map { " \($0.en)" } ?? "")),
            data: ["fields": .array(fields.map(\.json))])
    }

    public static func invalid(_ pointer: String, _ value: JSON?, _ rule: Bilingual) -> Fault {
        invalid([FieldError(pointer, value, rule)])
    }
}

extension Fault {
    /// The JSON-RPC error object.
    public var json: JSON {
        var data = data
        data["name"] = .string(code.name)
        data["retryable"] = data["retryable"] ?? .bool(code.isRetryable)
        data["message"] = ["ko": .string(message.ko), "en": .string(message.en)]
        return ["code": .integer(code.rawValue), "message": .string(message.en), "data": .object(data)]
    }

    /// Reads a JSON-RPC error object; a code that is not known becomes an internal error with the sender's words.
    public init(json: JSON) {
        let code = json["code"]?.integer.flatMap(Code.init) ?? .internalError
        let english = json["message"]?.string ?? code.meaning.en
        let message = Bilingual(ko: json.at("/data/message/ko")?.string ?? code.meaning.ko, en: english)
        self.init(code, message, data: json["data"] ?? [:])
    }

    public var isRetryable: Bool { data["retryable"]?.bool ?? code.isRetryable }
}
