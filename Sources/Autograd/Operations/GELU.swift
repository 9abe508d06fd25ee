import Kernels
import Tensors

/// x · Φ(x), with Φ the cumulative normal distribution or its approximation by a hyperbolic tangent.
final class GELU: Operation {
    private let isApproximate: Bool
    /// The slope at every element, computed along with the value.
    private let slopes: Storage

    init(_ input: Variable, isApproximate: Bool) {
        self.isApproximate = isApproximate
        slopes = Storage(count: input.shape.count)
        super.init(name: "gelu", inputs: [input])
    }

    override func forward(_ output: Tensor) {
        let source = inputs[0].value.pointer
        if isApproximate {
            lockstep_gelu_tanh(output.pointer, slopes.pointer, source, slopes.count)
        } else {
            lockstep_gelu_erf(output.pointer, slopes.pointer, source, slopes.count)
        }
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        lockstep_multiply_gradient(
            input.gradient.pointer, output.gradient.pointer, slopes.pointer, slopes.count, accumulate)
    }
}

extension Variable {
    /// The Gaussian error linear unit (Hendrycks, Gimpel, 2016), element by element.
    ///
    /// - Parameter approximate: whether to compute x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))), as GPT-2 does, instead
    ///   of x/2 · (1 + erf(x/√2)).
    public func gelu(approximate: Bool = true) -> Variable {
        let input = contiguous()
        return Variable(recording: GELU(input, isApproximate: approximate), shape: input.shape)
    }
}
