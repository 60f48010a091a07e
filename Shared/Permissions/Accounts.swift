import Glibc

/// The numbers of users and groups, by their names on this machine.
public struct Accounts: Sendable {
    public let user: @Sendable (String) -> UInt32?
    public let group: @Sendable (String) -> UInt32?
    /// The primary group of a user.
    public let groupOf: @Sendable (UInt32) -> UInt32?

    public init(
        user: @escaping @Sendable (String) -> UInt32?, group: @escaping @Sendable (String) -> UInt32?,
        groupOf: @escaping @Sendable (UInt32) -> UInt32?
    ) {
        self.user = user
        self.group = group
        self.groupOf = groupOf
    }

    /// What the system says, through its own lookups (files, directories of the network).
    public static let system = Accounts(
        user: { name in
            unsafe withRecord { buffer, count in
                var entry = unsafe passwd()
                var found: UnsafeMutablePointer<passwd>?
                let result = unsafe getpwnam_r(name, &entry, buffer, count, &found)
                return (result, unsafe found == nil ? nil : unsafe entry.pw_uid)
            }
        },
        group: { name in
            unsafe withRecord { buffer, count in
                var entry = unsafe Glibc.group()
                var found: UnsafeMutablePointer<Glibc.group>?
                let result = unsafe getgrnam_r(name, &entry, buffer, count, &found)
                return (result, unsafe found == nil ? nil : unsafe entry.gr_gid)
            }
        },
        groupOf: { user in
            unsafe withRecord { buffer, count in
                var entry = unsafe passwd()
                var found: UnsafeMutablePointer<passwd>?
                let result = unsafe getpwuid_r(user, &entry, buffer, count, &found)
                return (result, unsafe found == nil ? nil : unsafe entry.pw_gid)
            }
        })

    /// Asks with a buffer that grows until the record fits.
    private static func withRecord(
        _ ask: (UnsafeMutablePointer<CChar>, Int) -> (Int32, UInt32?)
    ) -> UInt32? {
        var size = 4096
        while size <= 1 << 20 {
            let (result, number) = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
                unsafe buffer.baseAddress.map { unsafe ask($0, size) } ?? (EINVAL, nil)
            }
            if result != ERANGE { return number }
            size *= 4
        }
        return nil
    }
}
