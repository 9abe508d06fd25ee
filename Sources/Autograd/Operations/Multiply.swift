import Kernels
import Tensors

/// a · b, element by element, with broadcasting.
final class Multiply: BinaryOperation {
    override class func usesScratch(_ a: Variable, _ b: Variable, _ shape: Shape) -> Bool {
        !(BroadcastOperand(a, in: shape).isDirect && BroadcastOperand(b, in: shape).isDirect)
    }

    override func forward(_ output: Tensor) {
        let out = output.pointer
        let a = inputs[0].value.pointer
        let b = inputs[1].value.pointer
        loop.run { lockstep_multiply(out + $0, a + $1, loop.strides.1, b + $2, loop.strides.2, loop.count) }
    }

    override func backward(_ output: Variable) {
        if left.isDirect && right.isDirect {
            addDirectly(to: left.variable, right.variable, output)
            addDirectly(to: right.variable, left.variable, output)
            return
        }
        let gradient = output.gradient.pointer
        let scratch = self.scratch.pointer
        if left.variable.requiresGradient {
            let b = inputs[1].value.pointer
            loop.run {
                lockstep_multiply(scratch + $0, gradient + $0, 1, b + $2, loop.strides.2, loop.count)
            }
            left.add(scratch, scale: 1)
        }
        if right.variable.requiresGradient {
            let a = inputs[0].value.pointer
            loop.run { into, from, _ in
                lockstep_multiply(scratch + into, gradient + into, 1, a + from, loop.strides.1, loop.count)
            }
            right.add(scratch, scale: 1)
        }
    }

    private func addDirectly(to operand: Variable, _ factor: Variable, _ output: Variable) {
        guard operand.requiresGradient else { return }
        let accumulate = operand.beginGradient()
        lockstep_multiply_gradient(
            operand.gradient.pointer, output.gradient.pointer, factor.value.pointer, output.value.count, accumulate)
    }
}

extension Variable {
    /// The product a · b, element by element, with broadcasting.
    ///
    /// - Throws: `ShapeError` if the shapes do not broadcast.
    public static func * (a: Variable, b: Variable) throws -> Variable {
        try Multiply.record("*", a, b)
    }
}
