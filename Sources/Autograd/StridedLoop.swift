import Tensors

/// A walk over up to three operands of one shape but of different strides, axis by axis.
///
/// Neighbouring axes that all operands can cross in one stride are merged, and the innermost ones are left to a kernel:
/// tensors that lie contiguously need one call. The walk allocates nothing.
final class StridedLoop {
    /// The extent of the merged axis left to the kernel, and each operand's stride along it.
    let count: Int
    let strides: (Int, Int, Int)
    /// The extent of the second merged axis left to the kernel, and each operand's stride along it; see `init`.
    let rows: Int
    let rowStrides: (Int, Int, Int)

    private let extents: [Int]
    private let steps: [(Int, Int, Int)]
    private let index: UnsafeMutablePointer<Int>

    /// Plans a walk.
    ///
    /// - Parameters:
    ///   - shape: the extents all operands share.
    ///   - strides: one to three operands' strides along each axis.
    ///   - leavesRows: whether, given the last two merged axes' strides of the first operand (outer, inner), the kernel
    ///     wants both of them.
    init(_ shape: Shape, _ strides: [[Int]], leavesRows: (Int, Int) -> Bool = { _, _ in false }) {
        var extents: [Int] = []
        var steps: [(Int, Int, Int)] = []
        for axis in 0..<shape.rank where shape.dimensions[axis] != 1 {
            let extent = shape.dimensions[axis]
            let step = (
                strides[0][axis], strides.count > 1 ? strides[1][axis] : 0, strides.count > 2 ? strides[2][axis] : 0
            )
            if let outer = steps.last, outer == (step.0 * extent, step.1 * extent, step.2 * extent) {
                extents[extents.count - 1] *= extent
                steps[steps.count - 1] = step
            } else {
                extents.append(extent)
                steps.append(step)
            }
        }
        count = extents.popLast() ?? 1
        self.strides = steps.popLast() ?? (1, 1, 1)
        if let outer = steps.last, leavesRows(outer.0, self.strides.0) {
            rows = extents.removeLast()
            rowStrides = steps.removeLast()
        } else {
            rows = 1
            rowStrides = (0, 0, 0)
        }
        self.extents = extents
        self.steps = steps
        index = .allocate(capacity: max(extents.count, 1))
        index.initialize(repeating: 0, count: max(extents.count, 1))
    }

    deinit {
        index.deallocate()
    }

    /// Calls `body` with each operand's offset wherever the kernel has to begin; never for an empty shape.
    @inline(__always)
    func run(_ body: (Int, Int, Int) -> Void) {
        guard count > 0, rows > 0 else { return }
        guard !extents.isEmpty else { return body(0, 0, 0) }
        for extent in extents where extent == 0 { return }
        var offset = (0, 0, 0)
        while true {
            body(offset.0, offset.1, offset.2)
            var axis = extents.count - 1
            while axis >= 0 {
                let step = steps[axis]
                index[axis] += 1
                offset = (offset.0 + step.0, offset.1 + step.1, offset.2 + step.2)
                if index[axis] < extents[axis] { break }
                let back = index[axis]
                offset = (offset.0 - back * step.0, offset.1 - back * step.1, offset.2 - back * step.2)
                index[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }
}
