import Kernels
import Tensors

/// a + b, element by element, with broadcasting.
final class Add: BinaryOperation {
    override var rowCount: RowCount? { inputs[0].rowCount }
    override var keepsToRowsInUse: Bool {
        inputs[1].rowCount === rowCount && inputs[0].shape == inputs[1].shape
    }

    override func forward(_ output: Tensor) {
        let out = output.pointer
        let a = inputs[0].value.pointer
        let b = inputs[1].value.pointer
        if let rowCount { return lockstep_add(out, a, 1, b, 1, rowCount.value * output.shape[-1]) }
        loop.run { lockstep_add(out + $0, a + $1, loop.strides.1, b + $2, loop.strides.2, loop.count) }
    }

    override func backward(_ output: Variable) {
        let gradient = output.gradient.pointer
        if let rowCount {
            for input in inputs where input.requiresGradient {
                let (accumulate, count) = (input.beginGradient(), rowCount.value * output.shape[-1])
                lockstep_assign(input.gradient.pointer, 1, gradient, 1, count, 1, accumulate)
            }
            return
        }
        if left.variable.requiresGradient { left.add(gradient, scale: 1) }
        if right.variable.requiresGradient { right.add(gradient, scale: 1) }
    }
}

extension Variable {
    /// The sum a + b, element by element, with broadcasting.
    ///
    /// - Throws: `ShapeError` if the shapes do not broadcast.
    public static func + (a: Variable, b: Variable) throws -> Variable {
        try Add.record("+", a, b)
    }
}
