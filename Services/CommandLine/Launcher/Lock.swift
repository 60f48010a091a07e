import Foundation

/// An exclusive lock on a file, held until the process ends or `release` is called: the kernel gives it back even
/// after `kill -9`. The processes that the launcher starts do not inherit it.
struct Lock: Sendable {
    private let handle: FileHandle

    /// Takes the lock, or returns nil when another process holds it.
    init?(path: String) throws(Failure) {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        guard let handle = FileHandle(forUpdatingAtPath: path) else {
            throw Failure(
                .unhealthy, words("잠금 파일을 열 수 없다: \(path)", "Cannot open the lock file \(path)"),
                next: words("폴더의 권한을 확인한다: ieum doctor", "Check the directory's mode: ieum doctor"))
        }
        _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        guard flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
        self.handle = handle
    }

    func release() { try? handle.close() }

    /// Whether some process holds the lock at `path` now.
    static func isHeld(_ path: String) -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return false }
        guard let lock = try? Lock(path: path) else { return true }
        lock.release()
        return false
    }
}
