import Kernels
import Tensors

/// x − log Σ exp(x) along an axis; the last one.
final class LogSoftmax: Operation {
    private let rows: Int
    private let columns: Int

    init(_ input: Variable) {
        rows = input.shape.rows
        columns = input.shape[-1]
        super.init(name: "logSoftmax", inputs: [input])
    }

    override func forward(_ output: Tensor) {
        lockstep_log_softmax(output.pointer, inputs[0].value.pointer, rows, columns)
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        lockstep_log_softmax_gradient(
            input.gradient.pointer, output.gradient.pointer, output.value.pointer, rows, columns, accumulate)
    }
}

extension Variable {
    /// x − log Σ exp(x) along an axis.
    ///
    /// The largest value is subtracted first, so that nothing overflows. Along another axis than the last one, input
    /// and result are copied once each.
    ///
    /// - Throws: `ShapeError` if there is no such axis.
    public func logSoftmax(_ axis: Int = -1) throws -> Variable {
        let counted = try shape.axis(axis, "logSoftmax")
        if counted == shape.rank - 1 {
            let input = contiguous()
            return Variable(recording: LogSoftmax(input), shape: shape)
        }
        return try movedim(from: counted, to: -1).logSoftmax().movedim(from: -1, to: counted).contiguous()
    }
}
