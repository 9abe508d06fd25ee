import Kernels
import Tensors

/// (x − target)², summed or averaged over all elements.
final class MeanSquaredError: Operation {
    private let reduction: Reduction

    init(_ input: Variable, _ target: Variable, _ reduction: Reduction) {
        self.reduction = reduction
        super.init(name: "meanSquaredError", inputs: [input, target])
    }

    override func forward(_ output: Tensor) {
        let (input, target) = (inputs[0].value, inputs[1].value)
        let sum = lockstep_squared_difference(input.pointer, target.pointer, input.count)
        output.pointer[0] = reduction.result(sum, input.count)
    }

    override func backward(_ output: Variable) {
        let count = inputs[0].value.count
        let scale = 2 * output.gradient.pointer[0] * reduction.scale(count)
        add(scale, to: inputs[0], count)
        add(-scale, to: inputs[1], count)
    }

    private func add(_ scale: Float, to operand: Variable, _ count: Int) {
        guard operand.requiresGradient else { return }
        let accumulate = operand.beginGradient()
        lockstep_difference_gradient(
            operand.gradient.pointer, inputs[0].value.pointer, inputs[1].value.pointer, scale, count, accumulate)
    }
}

extension Variable {
    /// The squared difference from a target of the same shape, averaged or summed over all elements.
    ///
    /// - Returns: a scalar.
    /// - Throws: `ShapeError` if the shapes differ.
    public func meanSquaredError(_ target: Variable, reduction: Reduction = .mean) throws -> Variable {
        guard shape == target.shape else {
            throw ShapeError("meanSquaredError", [shape, target.shape], "both need the same shape")
        }
        return Variable(recording: MeanSquaredError(contiguous(), target.contiguous(), reduction), shape: [])
    }
}
