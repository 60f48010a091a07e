import JSON
import ServiceKit
import Storage
import Vocabulary

/// What was decided and on what grounds, as it was at that moment; never changed afterwards.
struct Minutes: Codable, Sendable {
    let decidedAt: Instant
    let state: Cases.State
    let requested: Won
    let approvedAmount: Won?
    let rules: CommitteeRules
    let tally: Tally
    let votes: [Votes.Vote]
    let figures: CaseFigures
}

/// The committee's decision (의결): the votes are counted under the fund's rules and the outcome is recorded with its
/// minutes. Nobody chooses the outcome; too few votes decide nothing.
enum Decisions {
    struct Decide: Codable, Sendable, Constrained {
        let id: CaseID
        /// What is granted if the votes approve: the amount asked for unless given, and never more.
        let approvedAmount: Won?

        static let constraints: [String: Schema.Constraint] = ["approvedAmount": .range(1...)]
    }

    static let methods: [Method] = [
        .command(
            "fund.cases.decide",
            Bilingual(
                ko: "표를 세어 안건을 의결하고 회의록을 남긴다",
                en: "Counts the votes, decides the case and freezes the minutes"),
            role: .member
        ) { (p: Decide, w: Write) throws -> Cases.Case in try decide(p, w) }
    ]

    private static func decide(_ p: Decide, _ w: Write) throws -> Cases.Case {
        let item = try Cases.get(p.id, w.db, w.now)
        try Cases.requireProposed(item)
        let amount = p.approvedAmount ?? item.amount
        guard amount <= item.amount else {
            throw Fault.invalid(
                "/approvedAmount", .integer(amount.amount),
                Bilingual(
                    ko: "신청한 금액보다 많이 승인할 수 없습니다.", en: "No more can be approved than was asked for."))
        }
        let rules = try Funds.get(item.fundId, w.db).rules
        let tally = try Votes.tally(item, rules: rules, w.db)
        let figures = try CaseFigures.of(item, amount: amount, db: w.db, now: w.now)
        let state = try settle(tally, rules, figures)
        let minutes = Minutes(
            decidedAt: w.now, state: state, requested: item.amount,
            approvedAmount: state == .approved ? amount : nil, rules: rules, tally: tally,
            votes: try Votes.latest(item.id, w.db), figures: figures)
        try w.db.run(
            "UPDATE cases SET state = ?, approved_amount = ?, minutes = ?, settled_at = ? WHERE id = ?",
            state, minutes.approvedAmount, try JSON.encode(minutes).text, w.now, item.id)
        let decided = try Cases.get(item.id, w.db, w.now)
        try w.emit("fund.case.\(state.rawValue)", subject: item.id.description, decided)
        w.audit(subject: item.id.description, reason: nil)
        return decided
    }

    private static func settle(_ tally: Tally, _ rules: CommitteeRules, _ figures: CaseFigures) throws -> Cases.State {
        switch tally.outcome(rules) {
        case .rejected:
            return .rejected
        case .approved:
            if let limit = rules.concentrationLimit, figures.concentrationAfter.exceeds(limit) {
                throw Fault.failedPrecondition(
                    rule: "fund.concentration",
                    Bilingual(
                        ko: "한 회사에 대한 투자 한도를 넘습니다. 더 적은 금액(approvedAmount)으로 의결하세요.",
                        en: "This would exceed the limit for one company; decide on a smaller approvedAmount."),
                    data: [
                        "limit": .integer(Int64(limit)), "concentrationAfter": try .encode(figures.concentrationAfter),
                    ])
            }
            return .approved
        case .tooFewMembers:
            throw Fault.failedPrecondition(
                rule: "committee.tooFewMembers",
                Bilingual(
                    ko: "이해상충이 없는 위원이 부족합니다. 위원을 더 위촉하세요.",
                    en: "Too few members are without a conflict; appoint more."),
                data: ["eligible": .integer(Int64(tally.eligible)), "needed": .integer(Int64(rules.minimumMembers))])
        case .noQuorum:
            throw Fault.failedPrecondition(
                rule: "committee.quorum",
                Bilingual(
                    ko: "의사정족수에 이르지 못했습니다. 표결을 더 받으세요.",
                    en: "There is no quorum yet; more members must vote."),
                data: ["present": .integer(Int64(tally.present)), "needed": .integer(Int64(tally.presentNeeded))])
        case .contributionMissing:
            throw Fault.failedPrecondition(
                rule: "committee.contributionMissing",
                Bilingual(
                    ko: "관내 기여도 평가가 없습니다. 표결에 contribution을 적으세요.",
                    en: "Nobody assessed the contribution to the region; votes must give `contribution`."),
                data: ["minimum": .integer(Int64(rules.minimumContribution ?? 0))])
        }
    }
}
