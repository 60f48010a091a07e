import JSON

/// Scores of pairs whose outcome is decided, for fitting.
struct Labelled: Sendable {
    let logit: Double
    let succeeded: Bool
}

/// Platt scaling: P(success) = σ(slope · logit + intercept), by maximum likelihood with Platt's smoothed targets
/// (Platt 1999; Newton's method with a backtracking step after Lin, Lin and Weng 2007).
struct PlattScaling: Codable, Sendable, Hashable {
    var slope: Double
    var intercept: Double
    /// The inverse of the Hessian at the optimum: variances and covariance of the two.
    var slopeVariance: Double
    var interceptVariance: Double
    var covariance: Double

    init?(_ cases: [Labelled]) {
        let positives = cases.count(where: \.succeeded)
        let negatives = cases.count - positives
        guard positives > 0, negatives > 0 else { return nil }
        let high = (Double(positives) + 1) / (Double(positives) + 2)
        let low = 1 / (Double(negatives) + 2)
        let points = cases.map { (x: $0.logit, target: $0.succeeded ? high : low) }
        slope = 0
        intercept = log1((Double(positives) + 1) / (Double(negatives) + 1))
        (slopeVariance, interceptVariance, covariance) = (0, 0, 0)
        var loss = Self.loss(points, slope, intercept)
        for _ in 0..<100 {
            var (gradient, hessian) = ((0.0, 0.0), (1e-12, 1e-12, 0.0))
            for (x, target) in points {
                let p = Score.sigmoid(slope * x + intercept)
                gradient.0 += x * (p - target)
                gradient.1 += p - target
                let spread = p * (1 - p)
                hessian.0 += x * x * spread
                hessian.1 += spread
                hessian.2 += x * spread
            }
            let determinant = hessian.0 * hessian.1 - hessian.2 * hessian.2
            guard determinant > 0 else { return nil }
            slopeVariance = hessian.1 / determinant
            interceptVariance = hessian.0 / determinant
            covariance = -hessian.2 / determinant
            if abs(gradient.0) < 1e-9, abs(gradient.1) < 1e-9 { break }
            let step = (
                -(slopeVariance * gradient.0 + covariance * gradient.1),
                -(covariance * gradient.0 + interceptVariance * gradient.1)
            )
            var size = 1.0
            while size > 1e-10 {
                let next = Self.loss(points, slope + size * step.0, intercept + size * step.1)
                if next < loss + 1e-4 * size * (gradient.0 * step.0 + gradient.1 * step.1) {
                    slope += size * step.0
                    intercept += size * step.1
                    loss = next
                    break
                }
                size /= 2
            }
            if size <= 1e-10 { break }
        }
    }

    private static func loss(_ points: [(x: Double, target: Double)], _ slope: Double, _ intercept: Double) -> Double {
        points.reduce(0) { sum, point in
            let value = slope * point.x + intercept
            // -t ln σ(v) - (1 - t) ln σ(-v) without overflow.
            let softplus = max(0, value) + log1(1 + exponential(-abs(value)))
            return sum + softplus - point.target * value
        }
    }

    /// Whether a higher score is a better chance with 95 % confidence, one-sided. Held-out loss alone lets a score that
    /// says nothing pass in one of nine samples of 200.
    var rises: Bool { slope > 1.644_853_626_951_473 * slopeVariance.squareRoot() }

    func probability(_ logit: Double) -> Double { Score.sigmoid(slope * logit + intercept) }

    /// The 95 % interval by the delta method on the logit.
    func interval(_ logit: Double) -> (low: Double, high: Double) {
        let variance = logit * logit * slopeVariance + 2 * logit * covariance + interceptVariance
        let reach = 1.959_963_984_540_054 * max(0, variance).squareRoot()
        let middle = slope * logit + intercept
        return (Score.sigmoid(middle - reach), Score.sigmoid(middle + reach))
    }
}

/// Isotonic regression by pooling adjacent violators: a step function that never falls. Only for more than 1,000
/// outcomes; with few it fits noise.
struct IsotonicScaling: Codable, Sendable, Hashable {
    struct Step: Codable, Sendable, Hashable {
        /// The lowest logit of this step.
        let from: Double
        let succeeded: Int
        let count: Int
    }

    let steps: [Step]

    init?(_ cases: [Labelled]) {
        var pooled: [Step] = []
        for (logit, group) in Dictionary(grouping: cases, by: \.logit).sorted(by: { $0.key < $1.key }) {
            pooled.append(Step(from: logit, succeeded: group.count(where: \.succeeded), count: group.count))
            while pooled.count > 1 {
                let (below, above) = (pooled[pooled.count - 2], pooled[pooled.count - 1])
                guard below.succeeded * above.count >= above.succeeded * below.count else { break }
                pooled.removeLast(2)
                pooled.append(
                    Step(
                        from: below.from, succeeded: below.succeeded + above.succeeded,
                        count: below.count + above.count))
            }
        }
        guard !pooled.isEmpty else { return nil }
        steps = pooled
    }

    private func step(_ logit: Double) -> Step { steps.last { $0.from <= logit } ?? steps[0] }

    /// The share of the step, with one success and one failure more, so that nothing is certain.
    func probability(_ logit: Double) -> Double {
        let step = step(logit)
        return (Double(step.succeeded) + 1) / (Double(step.count) + 2)
    }

    /// Wilson's 95 % interval of the step's share.
    func interval(_ logit: Double) -> (low: Double, high: Double) {
        let step = step(logit)
        let (n, z) = (Double(step.count), 1.959_963_984_540_054)
        let share = Double(step.succeeded) / n
        let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        let reach = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        return (max(0, middle - reach), min(1, middle + reach))
    }
}
