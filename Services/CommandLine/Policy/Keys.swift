import ArgumentParser
import Foundation
import JSON
import Permissions
import ServiceKit
import ZeroMQ

/// `ieum keys`: the CURVE keys by which somebody on another machine is known.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: words("다른 컴퓨터에서 올 열쇠를 만들고 보인다.", "Makes and lists the keys for other machines."),
        subcommands: [New.self, Server.self, List.self])

    /// `ieum keys new`: a pair for a client.
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: words("클라이언트 하나의 열쇠 한 쌍을 만든다.", "Makes the pair of keys of one client."),
            discussion: words(
                "비밀 열쇠는 만든 파일에만 있다. 그 파일을 클라이언트에게만 주고, 공개 열쇠는 정책에 적는다 (--add 가 적는다).",
                "The secret key is in the file and nowhere else: give the file to the client alone. The public key goes into the policy, which --add does."
            ))

        @Argument(help: .init(words("열쇠의 주인을 부를 이름.", "What its owner is called."))) var name: String

        @Option(help: .init(words("비밀 열쇠 파일. 기본은 여기의 이름.key.", "The file of the keys; NAME.key here when left out.")))
        var to: String?

        @Option(help: .init(words("정책의 역할. 여러 번 쓸 수 있다.", "A role of the policy; may be given several times.")))
        var role: [String] = []

        @Flag(help: .init(words("정책 파일에 적는다.", "Adds it to the policy file."))) var add = false

        @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
        var json = false

        func run() async throws {
            guard Policy.isName(name) else {
                throw Failure(
                    .usage, words("이름으로 쓸 수 없다: \(name)", "Cannot be a name: \(name)"),
                    next: words("영문, 숫자, '-', '_' 1~64자로 쓴다.", "Use 1 to 64 letters, digits, '-' and '_'."))
            }
            let pair = try Keys.newPair()
            let file = PolicyFile.ofEnvironment()
            let roles = role.isEmpty ? ["ROLE"] : role
            var text: String?
            if add { text = try addition(pair, file) }
            let path = to ?? "\(name).key"
            try Keys.write(pair, name: name, to: path)
            if let text { try Keys.replace(file.path, text) }
            let lines = PolicyFile.lines(key: pair.publicKey, name: name, roles: roles)
            if json {
                let answer: JSON = [
                    "name": .string(name), "publicKey": .string("\(pair.publicKey)"), "file": .string(path),
                    "added": .bool(add), "policy": .string(file.path), "entry": .string(lines),
                ]
                return Terminal.line(answer.pretty())
            }
            Terminal.line(words("비밀 열쇠: \(path) (클라이언트에게만 준다)", "Secret key: \(path) (for the client alone)"))
            Terminal.line(
                add
                    ? words("정책에 적었다: \(file.path)", "Added to the policy: \(file.path)")
                    : words("정책의 principals: 아래에 적는다:", "To put under principals: in \(file.path):") + "\n" + lines)
        }

        private func addition(_ pair: CurvePair, _ file: PolicyFile) throws -> String {
            guard !role.isEmpty else {
                throw Failure(
                    .usage, words("어느 역할인지 모른다", "It is not said in which role"),
                    next: words("--role 이름 을 함께 준다.", "Give --role NAME as well."))
            }
            do throws(PolicyMistakes) {
                _ = try file.read()
                let before = (try? String(contentsOfFile: file.path, encoding: .utf8)) ?? ""
                return try file.adding(key: pair.publicKey, name: name, roles: role, to: before)
            } catch { throw Failure(error) }
        }
    }

    /// `ieum keys server`: the gateway's own pair, once.
    struct Server: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: words(
                "게이트웨이의 열쇠 한 쌍을 만든다. 있으면 공개 열쇠를 보인다.", "Makes the gateway's own keys, or shows the public one."))

        @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
        var json = false

        func run() async throws {
            let path = Configuration().serverKeyPath
            let isNew = !FileManager.default.fileExists(atPath: path)
            if isNew {
                try Directories().prepare()
                try Keys.write(Keys.newPair(), name: "gateway", to: path)
            }
            let key = try Keys.read(path).publicKey
            if json {
                let answer: JSON = ["publicKey": .string("\(key)"), "file": .string(path), "made": .bool(isNew)]
                return Terminal.line(answer.pretty())
            }
            Terminal.line("IEUM_SERVER_KEY='\(key)'")
            Terminal.line(
                Terminal.faint(
                    words(
                        "클라이언트가 게이트웨이를 알아보는 공개 열쇠다. 비밀은 \(path) 에 있다.",
                        "The public key, by which clients know the gateway. The secret one is in \(path).")))
        }
    }

    /// `ieum keys list`: whose keys the policy knows.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: words("정책이 아는 열쇠와 게이트웨이의 공개 열쇠.", "The keys that the policy knows, and the gateway's public one.")
        )

        @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
        var json = false

        func run() async throws {
            let policy = try PolicyFile.ofEnvironment().readOrExplain()
            let path = Configuration().serverKeyPath
            let server = FileManager.default.fileExists(atPath: path) ? try Keys.read(path).publicKey : nil
            let clients = policy.holders.filter { if case .key = $0.who { true } else { false } }.map(\.json)
            if json {
                let answer: JSON = [
                    "server": server.map { .string("\($0)") } ?? .null, "keys": .array(clients),
                ]
                return Terminal.line(answer.pretty())
            }
            var table = Table([words("누구", "PRINCIPAL"), words("공개 열쇠", "PUBLIC KEY"), words("역할", "ROLES")])
            table.row([words("게이트웨이", "the gateway"), server.map { "\($0)" } ?? "-", "-"])
            for client in clients {
                let roles = (client["roles"]?.array ?? []).compactMap(\.string).joined(separator: " ")
                table.row([client["principal"]?.string ?? "", client["publicKey"]?.string ?? "", roles])
            }
            Terminal.line(table.text)
        }
    }

    // MARK: Files

    private static func newPair() throws(Failure) -> CurvePair {
        do { return try CurvePair.new() } catch {
            throw Failure(
                .unhealthy, words("열쇠를 만들 수 없다: \(error)", "Cannot make keys: \(error)"),
                next: words("libzmq 가 CURVE 를 갖추어야 한다.", "libzmq must have been built with CURVE."))
        }
    }

    private static func write(_ pair: CurvePair, name: String, to path: String) throws(Failure) {
        do { try CurveFile.write(pair, name: name, to: path) } catch { throw Failure(error) }
    }

    private static func read(_ path: String) throws(Failure) -> CurvePair {
        do { return try CurveFile.read(path).pair } catch { throw Failure(error) }
    }

    /// The policy keeps its mode; a new one is for its owner alone.
    private static func replace(_ path: String, _ text: String) throws(Failure) {
        let files = FileManager.default
        let mode = (try? files.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue ?? 0o600
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            try files.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        } catch {
            throw Failure(
                .unhealthy, words("정책을 쓸 수 없다: \(path)", "Cannot write the policy: \(path)"),
                next: words("파일과 폴더의 주인과 권한을 본다.", "See who owns the file and its directory, and their modes."))
        }
    }
}

extension Failure {
    init(_ refused: CurveFile.Refused) {
        self.init(.refused, "\(refused.path): " + words(refused.rule.ko, refused.rule.en), next: "")
    }
}
