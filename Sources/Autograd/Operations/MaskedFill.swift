import Kernels
import Tensors

/// A constant where a mask is set, the input elsewhere.
final class MaskedFill: Operation {
    private let mask: Mask
    private let fill: Float
    private let loop: StridedLoop

    init(_ input: Variable, _ mask: Mask, _ fill: Float, maskStrides: [Int]) {
        self.mask = mask
        self.fill = fill
        loop = StridedLoop(input.shape, [input.shape.contiguousStrides, input.value.strides, maskStrides])
        super.init(name: "maskedFill", inputs: [input])
    }

    override func forward(_ output: Tensor) {
        let out = output.pointer
        let source = inputs[0].value.pointer
        loop.run {
            lockstep_masked_fill(
                out + $0, loop.strides.0, source + $1, loop.strides.1, mask.pointer + $2, loop.strides.2, fill,
                loop.count, false)
        }
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        let target = input.gradient.pointer
        let gradient = output.gradient.pointer
        loop.run {
            lockstep_masked_fill(
                target + $1, loop.strides.1, gradient + $0, loop.strides.0, mask.pointer + $2, loop.strides.2, 0,
                loop.count, accumulate)
        }
    }
}

extension Variable {
    /// The elements with `value` in place of those the mask, broadcast to this shape, is set for.
    ///
    /// - Throws: `ShapeError` if the mask does not broadcast to this shape.
    public func maskedFill(_ mask: Mask, with value: Float) throws -> Variable {
        let layout = Tensor(
            storage: Storage(count: 0), offset: 0, shape: mask.shape, strides: mask.shape.contiguousStrides)
        guard let repeated = layout.broadcast(to: shape) else {
            throw ShapeError("maskedFill", [shape, mask.shape], "the mask must broadcast to the shape of the values")
        }
        return Variable(recording: MaskedFill(self, mask, value, maskStrides: repeated.strides), shape: shape)
    }
}
