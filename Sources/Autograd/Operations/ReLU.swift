import Kernels
import Tensors

/// max(x, 0), element by element.
final class ReLU: Operation {
    override var givesZeros: Bool { true }

    override func forward(_ output: Tensor) {
        lockstep_relu(output.pointer, inputs[0].value.pointer, output.count)
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        lockstep_relu_gradient(
            input.gradient.pointer, output.gradient.pointer, output.value.pointer, output.value.count, accumulate)
    }
}

extension Variable {
    /// The rectified linear unit: max(x, 0), element by element.
    public func relu() -> Variable {
        let input = contiguous()
        return Variable(recording: ReLU(name: "relu", inputs: [input]), shape: input.shape)
    }
}
