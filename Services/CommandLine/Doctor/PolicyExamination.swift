import JSON
import Permissions
import ServiceKit

extension Examination {
    private var file: PolicyFile { .ofEnvironment(Configuration(environment: environment)) }

    /// Whether the policy lets others through to the sockets, who must then be able to pass their directory.
    var isOpenToOthers: Bool { (try? file.read())?.reach == .everyone }

    var policy: Finding {
        let subject = words("정책", "Policy")
        let file = file
        do {
            let policy = try file.read()
            guard file.stamp != nil else {
                return Finding(
                    subject: subject, grade: .good,
                    observed: words("없음: 이 사용자만 들어온다", "none: only this user is admitted"))
            }
            let (roles, holders) = (policy.roles.count, policy.holders.count)
            return Finding(
                subject: subject, grade: .good,
                observed: words("역할 \(roles)개, 주체 \(holders)개", "\(roles) roles, \(holders) principals"))
        } catch {
            return Finding(
                subject: subject, grade: .bad, observed: error.text(Tongue.current == .ko ? .ko : .en),
                next: words("고친 뒤 본다: ieum policy show", "Correct it, then see: ieum policy show"))
        }
    }
}
