import Kernels
import Tensors

/// log x, element by element.
final class Logarithm: Operation {
    override func forward(_ output: Tensor) {
        lockstep_log(output.pointer, inputs[0].value.pointer, output.count)
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        lockstep_log_gradient(
            input.gradient.pointer, output.gradient.pointer, input.value.pointer, output.value.pointer,
            output.value.count, accumulate)
    }
}

extension Variable {
    /// The natural logarithm: −∞ at 0, not a number below, element by element.
    public func log() -> Variable {
        let input = contiguous()
        return Variable(recording: Logarithm(name: "log", inputs: [input]), shape: input.shape)
    }
}
