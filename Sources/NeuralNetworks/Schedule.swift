import Glibc

/// How the learning rate changes from step to step: a pure function of the step.
///
/// Formulas are those of PyTorch's schedulers of like names, written in closed form.
public indirect enum Schedule: Sendable, Hashable {
    /// The base rate throughout.
    case constant
    /// Rises along half a cosine, then falls along another (Smith, Topin, arXiv:1708.07120); the base is the maximum.
    ///
    /// `warmUp` is the part of the steps that rises; it starts from base / divisor and ends at that divided by
    /// `finalDivisor`.
    case oneCycle(warmUp: Double = 0.3, divisor: Double = 25, finalDivisor: Double = 1e4)
    /// Falls from the base to `floor` along half a cosine (Loshchilov, Hutter, arXiv:1608.03983).
    case cosine(floor: Double = 0)
    /// Multiplied by `factor` whenever `every` steps have passed.
    case step(every: Int, factor: Double)
    /// Rises in a straight line to the base over `steps` steps, the first of them at base / steps; then follows `then`.
    ///
    /// The schedule that follows counts its steps, and the total, from the end of the rise.
    case linearWarmUp(steps: Int, then: Schedule = .constant)

    /// The learning rate of a step.
    ///
    /// - Parameters:
    ///   - step: counted from 0; later steps than the last count as the last, for `oneCycle` and `cosine`.
    ///   - total: the number of steps of the whole training.
    ///   - base: the rate that the schedule scales.
    public func rate(step: Int, of total: Int, base: Float) -> Float {
        Float(rate(step: step, of: total, base: Double(base)))
    }

    private func rate(step: Int, of total: Int, base: Double) -> Double {
        switch self {
        case .constant:
            return base
        case .oneCycle(let warmUp, let divisor, let finalDivisor):
            let start = base / divisor
            let peak = warmUp * Double(total) - 1
            let last = Double(max(total - 1, 0))
            let place = min(Double(step), last)
            if place <= peak {
                return Self.cosine(from: start, to: base, at: peak > 0 ? place / peak : 1)
            }
            let progress = last > peak ? (place - peak) / (last - peak) : 1
            return Self.cosine(from: base, to: start / finalDivisor, at: progress)
        case .cosine(let floor):
            return Self.cosine(from: base, to: floor, at: total > 0 ? min(1, Double(step) / Double(total)) : 1)
        case .step(let every, let factor):
            return base * pow(factor, Double(step / max(every, 1)))
        case .linearWarmUp(let steps, let then):
            guard step < steps else {
                return then.rate(step: step - max(steps, 0), of: total - max(steps, 0), base: base)
            }
            return base * Double(step + 1) / Double(steps)
        }
    }

    /// Half a cosine from one value to another; `progress` runs from 0 to 1.
    private static func cosine(from start: Double, to end: Double, at progress: Double) -> Double {
        end + (start - end) / 2 * (1 + cos(.pi * progress))
    }
}
