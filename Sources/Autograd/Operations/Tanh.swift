import Kernels
import Tensors

/// The hyperbolic tangent, element by element.
final class Tanh: Operation {
    override func forward(_ output: Tensor) {
        lockstep_tanh(output.pointer, inputs[0].value.pointer, output.count)
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        lockstep_tanh_gradient(
            input.gradient.pointer, output.gradient.pointer, input.value.pointer, output.value.pointer,
            output.value.count, accumulate)
    }
}

extension Variable {
    /// The hyperbolic tangent, element by element.
    public func tanh() -> Variable {
        let input = contiguous()
        return Variable(recording: Tanh(name: "tanh", inputs: [input]), shape: input.shape)
    }
}
