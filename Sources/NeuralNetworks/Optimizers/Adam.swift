import Tensors

/// Adam (Kingma, Ba, arXiv:1412.6980), with bias correction and weight decay as PyTorch defines them.
///
/// g = scale · gradient + decay · value; m += (1 − β₁)(g − m); v += (1 − β₂)(g² − v);
/// value −= rate · m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε)
public struct Adam: Optimizer {
    /// The number of steps made so far.
    public var steps: Int {
        get { state.steps }
        set { state.steps = newValue }
    }
    /// The running means of the gradient and of its square.
    public var moments: [Storage] { state.moments }
    private var state: AdamState
    private let weightDecay: Float

    /// Creates the optimizer with moments of zero.
    ///
    /// - Parameters:
    ///   - parameterCount: the number of parameters.
    ///   - beta1: how much of the mean gradient stays at each step, in 0..<1.
    ///   - beta2: how much of the mean squared gradient stays at each step, in 0..<1.
    ///   - epsilon: added to the denominator.
    ///   - weightDecay: added to the gradient for each unit of a value.
    public init(
        parameterCount: Int, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0
    ) {
        state = AdamState(parameterCount: parameterCount, beta1: beta1, beta2: beta2, epsilon: epsilon)
        self.weightDecay = weightDecay
    }

    /// Begins a step; see `Optimizer`.
    public mutating func begin(rate: Float, scale: Float) {
        state.begin(rate: rate, scale: scale, decay: weightDecay, keep: 1)
    }

    /// Makes the step begun last for some of the parameters; see `Optimizer`.
    public func apply(to part: Range<Int>, values: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>) {
        state.apply(to: part, values: values, gradients: gradients)
    }
}
