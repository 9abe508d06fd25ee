import Kernels
import Tensors

/// a − b, element by element, with broadcasting.
final class Subtract: BinaryOperation {
    override func forward(_ output: Tensor) {
        let out = output.pointer
        let a = inputs[0].value.pointer
        let b = inputs[1].value.pointer
        loop.run { lockstep_subtract(out + $0, a + $1, loop.strides.1, b + $2, loop.strides.2, loop.count) }
    }

    override func backward(_ output: Variable) {
        let gradient = output.gradient.pointer
        if left.variable.requiresGradient { left.add(gradient, scale: 1) }
        if right.variable.requiresGradient { right.add(gradient, scale: -1) }
    }
}

extension Variable {
    /// The difference a − b, element by element, with broadcasting.
    ///
    /// - Throws: `ShapeError` if the shapes do not broadcast.
    public static func - (a: Variable, b: Variable) throws -> Variable {
        try Subtract.record("-", a, b)
    }
}
