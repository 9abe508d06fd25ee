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

    /// Creates moments of zero.
    init(parameterCount: Int, beta1: Double, beta2: Double, epsilon: Float) {
        precondition((0..<1).contains(beta1) && (0..<1).contains(beta2), "betas lie in 0..<1")
        self.parameterCount = parameterCount
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        moments = [Storage(count: parameterCount), Storage(count: parameterCount)]
    }

    /// Makes a step.
    ///
    /// - Parameters:
    ///   - decay: added to the gradient for each unit of a value.
    ///   - keep: what is left of a value before the step.
    mutating func step(
        values: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>, count: Int, rate: Float, scale: Float,
        decay: Float, keep: Float
    ) {
        precondition(count == parameterCount, "a step over \(count) parameters, made for \(parameterCount)")
        steps += 1
        let firstCorrection = 1 - pow(beta1, Double(steps))
        let secondCorrection = 1 - pow(beta2, Double(steps))
        var numbers = LockstepAdamStep(
            scale: scale, decay: decay, keep: keep, firstRate: Float(1 - beta1), secondKeep: Float(beta2),
            secondRate: Float(1 - beta2), stepSize: Float(Double(rate) / firstCorrection),
            correction: Float(1 / secondCorrection.squareRoot()), epsilon: epsilon)
        lockstep_adam(values, moments[0].pointer, moments[1].pointer, gradients, count, &numbers)
    }
}
