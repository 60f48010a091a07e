import Foundation

/// An exclusive lock on a file, held until it is released or the process ends in whatever way.
public final class FileLock: Sendable {
    private let descriptor: Int32

    /// Nil when another process holds it, or another `FileLock` of this one.
    public init?(path: String) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
