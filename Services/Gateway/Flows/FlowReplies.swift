import JSON
import Vocabulary

/// What the outcome of a call means for its step.
extension FlowEngine {
    mutating func take(_ outcome: CallOutcome, for index: Int, _ now: Instant) {
        guard let step = step(of: index) else { return }
        let until = state.steps[index].inFlightUntil ?? now
        state.steps[index].inFlightUntil = nil
        switch outcome {
        case .success(let result): succeed(index, step, result, now)
        case .refused(let error): refuse(index, error, now)
        case .unavailable(let error): retry(index, step, error, now)
        case .unknown(let error):
            state.steps[index].uncertainUntil = max(state.steps[index].uncertainUntil ?? until, until)
            retry(index, step, error, now)
        }
    }

    private func step(of index: Int) -> FlowStep? {
        let record = state.steps[index]
        guard record.kind == .void else { return definition.step(record.name) }
        return definition.steps.lazy.compactMap(\.voiding).first { $0.name == record.name }
    }

    private mutating func succeed(_ index: Int, _ step: FlowStep, _ answer: JSON, _ now: Instant) {
        let result = step.kept(of: answer)
        if let pointer = step.requires, result.at(pointer) == nil {
            let error = FlowError(code: FlowError.notFound, message: "the answer has no \(pointer)", data: nil)
            refuse(index, error, now)
            return
        }
        if let over = step.until?.over, let seen = result.at(over.pointer)?.string, over.values.contains(seen) {
            state.steps[index].result = result
            refuse(index, FlowError(code: FlowError.conflict, message: "it is \(seen)", data: result), now)
            return
        }
        if let until = step.until, let seen = result.at(until.pointer)?.string, !until.reached.contains(seen) {
            let isFirst = state.steps[index].result == nil
            state.steps[index].result = result
            guard until.pending.contains(seen) else {
                refuse(index, FlowError(code: FlowError.conflict, message: "it is \(seen)", data: result), now)
                return
            }
            poll(index, until, isFirst: isFirst, now)
            return
        }
        state.steps[index].state = .done
        state.steps[index].result = result
        state.steps[index].error = nil
        state.steps[index].uncertainUntil = nil
        state.steps[index].failures = 0
        state.steps[index].finishedAt = now
        guard state.steps[index].isKeeping != true else { return }
        journal("done", step: step.name, detail: ["result": result], now)
        effects.append(.event("step.completed", describe(state.steps[index])))
    }

    /// Not yet: ask again later, or when something happens to it.
    private mutating func poll(_ index: Int, _ until: FlowStep.Until, isFirst: Bool, _ now: Instant) {
        let end = patienceEnd(index, until)
        guard now < end else {
            giveUp("timeout", step: index, Self.undecided, now)
            return
        }
        state.steps[index].failures = 0
        state.steps[index].error = nil
        state.steps[index].state = .waiting
        let pause = min(until.poll.upperBound, until.poll.lowerBound * (1 << min(state.steps[index].attempts - 1, 16)))
        state.steps[index].nextAt = state.steps[index].asksAgain ? now : min(now + pause, end)
        if isFirst {
            journal("waiting", step: state.steps[index].name, now)
            effects.append(.event("flow.waiting", describe(state.steps[index])))
        }
    }

    private func patienceEnd(_ index: Int, _ until: FlowStep.Until) -> Instant {
        let seconds = state.value(at: until.patiencePointer)?.integer ?? until.defaultPatienceSeconds
        return (state.steps[index].startedAt ?? state.startedAt).adding(seconds: seconds)
    }

    private mutating func refuse(_ index: Int, _ error: FlowError, _ now: Instant) {
        let record = state.steps[index]
        state.steps[index].error = error
        // A call that was lost may still arrive before its deadline: until then "no" is not the last word.
        if let until = record.uncertainUntil, until > now {
            if state.phase != .running {
                state.steps[index].state = .retrying
                state.steps[index].nextAt = until
                return
            }
        } else {
            state.steps[index].uncertainUntil = nil
        }
        if record.kind == .void, error.code == FlowError.notFound || ["voided", "expired"].contains(error.holdState) {
            finish(index, .done, now)
            return
        }
        if state.phase == .running, let rule = error.rule, definition.step(record.name)?.needless.contains(rule) == true
        {
            finish(index, .skipped, now)
            return
        }
        finish(index, .failed, now)
        guard state.phase == .running else { return }
        giveUp(
            "refused", step: index,
            Bilingual(
                ko: "\(record.name) 단계가 거절되었습니다. 오류를 확인하고 다시 시작하세요.",
                en: "The step \(record.name) was refused. See its error, then start again."), now)
    }

    private mutating func finish(_ index: Int, _ stepState: StepRecord.State, _ now: Instant) {
        state.steps[index].state = stepState
        state.steps[index].finishedAt = now
        let error = state.steps[index].error?.json ?? .null
        journal(stepState.rawValue, step: state.steps[index].name, detail: ["error": error], now)
        effects.append(.event("step.completed", describe(state.steps[index])))
    }

    /// No answer, or not now: back off. Before the decision a step has only so much patience.
    private mutating func retry(_ index: Int, _ step: FlowStep, _ error: FlowError, _ now: Instant) {
        state.steps[index].failures += 1
        state.steps[index].error = error
        state.steps[index].state = .retrying
        let delay = max(step.retry.delay(afterFailures: state.steps[index].failures), error.retryAfter ?? .zero)
        state.steps[index].nextAt = now + delay
        guard state.phase == .running else { return }
        let started = state.steps[index].startedAt ?? now
        let end = step.until.map { patienceEnd(index, $0) } ?? started + patience(of: step)
        if now + delay > end {
            state.steps[index].state = .failed
            state.steps[index].finishedAt = now
            state.steps[index].nextAt = nil
            giveUp("timeout", step: index, Self.tooLate, now)
        }
    }

    /// A hold lives on while its renewal is not answered.
    private func patience(of step: FlowStep) -> Duration {
        step.kind == .renew ? max(step.retry.patience, .milliseconds(state.holdSeconds * 500)) : step.retry.patience
    }

    private static let undecided = Bilingual(
        ko: "기다리는 결정이 정해진 시간 안에 내려지지 않았습니다. 결정한 뒤, 또는 더 긴 대기 시간으로 다시 시작하세요.",
        en: "What it waits for was not decided in time. Start again once it is, or with a longer patience.")

    private static let tooLate = Bilingual(
        ko: "정해진 시간 안에 끝나지 않았습니다. 서비스 상태(ieum status)를 확인하고 다시 시작하세요.",
        en: "It did not end in time. Look at the services (ieum status), then start again.")
}

extension FlowError {
    var json: JSON {
        var json: JSON = ["code": .integer(code), "message": .string(message)]
        if let data { json["data"] = data }
        return json
    }
}

extension FlowReason {
    var json: JSON {
        var json: JSON = [
            "code": .string(code), "message": ["ko": .string(message.ko), "en": .string(message.en)],
        ]
        if let step { json["step"] = .string(step) }
        if let error { json["error"] = error.json }
        if let by { json["by"] = .string(by) }
        return json
    }
}
