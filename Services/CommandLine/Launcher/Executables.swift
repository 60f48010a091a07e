import Foundation

/// Where the executables are: beside this one.
enum Executables {
    /// The directory of this executable, checked to hold every member of the roster.
    static func directory(for roster: Roster) throws(Failure) -> String {
        let directory = own.deletingLastPathComponent().path
        let missing = roster.members.map(\.executable).filter {
            !FileManager.default.isExecutableFile(atPath: "\(directory)/\($0)")
        }
        guard missing.isEmpty else {
            let names = missing.joined(separator: ", ")
            throw Failure(
                .unhealthy, words("\(directory) 에 없다: \(names)", "Missing in \(directory): \(names)"),
                next: words("먼저 빌드한다: swift build -c release", "Build first: swift build -c release"))
        }
        return directory
    }

    /// This executable, links resolved.
    static var own: URL {
        let path = Bundle.main.executablePath ?? ProcessInfo.processInfo.arguments[0]
        return URL(fileURLWithPath: path).resolvingSymlinksInPath()
    }
}
