import Kernels
import Tensors

/// √x, element by element.
final class SquareRoot: Operation {
    override func forward(_ output: Tensor) {
        lockstep_square_root(output.pointer, inputs[0].value.pointer, output.count)
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        lockstep_square_root_gradient(
            input.gradient.pointer, output.gradient.pointer, input.value.pointer, output.value.pointer,
            output.value.count, accumulate)
    }
}

extension Variable {
    /// The square root, element by element.
    public func squareRoot() -> Variable {
        let input = contiguous()
        return Variable(recording: SquareRoot(name: "squareRoot", inputs: [input]), shape: input.shape)
    }
}
