import Kernels
import Tensors

/// Stochastic gradient descent, with momentum, Nesterov's form of it, and weight decay, as PyTorch defines them.
///
/// g = scale · gradient + decay · value; v = momentum · v + g; value −= rate · v, or rate · (g + momentum · v) with
/// Nesterov's (Sutskever, Martens, Dahl, Hinton, ICML 2013).
public struct SGD: Optimizer {
    /// The number of steps made so far.
    public var steps = 0
    /// The velocity; none without momentum.
    public let moments: [Storage]
    private let parameterCount: Int
    private let momentum: Float
    private let nesterov: Bool
    private let weightDecay: Float
    /// The numbers of the step begun last.
    private var rate: Float = 0
    private var scale: Float = 1

    /// Creates the optimizer at rest.
    ///
    /// - Parameters:
    ///   - parameterCount: the number of parameters.
    ///   - momentum: how much of the velocity stays at each step; 0 keeps none, and needs no memory.
    ///   - nesterov: whether the gradient counts as if taken after the velocity's own step.
    ///   - weightDecay: added to the gradient for each unit of a value.
    public init(parameterCount: Int, momentum: Float = 0, nesterov: Bool = false, weightDecay: Float = 0) {
        self.parameterCount = parameterCount
        self.momentum = momentum
        self.nesterov = nesterov
        self.weightDecay = weightDecay
        moments = momentum == 0 ? [] : [Storage(count: parameterCount)]
    }

    /// Begins a step; see `Optimizer`.
    public mutating func begin(rate: Float, scale: Float) {
        steps += 1
        self.rate = rate
        self.scale = scale
    }

    /// Makes the step begun last for some of the parameters; see `Optimizer`.
    public func apply(to part: Range<Int>, values: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>) {
        precondition(part.lowerBound >= 0 && part.upperBound <= parameterCount, "a step over \(part)")
        let start = part.lowerBound
        if let velocities = moments.first {
            lockstep_sgd_momentum(
                values + start, velocities.pointer + start, gradients + start, part.count, rate, scale, weightDecay,
                momentum, nesterov)
        } else {
            lockstep_sgd(values + start, gradients + start, part.count, rate, scale, weightDecay)
        }
    }
}
