import Kernels
import Tensors

/// A sum, or its multiple, over some axes.
final class Sum: Operation {
    private let scale: Float
    private let isTotal: Bool
    private let sum: BroadcastSum
    private let spread: StridedLoop

    /// Plans the sum; `kept` is the input's shape with 1 for every axis summed over.
    init(name: String, _ input: Variable, kept: Shape, scale: Float) {
        self.scale = scale
        isTotal = kept.count == 1 && input.value.isContiguous
        let target = Tensor(storage: Storage(count: 0), offset: 0, shape: kept, strides: kept.contiguousStrides)
        sum = BroadcastSum(of: input.shape, strides: input.value.strides, into: target)
        guard let repeated = target.broadcast(to: input.shape) else {
            preconditionFailure("\(kept) does not broadcast to \(input.shape)")
        }
        spread = StridedLoop(input.shape, [input.value.strides, repeated.strides])
        super.init(name: name, inputs: [input])
    }

    override func forward(_ output: Tensor) {
        let input = inputs[0].value
        if isTotal {
            output.pointer[0] = Float(Double(scale) * lockstep_sum(input.pointer, 1, input.count))
        } else {
            output.pointer.update(repeating: 0, count: output.count)
            sum.add(input.pointer, scale: scale, to: output.pointer)
        }
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        let target = input.gradient.pointer
        let source = output.gradient.pointer
        let (targetStride, sourceStride, _) = spread.strides
        spread.run { into, from, _ in
            if targetStride == 0 {
                target[into] += Float(Double(scale) * lockstep_sum(source + from, sourceStride, spread.count))
            } else {
                lockstep_assign(
                    target + into, targetStride, source + from, sourceStride, spread.count, scale, accumulate)
            }
        }
    }
}

extension Variable {
    private func sum(_ name: String, _ axes: [Int], keeping: Bool, isMean: Bool) throws -> Variable {
        var kept = shape.dimensions
        var isSummed = [Bool](repeating: false, count: shape.rank)
        var terms = 1
        for axis in axes {
            let counted = try shape.axis(axis, name)
            guard !isSummed[counted] else { throw ShapeError(name, [shape], "axis \(axis) stands twice in \(axes)") }
            isSummed[counted] = true
            terms *= kept[counted]
            kept[counted] = 1
        }
        let scale = isMean ? Float(1 / Double(terms)) : 1
        let result = Variable(
            recording: Sum(name: name, self, kept: Shape(kept), scale: scale), shape: Shape(kept))
        if keeping { return result }
        return try result.reshaped(to: Shape(zip(kept, isSummed).filter { !$0.1 }.map(\.0)))
    }

    private func total(_ name: String, scale: Float) -> Variable {
        let input = contiguous()
        let ones = Shape([Int](repeating: 1, count: shape.rank))
        return Variable(recording: Sum(name: name, input, kept: ones, scale: scale), shape: [])
    }

    /// The sum of all elements, a scalar; added in float64.
    public func sum() -> Variable { total("sum", scale: 1) }

    /// The mean of all elements, a scalar; not a number where there are none.
    public func mean() -> Variable { total("mean", scale: Float(1 / Double(shape.count))) }

    /// The sum over some axes, which stay with extent 1 if `keepingDimensions`.
    ///
    /// - Throws: `ShapeError` if there is no such axis or one stands twice.
    public func sum(_ axes: [Int], keepingDimensions: Bool = false) throws -> Variable {
        try sum("sum", axes, keeping: keepingDimensions, isMean: false)
    }

    /// The mean over some axes, which stay with extent 1 if `keepingDimensions`; not a number over no elements.
    ///
    /// - Throws: `ShapeError` if there is no such axis or one stands twice.
    public func mean(_ axes: [Int], keepingDimensions: Bool = false) throws -> Variable {
        try sum("mean", axes, keeping: keepingDimensions, isMean: true)
    }
}
