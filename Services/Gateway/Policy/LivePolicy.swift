import Foundation
import JSON
import Logging
import Permissions
import ServiceKit
import Synchronization
import UnixSignals
import Vocabulary

/// The policy that holds now, and its file, which may change while the gateway runs. A file with a mistake changes
/// nothing: the policy before it stays in force, and the mistake is told.
final class LivePolicy: Sendable {
    /// How often the file is looked at.
    private static let interval = Duration.seconds(1)

    private struct State {
        var policy: Policy
        var stamp: PolicyFile.Stamp?
        var mistakes: PolicyMistakes?
        var since: Instant
    }

    private let file: PolicyFile
    private let log: Logger
    private let adopt: @Sendable (Policy) async -> Void
    private let state: Mutex<State>

    /// Reads the file. One that is wrong at the start admits nobody but the owner, so that the house's own services
    /// work and nobody is let in by accident.
    /// - Parameter adopt: puts another policy into force.
    init(_ file: PolicyFile, log: Logger, adopt: @escaping @Sendable (Policy) async -> Void) {
        self.file = file
        self.log = log
        self.adopt = adopt
        let stamp = file.stamp
        var first = State(policy: Policy(owner: file.owner), stamp: stamp, mistakes: nil, since: .now())
        do throws(PolicyMistakes) {
            first.policy = try file.read()
        } catch {
            first.mistakes = error
            log.critical("the policy is wrong; nobody but the gateway's own user is admitted: \(error)")
        }
        state = Mutex(first)
    }

    var current: Policy { state.withLock { $0.policy } }

    /// Reads the file and puts it into force.
    /// - Throws: what is wrong with it; then nothing has changed.
    func reload() async throws(PolicyMistakes) {
        let stamp = file.stamp
        do throws(PolicyMistakes) {
            let policy = try file.read()
            let isNew = state.withLock { state in
                defer { state = State(policy: policy, stamp: stamp, mistakes: nil, since: .now()) }
                return state.policy != policy
            }
            await adopt(policy)
            log.info(
                isNew ? "the policy has changed" : "the policy is the same",
                metadata: ["roles": "\(policy.roles.count)", "principals": "\(policy.holders.count)"])
        } catch {
            state.withLock { ($0.stamp, $0.mistakes) = (stamp, error) }
            log.error("the policy is wrong and was not taken; the one before it stays: \(error)")
            throw error
        }
    }

    /// Takes the file whenever it has changed or SIGHUP comes, until the task is cancelled.
    func watch() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in await UnixSignalsSequence(trapping: .sighup) { try? await self.reload() } }
            group.addTask { await self.watchFile() }
        }
    }

    private func watchFile() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            if file.stamp != state.withLock({ $0.stamp }) { try? await reload() }
        }
    }

    var json: JSON {
        let state = state.withLock { $0 }
        var json = state.policy.json
        json["path"] = .string(file.path)
        json["since"] = .string("\(state.since)")
        json["exists"] = .bool(file.stamp != nil)
        if let mistakes = state.mistakes { json["mistakes"] = .array(mistakes.list.map(\.json)) }
        return json
    }

    var methods: [Method] {
        [
            .action(
                "gateway.policy.show", Bilingual(ko: "지금 쓰는 권한 정책", en: "The policy in force"), role: .operator,
                idempotent: true
            ) { [self] (_: NoParameters, _) throws -> JSON in json },
            .action(
                "gateway.policy.reload",
                Bilingual(ko: "권한 정책 파일을 다시 읽는다", en: "Reads the policy file again"), role: .operator,
                idempotent: true
            ) { [self] (_: NoParameters, _) throws -> JSON in
                do throws(PolicyMistakes) { try await reload() } catch {
                    throw Fault.failedPrecondition(
                        rule: "policy.valid",
                        Bilingual(
                            ko: "정책 파일이 잘못되어 이전 정책을 그대로 씁니다. 고친 뒤 다시 읽으세요\n\(error.text(.ko))",
                            en:
                                "the policy file is wrong and the one before it stays; correct it and reload\n\(error.text(.en))"
                        ), data: ["mistakes": .array(error.list.map(\.json))])
                }
                return json
            },
        ]
    }
}
