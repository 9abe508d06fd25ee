import Kernels
import Tensors

/// Each element set to 0 with a probability, or divided by the probability of staying.
final class Dropout: Operation {
    private let staying: Float
    private let scale: Float
    private let randomness: Randomness
    private let use: UInt64
    private let keep: Mask
    /// Whether the running pass draws.
    private var isActive = true

    init(_ input: Variable, probability: Float, _ randomness: Randomness) {
        staying = 1 - probability
        scale = staying > 0 ? 1 / staying : 0
        self.randomness = randomness
        use = randomness.takeUse()
        keep = Mask(repeating: true, shape: input.shape)
        super.init(name: "dropout", inputs: [input])
    }

    override func forward(_ output: Tensor) {
        isActive = randomness.isEnabled
        let source = inputs[0].value.pointer
        if isActive {
            randomness.key.child(use).bernoulli(keep.pointer, count: keep.count, probability: staying)
            lockstep_dropout(output.pointer, source, keep.pointer, scale, keep.count, false)
        } else {
            lockstep_assign(output.pointer, 1, source, 1, keep.count, 1, false)
        }
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        let (target, gradient) = (input.gradient.pointer, output.gradient.pointer)
        if isActive {
            lockstep_dropout(target, gradient, keep.pointer, scale, keep.count, accumulate)
        } else {
            lockstep_assign(target, 1, gradient, 1, keep.count, 1, accumulate)
        }
    }
}

extension Variable {
    /// Sets each element to 0 with the given probability, and divides the others by the probability of staying.
    ///
    /// Srivastava et al., JMLR 15, 2014. What is drawn depends on the key in `randomness` and on how many uses of it
    /// were recorded before. While `randomness.isEnabled` is false, the input passes unchanged.
    ///
    /// - Parameters:
    ///   - probability: of setting an element to 0, in 0...1.
    ///   - randomness: where the numbers come from.
    public func dropout(_ probability: Float, randomness: Randomness) -> Variable {
        precondition(probability >= 0 && probability <= 1, "dropout: a probability of \(probability)")
        return Variable(recording: Dropout(contiguous(), probability: probability, randomness), shape: shape)
    }
}
