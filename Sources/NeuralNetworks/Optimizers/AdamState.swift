import Glibc
import Kernels
import Tensors

/// What Adam and AdamW share: the two moments of every parameter, and how they make a step of them.
struct AdamState {
    /// The number of steps made so far.
    var steps = 0
    /// The running means of the gradient and of its square.
    let moments: [Storage]
    private let parameterCount: Int
    private let beta1: Double
    private let beta2: Double
    private let epsilon: Float
    /// The numbers of the step begun last.
    private var numbers = LockstepAdamStep()

    /// Creates moments of zero.
    init(parameterCount: Int, beta1: Double, beta2: Double, epsilon: Float) {
        precondition((0..<1).contains(beta1) && (0..<1).contains(beta2), "betas lie in 0..<1")
        self.parameterCount = parameterCount
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        moments = [Storage(count: parameterCount), Storage(count: parameterCount)]
    }

    /// Begins a step.
    ///
    /// - Parameters:
    ///   - decay: added to the gradient for each unit of a value.
    ///   - keep: what is left of a value before the step.
    mutating func begin(rate: Float, scale: Float, decay: Float, keep: Float) {
        steps += 1
        let firstCorrection = 1 - pow(beta1, Double(steps))
        let secondCorrection = 1 - pow(beta2, Double(steps))
        numbers = LockstepAdamStep(
            scale: scale, decay: decay, keep: keep, firstRate: Float(1 - beta1), secondKeep: Float(beta2),
            secondRate: Float(1 - beta2), stepSize: Float(Double(rate) / firstCorrection),
            correction: Float(1 / secondCorrection.squareRoot()), epsilon: epsilon)
    }

    /// Makes the step begun last for some of the parameters.
    func apply(to part: Range<Int>, values: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>) {
        precondition(part.lowerBound >= 0 && part.upperBound <= parameterCount, "a step over \(part)")
        let start = part.lowerBound
        var numbers = numbers
        lockstep_adam(
            values + start, moments[0].pointer + start, moments[1].pointer + start, gradients + start, part.count,
            &numbers)
    }
}
