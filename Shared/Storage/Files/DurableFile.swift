import Foundation

/// Files that are there as a whole or not at all, whatever ends the process or the machine meanwhile.
public enum DurableFile {
    /// Puts a file in place of the one of this name, in one step, and returns when it is on the disk.
    public static func replace(_ path: String, with memory: MappedMemory) throws(StorageError) {
        let partial = path + ".partial"
        unsafe unlink(partial)
        try memory.write(toNew: partial)
        guard unsafe rename(partial, path) == 0 else { throw error(path) }
        try syncDirectory(of: path)
    }

    /// Returns when the names in the file's directory are on the disk as they are now.
    public static func syncDirectory(of path: String) throws(StorageError) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = unsafe open(directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error(directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw error(directory) }
    }

    static func create(_ path: String, of bytes: UnsafeRawBufferPointer) throws(StorageError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw error(path) }
        var written = 0
        while written < bytes.count {
            let count = unsafe Foundation.write(
                descriptor, bytes.baseAddress.map { unsafe $0 + written }, min(bytes.count - written, 1 << 24))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return try giveUp(descriptor, path) }
            written += count
        }
        guard fsync(descriptor) == 0 else { return try giveUp(descriptor, path) }
        close(descriptor)
    }

    private static func giveUp(_ descriptor: Int32, _ path: String) throws(StorageError) {
        let failure = error(path)
        close(descriptor)
        unsafe unlink(path)
        throw failure
    }

    private static func error(_ path: String) -> StorageError {
        switch errno {
        case ENOSPC, EDQUOT: .noSpace(path: path)
        case EACCES, EROFS, EPERM: .readOnly(path: path)
        default: .device(path: path, message: unsafe String(cString: strerror(errno)))
        }
    }
}
