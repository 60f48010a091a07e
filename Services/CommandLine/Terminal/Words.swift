import Foundation

/// The two languages that the command line speaks.
enum Tongue: String, Sendable {
    case ko, en

    /// The language of an environment: `IEUM_LANG`, else the first set of `LC_ALL`, `LC_MESSAGES` and `LANG`.
    init(environment: [String: String]) {
        if let chosen = environment["IEUM_LANG"], let tongue = Tongue(rawValue: chosen) {
            self = tongue
            return
        }
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        self = locale?.hasPrefix("ko") == true ? .ko : .en
    }

    /// The language of this process.
    static let current = Tongue(environment: ProcessInfo.processInfo.environment)
}

/// One text in the language of this process.
func words(_ ko: String, _ en: String) -> String { Tongue.current == .ko ? ko : en }
