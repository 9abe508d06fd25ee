import Kernels
import Tensors

/// 1 / (1 + e⁻ˣ), element by element.
final class Sigmoid: Operation {
    override func forward(_ output: Tensor) {
        lockstep_sigmoid(output.pointer, inputs[0].value.pointer, output.count)
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        lockstep_sigmoid_gradient(
            input.gradient.pointer, output.gradient.pointer, input.value.pointer, output.value.pointer,
            output.value.count, accumulate)
    }
}

extension Variable {
    /// The logistic function 1 / (1 + e⁻ˣ), element by element.
    public func sigmoid() -> Variable {
        let input = contiguous()
        return Variable(recording: Sigmoid(name: "sigmoid", inputs: [input]), shape: input.shape)
    }
}
