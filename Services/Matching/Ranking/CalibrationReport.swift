import JSON

/// How good predictions were, judged on cases that were not fitted to.
struct CalibrationReport: Codable, Sendable, Hashable {
    struct Bin: Codable, Sendable, Hashable {
        let from: Double
        let to: Double
        let count: Int
        let succeeded: Int
        /// The mean of what was predicted; absent in an empty bin.
        let predicted: Double?
        let observed: Double?
    }

    let outcomes: Int
    let succeeded: Int
    /// The share of all outcomes that succeeded.
    let baseRate: Double
    /// Means over the cases, each predicted by a fit without its fold; lower is better.
    let brier: Double
    let logLoss: Double
    /// The same for predicting the other folds' base rate.
    let baseBrier: Double
    let baseLogLoss: Double
    let bins: [Bin]
    /// Whether both are better than the base rate's.
    let isBetterThanBaseRate: Bool

    static let folds = 5

    /// - Parameter fit: makes a prediction from some cases; nil where it cannot.
    init(_ cases: [Labelled], fit: ([Labelled]) -> ((Double) -> Double)?) {
        var (brier, loss, baseBrier, baseLoss) = (0.0, 0.0, 0.0, 0.0)
        var predictions: [(predicted: Double, succeeded: Bool)] = []
        for fold in 0..<Self.folds {
            let held = cases.enumerated().filter { $0.offset % Self.folds == fold }.map(\.element)
            let rest = cases.enumerated().filter { $0.offset % Self.folds != fold }.map(\.element)
            // Laplace's rule, so that a fold of one kind alone is no infinite loss.
            let base = (Double(rest.count(where: \.succeeded)) + 1) / (Double(rest.count) + 2)
            let predict = fit(rest) ?? { _ in base }
            for one in held {
                let p = predict(one.logit)
                predictions.append((p, one.succeeded))
                brier += Self.square(p, one.succeeded)
                loss += Self.logLoss(p, one.succeeded)
                baseBrier += Self.square(base, one.succeeded)
                baseLoss += Self.logLoss(base, one.succeeded)
            }
        }
        let count = Double(max(cases.count, 1))
        outcomes = cases.count
        succeeded = cases.count(where: \.succeeded)
        baseRate = Double(succeeded) / count
        (self.brier, self.baseBrier) = (brier / count, baseBrier / count)
        (logLoss, baseLogLoss) = (loss / count, baseLoss / count)
        isBetterThanBaseRate = !cases.isEmpty && brier < baseBrier && loss < baseLoss
        bins = (0..<10).map { place in
            let (from, to) = (Double(place) / 10, Double(place + 1) / 10)
            let inside = predictions.filter { min(9, Int($0.predicted * 10)) == place }
            let hits = inside.count(where: \.succeeded)
            let size = Double(inside.count)
            return Bin(
                from: from, to: to, count: inside.count, succeeded: hits,
                predicted: inside.isEmpty ? nil : inside.reduce(0) { $0 + $1.predicted } / size,
                observed: inside.isEmpty ? nil : Double(hits) / size)
        }
    }

    private static func square(_ p: Double, _ succeeded: Bool) -> Double {
        let miss = p - (succeeded ? 1 : 0)
        return miss * miss
    }

    private static func logLoss(_ p: Double, _ succeeded: Bool) -> Double {
        let safe = min(1 - 1e-12, max(1e-12, p))
        return -log1(succeeded ? safe : 1 - safe)
    }
}
