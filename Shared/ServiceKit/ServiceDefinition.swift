public import JSON
public import Storage

/// Work that a service does by itself at intervals, such as marking what has expired. Runs on the writer thread in a
/// transaction of its own; events and audit rows are kept as for a command.
public struct Job: Sendable {
    public let name: String
    public let interval: Duration
    let body: @Sendable (Write) throws -> Void

    public init(name: String, every interval: Duration, _ body: @escaping @Sendable (Write) throws -> Void) {
        self.name = name
        self.interval = interval
        self.body = body
    }
}

/// Everything that makes a service: what `Fund.swift` lists.
public struct ServiceDefinition: Sendable {
    /// The name workers serve and clients address: the first part of every method's name.
    public let name: String
    public let title: Bilingual
    public let migrations: [Migration]
    public let methods: [Method]
    public let jobs: [Job]

    public init(name: String, title: Bilingual, migrations: [Migration], methods: [Method], jobs: [Job] = []) {
        for method in methods {
            precondition(method.name.hasPrefix(name + "."), "\(method.name) is not a method of \(name)")
        }
        self.name = name
        self.title = title
        self.migrations = migrations
        self.methods = methods
        self.jobs = jobs
    }

    /// The version of all of Ieum: the services are released together.
    public static let version = "0.1.0"
}
