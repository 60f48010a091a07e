import JSON
import Logging
import Storage

extension Service {
    /// What the caller is told of any error; what only the operator may know goes to the log.
    func fault(_ error: any Error, _ method: String, _ requestId: String?) -> Fault {
        switch error {
        case let fault as Fault: return fault
        case let fields as FieldErrors: return .invalid(fields.list)
        case let field as FieldError: return .invalid([field])
        case StorageError.full, StorageError.busy: return .overloaded(retryAfterMs: 50)
        case let error as StorageError where error.isAboutTheDisk:
            log.critical("\(error)", metadata: ["method": "\(method)", "request": "\(requestId ?? "")"])
            return Fault(
                .overloaded,
                Bilingual(
                    ko: "저장소에 쓸 수 없어 아무것도 바꾸지 않았습니다. 운영자가 디스크를 확인해야 합니다",
                    en: "the store cannot be written, nothing was changed; an operator must look at the disk"),
                data: ["retryAfterMs": 1_000])
        case is CancellationError: return Fault(.deadlineExceeded, data: ["started": true])
        default:
            log.error("\(error)", metadata: ["method": "\(method)", "request": "\(requestId ?? "")"])
            return Fault(.internalError, data: ["requestId": .string(requestId ?? "")])
        }
    }
}

extension StorageError {
    fileprivate var isAboutTheDisk: Bool {
        switch self {
        case .noSpace, .readOnly, .device, .commitFailed, .cannotOpen, .corrupt, .closed: true
        default: false
        }
    }
}
