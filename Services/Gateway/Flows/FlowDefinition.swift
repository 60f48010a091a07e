import JSON
import Vocabulary

/// A long transaction over services, as data: what the coordinator does, in order.
struct FlowDefinition: Sendable {
    let name: String
    let title: Bilingual
    /// The steps as they run: what leads to the holds, the holds, their renewal, the decision, the posts.
    let steps: [FlowStep]
    /// How long a hold lasts when the input does not say, in seconds.
    let defaultHoldSeconds: Int64
    /// What the input must look like.
    let input: Schema
    /// Rules of the input that a schema cannot say.
    let rules: @Sendable (JSON) -> [FieldError]

    /// Everything that is wrong with an input.
    func faults(in input: JSON) -> [FieldError] {
        let faults = self.input.validate(input)
        return faults.isEmpty ? rules(input) : faults
    }

    func step(_ name: String) -> FlowStep? { steps.first { $0.name == name } }
}

/// One step: a method of a service and the rules around the call.
struct FlowStep: Sendable {
    enum Kind: String, Codable, Sendable {
        /// One call.
        case action
        /// A call repeated until its answer says so.
        case await
        /// Holds something scarce; undone by its compensation.
        case hold
        /// Makes a hold last long enough for the posts.
        case renew
        /// The commit point: no call, one journalled decision.
        case decide
        /// Makes a hold final; repeated until it is answered.
        case post
        /// The compensation of a hold; appears only when it runs.
        case void
    }

    let name: String
    var title: Bilingual
    let kind: Kind
    var method = ""
    /// The parameters, in which `{"from": ["/input/demandId"]}` stands for the first value that is present
    /// (``FlowState/value(at:)``); a member without any value is left out.
    var parameters: JSON = [:]
    var condition = Condition.always
    /// What the result must have, as a JSON Pointer; without it the step is refused.
    var requires: String?
    /// The members of the result that are kept, nil for all. Everybody who may read flows reads them, so what a service
    /// shows to the parties of a deal alone is left out.
    var keeps: [String]?
    var until: Until?
    /// The method that undoes a hold. It takes `id` and `reason`.
    var compensation: String?
    /// Rules by which a service says that there is nothing to do any more: the step is skipped and the flow goes on.
    var needless: Set<String> = []
    /// The hold that a renew, post or void step is about.
    var hold: String?
    var timeout = Duration.seconds(5)
    var retry = RetryPolicy.standard

    enum Condition: Sendable {
        case always
        case present(String)
        case absent(String)
    }

    /// When an `await` step is over.
    struct Until: Sendable {
        let pointer: String
        let reached: Set<String>
        /// Values that mean "not yet"; any other value is a refusal.
        let pending: Set<String>
        /// How long until it is asked again: from the first doubling to the second. Events wake it before that.
        let poll: ClosedRange<Duration>
        /// Events whose subject is asked about and whose type begins so.
        let wokenBy: String
        /// Where the input says how long to wait in all, in seconds, and what holds if it does not.
        let patiencePointer: String
        let defaultPatienceSeconds: Int64
        /// What ends the wait as a refusal, whatever is at `pointer`.
        var over: Over?

        struct Over: Sendable {
            let pointer: String
            let values: Set<String>
        }
    }
}

/// When a call that was not answered, or not accepted for the moment, is sent again.
struct RetryPolicy: Sendable {
    let initial: Duration
    let longest: Duration
    /// Before the decision a step gives up after this time; after it, and when voiding, nothing gives up.
    let patience: Duration

    static let standard = RetryPolicy(initial: .milliseconds(100), longest: .seconds(5), patience: .seconds(60))

    /// Doubles with each failure.
    func delay(afterFailures failures: Int) -> Duration {
        min(longest, initial * (1 << min(max(failures - 1, 0), 16)))
    }
}

extension FlowDefinition {
    /// Something scarce that the flow holds, renews and posts, or voids.
    struct Hold {
        let name: String
        let title: Bilingual
        /// The methods' common part, such as `testbed.reservations`.
        let resource: String
        let parameters: JSON
        var condition = FlowStep.Condition.always
        var needless: Set<String> = []
    }

    /// Puts the parts in the only safe order: lead, hold all, renew all, decide, post all.
    init(
        name: String, title: Bilingual, input: Schema, rules: @escaping @Sendable (JSON) -> [FieldError] = { _ in [] },
        lead: [FlowStep], holds: [Hold], defaultHoldSeconds: Int64 = 600
    ) {
        self.name = name
        self.title = title
        self.input = input
        self.rules = rules
        self.defaultHoldSeconds = defaultHoldSeconds
        let decide = FlowStep(
            name: "decide", title: Bilingual(ko: "확정을 결정한다", en: "Decides to post everything"), kind: .decide)
        steps = lead + holds.map(\.holdStep) + holds.map(\.renewStep) + [decide] + holds.map(\.postStep)
    }
}

extension FlowDefinition.Hold {
    private var id: JSON { ["from": [.string("/results/hold.\(name)/id")]] }
    private var isHeld: FlowStep.Condition { .present("/results/hold.\(name)/id") }

    fileprivate var holdStep: FlowStep {
        var parameters = parameters
        parameters["holder"] = ["from": ["/flow/id"]]
        parameters["ttlSeconds"] = ["from": ["/flow/holdSeconds"]]
        return FlowStep(
            name: "hold.\(name)", title: Bilingual(ko: "\(title.ko) 보류", en: "Holds the \(title.en)"), kind: .hold,
            method: "\(resource).hold", parameters: parameters, condition: condition, requires: "/id",
            compensation: "\(resource).void", needless: needless)
    }

    fileprivate var renewStep: FlowStep {
        FlowStep(
            name: "renew.\(name)", title: Bilingual(ko: "\(title.ko) 보류 연장", en: "Renews the hold of the \(title.en)"),
            kind: .renew, method: "\(resource).renew",
            parameters: ["id": id, "ttlSeconds": ["from": ["/flow/holdSeconds"]]], condition: isHeld,
            hold: "hold.\(name)")
    }

    fileprivate var postStep: FlowStep {
        FlowStep(
            name: "post.\(name)", title: Bilingual(ko: "\(title.ko) 확정", en: "Posts the \(title.en)"), kind: .post,
            method: "\(resource).post", parameters: ["id": id], condition: isHeld, hold: "hold.\(name)")
    }
}

extension FlowStep {
    func kept(of result: JSON) -> JSON {
        guard let keeps else { return result }
        return .object(JSON.Members(uniqueKeysWithValues: keeps.compactMap { name in result[name].map { (name, $0) } }))
    }

    /// The step that undoes this hold.
    var voiding: FlowStep? {
        guard kind == .hold, let compensation else { return nil }
        return FlowStep(
            name: "void." + name.dropFirst("hold.".count),
            title: Bilingual(ko: "\(title.ko) 취소", en: "Undoes: \(title.en)"), kind: .void, method: compensation,
            parameters: ["id": ["from": [.string("/results/\(name)/id")]], "reason": ["from": ["/flow/reason"]]],
            hold: name)
    }
}

extension JSON {
    /// This value as a template over a flow; nil when it stands for something that is not there.
    func filled(from state: FlowState) -> JSON? {
        switch self {
        case .object(let members):
            if members.count == 1, let pointers = members["from"]?.array {
                return pointers.lazy.compactMap { $0.string.flatMap(state.value) }.first
            }
            var filled = Members()
            for (key, value) in members {
                if let value = value.filled(from: state) { filled[key] = value }
            }
            return .object(filled)
        case .array(let items): return .array(items.compactMap { $0.filled(from: state) })
        default: return self
        }
    }
}
