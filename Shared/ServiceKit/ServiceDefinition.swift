public import JSON
public import Storage

/// Work that a service does by itself at intervals, such as marking what has expired. Runs on the writer thread in a
/// transaction of its own; events and audit rows are kept as for a command.
public struct Job: Sendable {
    public let name: String
    public let interval: Duration
    let body: Body

    /// Each says whether there is more to do at once.
    enum Body: Sendable {
        case write(@Sendable (Write) throws -> Bool)
        case read(@Sendable (Connection) throws -> Bool)
    }

    public init(name: String, every interval: Duration, _ body: @escaping @Sendable (Write) throws -> Void) {
        self.name = name
        self.interval = interval
        self.body = .write { write in
            try body(write)
            return false
        }
    }

    private init(_ name: String, _ interval: Duration, _ body: Body) {
        self.name = name
        self.interval = interval
        self.body = body
    }

    /// Work that is done in parts, so that others' writes go between them: `part` returns whether there is more.
    public static func inParts(
        _ name: String, every interval: Duration, _ part: @escaping @Sendable (Write) throws -> Bool
    ) -> Job {
        Job(name, interval, .write(part))
    }

    /// Work that only looks at the committed rows, on a reader thread, such as keeping something in memory up to date.
    /// In parts like `inParts`.
    public static func reading(
        _ name: String, every interval: Duration, _ part: @escaping @Sendable (Connection) throws -> Bool
    ) -> Job {
        Job(name, interval, .read(part))
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
    public let consumers: [Consumer]

    public init(
        name: String, title: Bilingual, migrations: [Migration], methods: [Method], jobs: [Job] = [],
        consumers: [Consumer] = []
    ) {
        precondition(Set(consumers.map(\.name)).count == consumers.count, "\(name) has two consumers of one name")
        for method in methods {
            precondition(method.name.hasPrefix(name + "."), "\(method.name) is not a method of \(name)")
        }
        self.name = name
        self.title = title
        self.migrations = migrations
        self.methods = methods
        self.jobs = jobs
        self.consumers = consumers
    }

    /// The version of all of Ieum: the services are released together.
    public static let version = "0.1.0"
}
