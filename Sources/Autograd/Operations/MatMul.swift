import Kernels
import Tensors

/// Products of matrices in the last two axes, the leading axes broadcasting: [.., m, k] · [.., k, n] is [.., m, n].
///
/// Where b is one matrix for all of a, a's leading axes count as rows of one product.
final class MatMul: Operation {
    private let aLayout: MatrixLayout
    private let bLayout: MatrixLayout
    private let outLayout: MatrixLayout
    /// Where each product's matrices begin.
    private let aOffsets: [Int]
    private let bOffsets: [Int]
    private let outStep: Int

    /// Plans the products; nil if an input must be made contiguous first.
    init?(_ a: Variable, _ b: Variable, batch: Shape) {
        let m = a.shape[-2]
        let n = b.shape[-1]
        let bIsOne = b.shape.dimensions.dropLast(2).allSatisfy { $0 == 1 }
        let aSpansBatch = a.shape.dimensions.dropLast(2).reduce(1, *) == batch.count
        guard let bLayout = MatrixLayout(lastAxesOf: b.value) else { return nil }
        self.bLayout = bLayout
        if bIsOne && aSpansBatch && batch.count != 1, let flat = MatrixLayout(rowsOf: a.value), !flat.isTransposed {
            aLayout = flat
            aOffsets = [0]
            bOffsets = [0]
        } else {
            guard let layout = MatrixLayout(lastAxesOf: a.value) else { return nil }
            aLayout = layout
            aOffsets = a.value.matrixOffsets(batch)
            bOffsets = b.value.matrixOffsets(batch)
        }
        outLayout = MatrixLayout(contiguous: aLayout.rows, n)
        outStep = m * n
        super.init(name: "matmul", inputs: [a, b])
    }

    override func forward(_ output: Tensor) {
        let out = output.pointer
        let a = inputs[0].value.pointer
        let b = inputs[1].value.pointer
        for batch in aOffsets.indices {
            MatrixProduct.multiply(
                a + aOffsets[batch], aLayout, b + bOffsets[batch], bLayout, into: out + batch * outStep, outLayout,
                accumulate: false)
        }
    }

    /// dA = G·Bᵀ and dB = Aᵀ·G, one after the other, for a and b may share memory.
    override func backward(_ output: Variable) {
        let (a, b) = (inputs[0], inputs[1])
        let gradient = output.gradient.pointer
        if a.requiresGradient {
            let adds = beginSum(a)
            let target = a.gradient.pointer
            let factor = b.value.pointer
            for batch in aOffsets.indices {
                MatrixProduct.multiply(
                    gradient + batch * outStep, outLayout, factor + bOffsets[batch], bLayout.transposed,
                    into: target + aOffsets[batch], aLayout, accumulate: adds)
            }
        }
        if b.requiresGradient {
            let adds = beginSum(b)
            let target = b.gradient.pointer
            let factor = a.value.pointer
            for batch in bOffsets.indices {
                MatrixProduct.multiply(
                    factor + aOffsets[batch], aLayout.transposed, gradient + batch * outStep, outLayout,
                    into: target + bOffsets[batch], bLayout, accumulate: adds)
            }
        }
    }

    /// Begins a gradient to which several products may add, clearing it where one would not reach all of it.
    private func beginSum(_ variable: Variable) -> Bool {
        if variable.beginGradient() { return true }
        let isOneWrite = aOffsets.count == 1 || (aOffsets.count > 1 && variable.value.count == elements(of: variable))
        if isOneWrite { return false }
        variable.clearGradient()
        return true
    }

    /// The number of elements that the products write, counting those written twice twice.
    private func elements(of variable: Variable) -> Int {
        let shape = variable.shape
        return aOffsets.count * shape[-2] * shape[-1]
    }
}

extension Variable {
    /// The matrix product of the last two axes: [.., m, k] · [.., k, n] is [.., m, n]; leading axes broadcast.
    ///
    /// Transposed views are multiplied without a copy.
    ///
    /// - Throws: `ShapeError` if an operand has fewer than two axes, the inner extents differ, or the leading axes do not
    ///   broadcast.
    public func matmul(_ b: Variable) throws -> Variable {
        let name = "matmul"
        let shapes = [shape, b.shape]
        guard shape.rank >= 2, b.shape.rank >= 2 else {
            throw ShapeError(name, shapes, "both operands need at least two axes")
        }
        guard shape[-1] == b.shape[-2] else {
            throw ShapeError(name, shapes, "the last extent of the first must equal the last but one of the second")
        }
        let leading = Shape(shape.dimensions.dropLast(2))
        guard let batch = leading.broadcast(with: Shape(b.shape.dimensions.dropLast(2))) else {
            throw ShapeError(name, shapes, "the leading extents must agree or be 1")
        }
        let result = Shape(batch.dimensions + [shape[-2], b.shape[-1]])
        let operation =
            MatMul(self, b, batch: batch) ?? MatMul(contiguousMatrices(), b.contiguousMatrices(), batch: batch)
        guard let operation else { preconditionFailure("contiguous matrices have a layout") }
        return Variable(recording: operation, shape: result)
    }

    /// This variable if its matrices can be multiplied as they lie, else a copy.
    private func contiguousMatrices() -> Variable {
        MatrixLayout(lastAxesOf: value) == nil ? contiguous() : self
    }
}
