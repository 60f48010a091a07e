import ArgumentParser
import ZeroMQ

/// The other processes of the comparison: `zmq_proxy` with a bare worker behind it, and the echo behind nats-server.
struct BenchPart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "bench-part", shouldDisplay: false)

    enum Kind: String, ExpressibleByArgument, Sendable { case proxy, worker, nats }

    @Argument var kind: Kind
    /// The directory of the sockets, or nats-server's port.
    @Argument var directory: String

    static func front(_ directory: String) -> String { "ipc://\(directory)/proxy-front.sock" }
    static func back(_ directory: String) -> String { "ipc://\(directory)/proxy-back.sock" }

    func run() async throws {
        let thread = try DedicatedThread(name: "ieum-\(kind)") { [kind, directory] startup in
            do throws(ZeroMQError) {
                let context = try Context()
                switch kind {
                case .proxy:
                    let front = try Socket(.router, in: context)
                    let back = try Socket(.dealer, in: context)
                    try front.bind(BenchPart.front(directory))
                    try back.bind(BenchPart.back(directory))
                    startup.succeeded()
                    Proxy.run(front, back)
                case .worker:
                    let socket = try Socket(.dealer, in: context)
                    try socket.connect(BenchPart.back(directory))
                    startup.succeeded()
                    var poll = Poll()
                    _ = poll.watch(socket)
                    var message = Multipart()
                    while true {
                        try poll.wait(milliseconds: -1)
                        while try socket.receive(into: &message) == .message { _ = try socket.send(message) }
                    }
                case .nats:
                    let socket = try Socket(.stream, in: context)
                    startup.succeeded()
                    try BenchNats.echo(socket, port: Int(directory) ?? 0)
                }
            } catch { startup.failed(error) }
        }
        _ = thread
        // The comparison ends this process.
        try await Task.sleep(for: .seconds(3600))
    }
}
