import Observing

/// Whether two programs trained the same: their losses, step by step.
///
/// Rounding lets trainings drift apart, the faster the higher the rate, until single losses tell nothing any more. So the
/// first steps must agree closely, and all steps on the average.
enum PeerAgreement {
    /// The first steps, which are compared one by one.
    static let closeSteps = 20
    /// How far one of them may be off, as a part of the loss.
    static let closeTolerance = 1e-3
    /// How far the mean over all steps may be off, as a part of it.
    static let meanTolerance = 0.05

    /// A line that says where two lists of as many losses disagree; nil if they do not.
    static func difference(_ ours: [Double], _ theirs: [Double]) -> String? {
        for (step, pair) in zip(ours, theirs).prefix(closeSteps).enumerated()
        where !(abs(pair.0 - pair.1) <= closeTolerance * max(abs(pair.0), 0.01)) {
            return "at step \(step + 1) it is \(text(pair.0)) and \(text(pair.1))"
        }
        let means = [ours, theirs].map { $0.reduce(0, +) / Double(max(1, $0.count)) }
        guard abs(means[0] - means[1]) <= meanTolerance * max(abs(means[0]), 0.01) else {
            return "over \(ours.count) steps its mean is \(text(means[0])) and \(text(means[1]))"
        }
        return nil
    }

    private static func text(_ loss: Double) -> String { Decimals.text(loss, places: 5) }
}
