import Kernels
import Tensors

/// a / b, element by element, with broadcasting.
final class Divide: BinaryOperation {
    override class func usesScratch(_ a: Variable, _ b: Variable, _ shape: Shape) -> Bool { true }

    override func forward(_ output: Tensor) {
        let out = output.pointer
        let a = inputs[0].value.pointer
        let b = inputs[1].value.pointer
        loop.run { lockstep_divide(out + $0, a + $1, loop.strides.1, b + $2, loop.strides.2, loop.count) }
    }

    override func backward(_ output: Variable) {
        let gradient = output.gradient.pointer
        let quotient = output.value.pointer
        let b = inputs[1].value.pointer
        let scratch = self.scratch.pointer
        if left.variable.requiresGradient {
            loop.run {
                lockstep_divide(scratch + $0, gradient + $0, 1, b + $2, loop.strides.2, loop.count)
            }
            left.add(scratch, scale: 1)
        }
        if right.variable.requiresGradient {
            loop.run {
                lockstep_divide_gradient(
                    scratch + $0, gradient + $0, quotient + $0, b + $2, loop.strides.2, loop.count)
            }
            right.add(scratch, scale: 1)
        }
    }
}

extension Variable {
    /// The quotient a / b, element by element, with broadcasting.
    ///
    /// - Throws: `ShapeError` if the shapes do not broadcast.
    public static func / (a: Variable, b: Variable) throws -> Variable {
        try Divide.record("/", a, b)
    }

    /// The quotient of a variable and a number.
    public static func / (a: Variable, b: Float) -> Variable {
        Divide.record("/", a, Variable(Tensor(b)), shape: a.shape)
    }

    /// The quotient of a number and a variable.
    public static func / (a: Float, b: Variable) -> Variable {
        Divide.record("/", Variable(Tensor(a)), b, shape: b.shape)
    }
}
