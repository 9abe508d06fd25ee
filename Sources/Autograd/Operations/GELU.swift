import Kernels
import Tensors

/// x · Φ(x), with Φ the cumulative normal distribution or its approximation by a hyperbolic tangent.
final class GELU: Operation {
    private let isApproximate: Bool

    init(_ input: Variable, isApproximate: Bool) {
        self.isApproximate = isApproximate
        super.init(name: "gelu", inputs: [input])
    }

    override func forward(_ output: Tensor) {
        let source = inputs[0].value.pointer
        if isApproximate {
            lockstep_gelu_tanh(output.pointer, source, output.count)
        } else {
            lockstep_gelu_erf(output.pointer, source, output.count)
        }
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        let target = input.gradient.pointer
        let (source, result) = (input.value.pointer, output.value.pointer)
        if isApproximate {
            lockstep_gelu_tanh_gradient(
                target, output.gradient.pointer, source, result, output.value.count, accumulate)
        } else {
            lockstep_gelu_erf_gradient(
                target, output.gradient.pointer, source, result, output.value.count, accumulate)
        }
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
