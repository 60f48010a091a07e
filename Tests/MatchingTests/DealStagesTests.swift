import Testing

@testable import Matching

@Suite("The stages of a deal")
struct DealStagesTests {
    /// A deal at each stage as it comes there when nothing is skipped; the demand side was the first at everything.
    private func deal(at stage: DealStage) -> DealProgress {
        var progress = DealProgress(state: .agreed, stage: stage, signedNDA: [.demand])
        if stage > .nda { progress.signedNDA = [.demand, .supply] }
        if stage >= .consulting { progress.sessions = 1 }
        if stage >= .valuation { progress.valuations = 1 }
        if stage >= .negotiation { (progress.termsVersion, progress.acceptedTerms) = (1, [.demand]) }
        if stage >= .contract { (progress.acceptedTerms, progress.signedContract) = ([.demand, .supply], [.demand]) }
        if stage == .followUp { (progress.state, progress.signedContract) = (.committed, [.demand, .supply]) }
        return progress
    }

    private static let steps: [DealProgress.Step] = [
        .signNDA(.supply), .disclose, .consult, .value, .finish(.consulting), .finish(.valuation), .skip(.nda),
        .skip(.consulting), .skip(.valuation), .offer(.supply), .acceptTerms(.supply, version: 1),
        .sign(.supply, version: 1), .transfer,
    ]

    /// Every step at every stage: the stage afterwards, `=` where nothing changes, `x` where it is refused.
    private static let table: [(DealStage, String)] = [
        (.nda, "consulting x x x x x consulting x x x x x nda"),
        (.consulting, "= consulting consulting consulting valuation x = valuation x x x x consulting"),
        (.valuation, "= valuation valuation valuation = negotiation = = negotiation x x x valuation"),
        (.negotiation, "= negotiation negotiation negotiation = = = = = negotiation contract x negotiation"),
        (.contract, "= contract contract contract = = = = = negotiation = followUp followUp"),
        (.followUp, "= followUp followUp x = = = = = x = = ="),
    ]

    @Test(arguments: table)
    func everyStepAtEveryStage(_ stage: DealStage, _ expected: String) {
        let words = expected.split(separator: " ").map(String.init)
        #expect(words.count == Self.steps.count)
        for (step, word) in zip(Self.steps, words) {
            let before = deal(at: stage)
            var progress = before
            switch Result(catching: { try progress.take(step) }) {
            case .failure: #expect(word == "x" && progress == before, "\(stage) \(step)")
            case .success(.unchanged): #expect(word == "=" && progress == before, "\(stage) \(step)")
            case .success(let outcome):
                #expect(progress.stage.rawValue == word, "\(stage) \(step)")
                #expect((outcome == .concluded) == (before.stage == .contract && progress.stage == .followUp))
            }
        }
    }

    @Test func whatIsNotAgreedOrHasEndedTakesNoStep() {
        for state in [DealState.interest, .declined, .withdrawn] {
            for step in Self.steps {
                var progress = deal(at: .contract)
                progress.state = state
                #expect(throws: StepRefused.self, "\(state) \(step)") { try progress.take(step) }
            }
        }
    }

    @Test func aStageIsFinishedWhenSomethingWasDoneAndSkippedOtherwise() throws {
        var progress = DealProgress(state: .agreed, stage: .nda)
        #expect(throws: StepRefused.notSkippable(.negotiation)) { try progress.take(.skip(.negotiation)) }
        #expect(throws: StepRefused.notFinishable(.nda)) { try progress.take(.finish(.nda)) }
        _ = try progress.take(.skip(.nda))
        #expect(throws: StepRefused.noNDA) { try progress.take(.disclose) }
        #expect(throws: StepRefused.nothingDone(.consulting)) { try progress.take(.finish(.consulting)) }
        _ = try progress.take(.skip(.consulting))
        _ = try progress.take(.skip(.valuation))
        // A skipped NDA can still be signed while there is no contract, and the stage does not go back.
        _ = try progress.take(.signNDA(.demand))
        _ = try progress.take(.signNDA(.supply))
        #expect(progress.isUnderNDA && progress.stage == .negotiation)
    }

    @Test func aNewOfferReplacesWhatWasAgreedAndNotYetSigned() throws {
        var progress = deal(at: .contract)
        _ = try progress.take(.offer(.supply))
        #expect(progress.stage == .negotiation && progress.termsVersion == 2 && progress.acceptedTerms == [.supply])
        #expect(progress.signedContract.isEmpty)
        #expect(throws: StepRefused.otherTerms(last: 2)) { try progress.take(.acceptTerms(.demand, version: 1)) }
        _ = try progress.take(.acceptTerms(.demand, version: 2))
        #expect(throws: StepRefused.otherTerms(last: 2)) { try progress.take(.sign(.demand, version: 1)) }
    }

    /// The technology is transferred first, by a flow, and the contract is negotiated and signed afterwards.
    @Test func aTransferWithoutTermsLeavesTheContractToCome() throws {
        var progress = DealProgress(state: .agreed, stage: .nda)
        #expect(try progress.take(.transfer) == .changed)
        #expect(progress.state == .committed && progress.stage == .nda)
        for stage in [DealStage.nda, .consulting, .valuation] { _ = try progress.take(.skip(stage)) }
        _ = try progress.take(.offer(.demand))
        _ = try progress.take(.acceptTerms(.supply, version: 1))
        _ = try progress.take(.sign(.demand, version: 1))
        #expect(try progress.take(.sign(.supply, version: 1)) == .concluded)
        #expect(progress.stage == .followUp)
    }

    @Test(arguments: 0..<300)
    func noPathBreaksTheInvariants(_ seed: Int) {
        var generator = SeededGenerator(state: UInt64(seed))
        var progress = DealProgress(state: .agreed, stage: .nda)
        for _ in 0..<40 {
            let before = progress
            let side = Side.allCases.randomElement(using: &generator) ?? .demand
            let version = max(1, progress.termsVersion)
            var steps = Self.steps + [.signNDA(side), .offer(side), .acceptTerms(side, version: version)]
            steps.append(.sign(side, version: version))
            let step = steps.randomElement(using: &generator) ?? .consult
            switch Result(catching: { try progress.take(step) }) {
            case .failure, .success(.unchanged): #expect(progress == before)
            case .success: #expect(before.stage < .followUp || step == .consult || step == .disclose)
            }
            if progress.stage < before.stage { #expect(progress.stage == .negotiation && before.stage == .contract) }
            if progress.stage >= .contract { #expect(progress.acceptedTerms.count == 2) }
            #expect((progress.stage == .followUp) == (progress.signedContract.count == 2))
            if progress.stage == .followUp { #expect(progress.state == .committed) }
        }
    }
}
