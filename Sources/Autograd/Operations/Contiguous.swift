import Kernels
import Tensors

/// A copy of a view in row-major order.
final class Contiguous: Operation {
    private let loop: StridedLoop

    init(_ input: Variable) {
        loop = StridedLoop(input.shape, [input.shape.contiguousStrides, input.value.strides])
        super.init(name: "contiguous", inputs: [input])
    }

    override func forward(_ output: Tensor) {
        let out = output.pointer
        let source = inputs[0].value.pointer
        let (outStride, sourceStride, _) = loop.strides
        loop.run { into, from, _ in
            lockstep_assign(out + into, outStride, source + from, sourceStride, loop.count, 1, false)
        }
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        let source = output.gradient.pointer
        let target = input.gradient.pointer
        let (sourceStride, targetStride, _) = loop.strides
        loop.run { from, into, _ in
            if targetStride == 0 {
                target[into] += Float(lockstep_sum(source + from, sourceStride, loop.count))
            } else {
                lockstep_assign(target + into, targetStride, source + from, sourceStride, loop.count, 1, accumulate)
            }
        }
    }
}

extension Variable {
    /// This variable if its elements lie in row-major order, else a copy of it that does.
    public func contiguous() -> Variable {
        value.isContiguous ? self : Variable(recording: Contiguous(self), shape: shape)
    }
}
