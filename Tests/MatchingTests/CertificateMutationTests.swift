import JSON
import Testing

@testable import Matching

/// Certificates that chance has spoilt: each is rejected, or says the same as before.
@Suite struct CertificateMutationTests {
    @Test(arguments: AssignmentMethod.allCases)
    func whateverChanceAltersIsRejected(_ method: AssignmentMethod) throws {
        var instances = AssignmentInstances(71)
        for round in 0..<6 {
            let problem = instances.problem(
                5, 3, ties: round % 2 == 0, capacities: (2, 2), scored: method == .maximumScore)
            let json = try Assignment(problem, method, seed: 5).certified().json
            for _ in 0..<120 {
                var other = json
                for _ in 0...instances.below(2) { other = instances.mutated(other) }
                let isEqual = other == json
                #expect(AssignmentChecker.violations(of: other).isEmpty == isEqual, "\(other.text)")
                // The same under a digest that fits may pass only as the true certificate of what it then says.
                other["digest"] = .string(AssignmentCertificate.digest(of: other))
                guard AssignmentChecker.violations(of: other).isEmpty else { continue }
                let claimed = try other.decode(AssignmentCertificate.self)
                let truth = try Assignment(claimed.problem, claimed.method, seed: claimed.lottery.seed).certificate()
                let isTrue =
                    method == .maximumScore ? claimed.totals.score == truth.totals.score : claimed == truth
                #expect(isTrue, "\(other.text)")
            }
        }
    }

    /// A text that is cut anywhere, or has a byte changed, is no certificate or none that holds.
    @Test func whatIsCutOrHasAByteChangedIsRejected() throws {
        var instances = AssignmentInstances(73)
        let problem = instances.problem(3, 2, ties: true, capacities: (1, 2))
        let json = try Assignment(problem, .applicantOptimal, seed: 5).certified().json
        let bytes = json.canonical.bytes
        for _ in 0..<400 {
            let cut = Array(bytes.prefix(instances.below(bytes.count)))
            #expect((try? JSON(parsing: cut)).map { AssignmentChecker.violations(of: $0).isEmpty } ?? false == false)
            var changed = bytes
            changed[instances.below(bytes.count)] ^= UInt8(1 << instances.below(8))
            guard let other = try? JSON(parsing: changed), other != json else { continue }
            #expect(!AssignmentChecker.violations(of: other).isEmpty, "\(other.text)")
        }
    }

    /// Numbers at the ends of what is possible end no process.
    @Test func hugeNumbersAreRejectedAndHarmless() throws {
        var instances = AssignmentInstances(79)
        let problem = instances.problem(3, 3, capacities: (2, 2), scored: true)
        let json = try Assignment(problem, .maximumScore, seed: 5).certified().json
        for huge in [Int64.max, .min, 1 << 53, -1] {
            for pointer in json.integerPointers {
                var other = json.replacing(pointer, .integer(huge))
                #expect(!AssignmentChecker.violations(of: other).isEmpty, "\(pointer) \(huge)")
                other["digest"] = .string(AssignmentCertificate.digest(of: other))
                #expect(!AssignmentChecker.violations(of: other).isEmpty, "\(pointer) \(huge)")
            }
        }
    }
}

extension AssignmentInstances {
    /// One value somewhere inside changed, dropped, doubled, exchanged with its neighbour or made of another type.
    mutating func mutated(_ json: JSON) -> JSON {
        switch json {
        case .object(let members) where !members.isEmpty && below(5) > 0:
            let keys = members.keys.sorted()
            let key = keys[below(keys.count)]
            var changed = json
            changed[key] = below(9) == 0 ? nil : mutated(members[key] ?? .null)
            return changed
        case .array(let items) where !items.isEmpty && below(6) > 0:
            let index = below(items.count)
            var changed = items
            switch below(8) {
            case 0: changed.remove(at: index)
            case 1: changed.insert(items[index], at: below(items.count))
            case 2: changed.swapAt(index, below(items.count))
            default: changed[index] = mutated(items[index])
            }
            return .array(changed)
        default: return other(than: json)
        }
    }

    private mutating func other(than json: JSON) -> JSON {
        switch (json, below(4)) {
        case (.integer(let value), 0...2): .integer(value &+ Int64(below(5)) &- 2)
        case (.string(let value), 0): .string(value + "'")
        case (.string, 1): .string("a\(below(5))")
        case (.string, 2): .string("h\(below(3))")
        case (.bool(let value), _): .bool(!value)
        default: [JSON.null, .string(""), .integer(.max), .number(0.5), [], [:], .bool(true)][below(7)]
        }
    }
}

extension JSON {
    /// Where integers stand, as paths of keys and indices.
    fileprivate var integerPointers: [[String]] {
        switch self {
        case .integer: [[]]
        case .array(let items):
            items.enumerated().flatMap { index, item in item.integerPointers.map { ["\(index)"] + $0 } }
        case .object(let members):
            members.keys.sorted().flatMap { key in (members[key] ?? .null).integerPointers.map { [key] + $0 } }
        default: []
        }
    }

    fileprivate func replacing(_ path: [String], _ value: JSON) -> JSON {
        guard let first = path.first else { return value }
        let rest = Array(path.dropFirst())
        if case .array(var items) = self, let index = Int(first) {
            items[index] = items[index].replacing(rest, value)
            return .array(items)
        }
        var changed = self
        changed[first] = self[first]?.replacing(rest, value)
        return changed
    }
}
