import Glibc

/// Bytes that were written to a connection and that its peer has not read yet (SIOCOUTQ, unix(7) and tcp(7)); 0 for a
/// descriptor that is no connection any more.
public func unreadBytes(ofConnection descriptor: Int32) -> Int {
    var bytes: Int32 = 0
    guard unsafe ioctl(descriptor, UInt(TIOCOUTQ), &bytes) == 0 else { return 0 }
    return Int(bytes)
}
