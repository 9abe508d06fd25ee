import Kernels
import Tensors

/// The way a gradient takes back through broadcasting: contributions to one place are summed.
final class BroadcastSum {
    private let loop: StridedLoop

    /// Plans the sum of contributions of shape `shape` (with `strides`) into a tensor that broadcasts to that shape.
    init(of shape: Shape, strides: [Int], into target: Tensor) {
        guard let repeated = target.broadcast(to: shape) else {
            preconditionFailure("\(target.shape) does not broadcast to \(shape)")
        }
        loop = StridedLoop(shape, [repeated.strides, strides]) { outer, inner in outer == 0 && inner == 1 }
    }

    /// Adds scale · source to the target, in a fixed order.
    func add(_ source: UnsafePointer<Float>, scale: Float = 1, to target: UnsafeMutablePointer<Float>) {
        let count = loop.count
        let (targetStride, sourceStride, _) = loop.strides
        if loop.rows > 1 && sourceStride == 1 {
            loop.run { into, from, _ in
                lockstep_column_sum(target + into, source + from, loop.rows, count, loop.rowStrides.1, scale)
            }
            return
        }
        loop.run { into, from, _ in
            for row in 0..<loop.rows {
                let begin = source + from + row * loop.rowStrides.1
                if targetStride == 0 {
                    target[into] += Float(Double(scale) * lockstep_sum(begin, sourceStride, count))
                } else {
                    lockstep_assign(target + into, targetStride, begin, sourceStride, count, scale, true)
                }
            }
        }
    }
}

/// One operand of a broadcasting operation, seen from the backward pass.
struct BroadcastOperand {
    let variable: Variable
    /// Whether the operand has the result's shape and lies in row-major order, so that nothing needs summing.
    let isDirect: Bool
    private let sum: BroadcastSum?

    init(_ variable: Variable, in shape: Shape) {
        self.variable = variable
        isDirect = variable.shape == shape && variable.value.isContiguous
        sum =
            isDirect || !variable.requiresGradient
            ? nil : BroadcastSum(of: shape, strides: shape.contiguousStrides, into: variable.value)
    }

    /// Adds scale · contribution, contiguous and of the result's shape, to the operand's gradient.
    func add(_ contribution: UnsafePointer<Float>, scale: Float) {
        let accumulate = variable.beginGradient()
        if let sum {
            if !accumulate { variable.clearGradient() }
            sum.add(contribution, scale: scale, to: variable.gradient.pointer)
        } else {
            lockstep_assign(variable.gradient.pointer, 1, contribution, 1, variable.value.count, scale, accumulate)
        }
    }
}

/// An element-wise operation on two operands that broadcast to a common shape.
class BinaryOperation: Operation {
    let left: BroadcastOperand
    let right: BroadcastOperand
    /// The walk over output, left and right.
    let loop: StridedLoop
    /// Room for the contributions to an operand that was broadcast.
    let scratch: Storage

    /// Prepares the walks; `shape` is what the operands broadcast to.
    required init(name: String, _ a: Variable, _ b: Variable, shape: Shape, needsScratch: Bool) {
        guard let left = a.value.broadcast(to: shape), let right = b.value.broadcast(to: shape) else {
            preconditionFailure("\(a.shape) and \(b.shape) do not broadcast to \(shape)")
        }
        loop = StridedLoop(shape, [shape.contiguousStrides, left.strides, right.strides])
        self.left = BroadcastOperand(a, in: shape)
        self.right = BroadcastOperand(b, in: shape)
        scratch = Storage(count: needsScratch && (a.requiresGradient || b.requiresGradient) ? shape.count : 0)
        super.init(name: name, inputs: [a, b])
    }

    /// Records the operation, or throws where the shapes do not broadcast.
    static func record(_ name: String, _ a: Variable, _ b: Variable) throws -> Variable {
        guard let shape = a.shape.broadcast(with: b.shape) else {
            throw ShapeError(name, [a.shape, b.shape], "extents must agree or be 1, counted from the last axis")
        }
        return record(name, a, b, shape: shape)
    }

    /// Records the operation on operands known to broadcast to `shape`.
    static func record(_ name: String, _ a: Variable, _ b: Variable, shape: Shape) -> Variable {
        Variable(recording: Self(name: name, a, b, shape: shape, needsScratch: usesScratch(a, b, shape)), shape: shape)
    }

    /// Whether the backward pass needs scratch memory for these operands.
    class func usesScratch(_ a: Variable, _ b: Variable, _ shape: Shape) -> Bool { false }
}
