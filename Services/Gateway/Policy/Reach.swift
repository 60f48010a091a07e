import Foundation
import Logging
import Permissions

/// The modes of the directory and its sockets: who gets as far as the gateway, which asks the kernel who it is.
enum Reach {
    static let sockets = ["gateway.sock", "events.sock"]

    static func apply(_ reach: Policy.Reach, to directory: String, _ log: Logger) {
        let (directoryMode, socketMode) = modes(reach)
        var attributes: [FileAttributeKey: Any] = [:]
        switch reach {
        case .group(let group): attributes[.groupOwnerAccountID] = NSNumber(value: group)
        case .standard, .everyone: attributes[.groupOwnerAccountID] = NSNumber(value: getegid())
        }
        do {
            attributes[.posixPermissions] = directoryMode
            try FileManager.default.setAttributes(attributes, ofItemAtPath: directory)
            attributes[.posixPermissions] = socketMode
            for socket in sockets {
                try FileManager.default.setAttributes(attributes, ofItemAtPath: "\(directory)/\(socket)")
            }
        } catch {
            log.error(
                "the sockets could not be given to the policy's `reach`; the gateway's user must be in that group",
                metadata: ["run": "\(directory)", "error": "\(error)"])
        }
    }

    private static func modes(_ reach: Policy.Reach) -> (directory: Int, socket: Int) {
        switch reach {
        case .standard, .group: (0o750, 0o660)
        case .everyone: (0o711, 0o666)
        }
    }
}
