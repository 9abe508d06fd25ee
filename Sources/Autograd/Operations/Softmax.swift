import Kernels
import Tensors

/// exp(x) / Σ exp(x) along an axis; the last one.
final class Softmax: Operation {
    private let rows: Int
    private let columns: Int

    init(_ input: Variable) {
        rows = input.shape.rows
        columns = input.shape[-1]
        super.init(name: "softmax", inputs: [input])
    }

    override func forward(_ output: Tensor) {
        lockstep_softmax(output.pointer, inputs[0].value.pointer, rows, columns)
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        lockstep_softmax_gradient(
            input.gradient.pointer, output.gradient.pointer, output.value.pointer, rows, columns, accumulate)
    }
}

extension Variable {
    /// exp(x) / Σ exp(x) along an axis.
    ///
    /// The largest value is subtracted first, so that nothing overflows. Along another axis than the last one, input
    /// and result are copied once each.
    ///
    /// - Throws: `ShapeError` if there is no such axis.
    public func softmax(_ axis: Int = -1) throws -> Variable {
        let counted = try shape.axis(axis, "softmax")
        if counted == shape.rank - 1 {
            let input = contiguous()
            return Variable(recording: Softmax(input), shape: shape)
        }
        return try movedim(from: counted, to: -1).softmax().movedim(from: -1, to: counted).contiguous()
    }
}
