import Kernels
import Tensors

/// eˣ, element by element.
final class Exponential: Operation {
    override func forward(_ output: Tensor) {
        lockstep_exp(output.pointer, inputs[0].value.pointer, output.count)
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        lockstep_exp_gradient(
            input.gradient.pointer, output.gradient.pointer, input.value.pointer, output.value.pointer,
            output.value.count, accumulate)
    }
}

extension Variable {
    /// The exponential eˣ, element by element.
    public func exp() -> Variable {
        let input = contiguous()
        return Variable(recording: Exponential(name: "exp", inputs: [input]), shape: input.shape)
    }
}
