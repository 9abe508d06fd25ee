import Kernels
import Tensors

/// softmax(Q·Kᵀ/√d)·V for every matrix of the leading axes.
final class Attention: Operation {
    /// The floats that a group of batches may read.
    private static let groupFloats = 65_536
    private let isCausal: Bool
    private let scale: Float
    private let batches: Int
    private let rows: Int
    private let columns: Int
    private let layouts: [MatrixLayout]
    private let offsets: [[Int]]
    private let scoresLayout: MatrixLayout
    private let outputLayout: MatrixLayout
    private let outputOffsets: [Int]
    /// Whether the inputs are the parts of one variable, as those of one projection are.
    private let isPartition: Bool
    /// The elements of the scores of a batch.
    private let size: Int
    /// The batches that go through a product together: few enough that what they read stays in the caches, for the next.
    private let group: Int
    /// The probabilities, [batches, rows, columns], and the gradient of the scores of a group.
    private let probabilities: Storage
    private let gradientScores: Storage

    /// Plans the products; nil if an input must be made contiguous first.
    ///
    /// - Parameter heads: the extent of the last leading axis, which stands behind the rows in the output.
    init?(_ query: Variable, _ key: Variable, _ value: Variable, isCausal: Bool, heads: Int) {
        let inputs = [query, key, value]
        let batch = Shape(query.shape.dimensions.dropLast(2))
        rows = query.shape[-2]
        columns = key.shape[-2]
        let width = value.shape[-1]
        batches = batch.count
        layouts = inputs.compactMap { MatrixLayout(lastAxesOf: $0.value) }
        guard layouts.count == 3, layouts.allSatisfy({ !$0.isTransposed }),
            let outputLayout = MatrixLayout(
                rows: rows, columns: width, rowStride: max(heads * width, 1), columnStride: 1)
        else { return nil }
        self.outputLayout = outputLayout
        scoresLayout = MatrixLayout(contiguous: rows, columns)
        self.isCausal = isCausal
        scale = 1 / Float(max(query.shape[-1], 1)).squareRoot()
        offsets = inputs.map { $0.value.matrixOffsets(batch) }
        let outputSize = rows * width
        outputOffsets = (0..<batches).map { $0 / heads * heads * outputSize + $0 % heads * width }
        isPartition = inputs.allSatisfy(\.requiresGradient) && Variable.partition(inputs)
        size = rows * columns
        let floats = inputs.reduce(size) { $0 + $1.shape[-2] * $1.shape[-1] }
        group = max(1, min(batches, Self.groupFloats / max(floats, 1)))
        probabilities = Storage(count: batches * size)
        gradientScores = Storage(count: group * size)
        super.init(name: "attention", inputs: inputs)
    }

    override func forward(_ output: Tensor) {
        let (query, key, value) = (inputs[0].value.pointer, inputs[1].value.pointer, inputs[2].value.pointer)
        let (all, out) = (probabilities.pointer, output.pointer)
        for first in stride(from: 0, to: batches, by: group) {
            let group = first..<min(first + group, batches)
            for batch in group {
                MatrixProduct.multiply(
                    query + offsets[0][batch], layouts[0], key + offsets[1][batch], layouts[1].transposed,
                    into: all + batch * size, scoresLayout, ifCausal(LOCKSTEP_LOWER_PRODUCT))
            }
            for batch in group { lockstep_attention_softmax(all + batch * size, rows, columns, scale, seen) }
            for batch in group {
                MatrixProduct.multiply(
                    all + batch * size, scoresLayout, value + offsets[2][batch], layouts[2],
                    into: out + outputOffsets[batch], outputLayout, ifCausal(LOCKSTEP_LOWER_FACTOR))
            }
        }
    }

    /// Adds to the gradients of query, key and value.
    ///
    /// With P the probabilities and G the output's gradient: dV = Pᵀ·G, dP = G·Vᵀ, dS = P ∘ (dP − ⟨dP, P⟩) / √d,
    /// dQ = dS·K, dK = dSᵀ·Q. Inputs that may share memory otherwise than as parts are cleared and added to.
    override func backward(_ output: Variable) {
        let adds = !isPartition || Variable.beginGradients(partition: inputs)
        if !isPartition {
            for input in inputs where input.requiresGradient && !input.beginGradient() { input.clearGradient() }
        }
        let (query, key) = (inputs[0].value.pointer, inputs[1].value.pointer)
        let (all, gradient, scores) = (probabilities.pointer, output.gradient.pointer, gradientScores.pointer)
        for first in stride(from: 0, to: batches, by: group) {
            let group = first..<min(first + group, batches)
            add(all + first * size, isTransposed: true, gradient, outputOffsets, outputLayout, to: 2, group, adds)
            guard inputs[0].requiresGradient || inputs[1].requiresGradient else { continue }
            differentiateScores(gradient, group)
            add(scores, isTransposed: false, key, offsets[1], layouts[1], to: 0, group, adds)
            add(scores, isTransposed: true, query, offsets[0], layouts[0], to: 1, group, adds)
        }
    }

    /// dS = P ∘ (G·Vᵀ − ⟨G·Vᵀ, P⟩) / √d.
    private func differentiateScores(_ gradient: UnsafePointer<Float>, _ group: Range<Int>) {
        let (scores, value) = (gradientScores.pointer, inputs[2].value.pointer)
        let weights = probabilities.pointer + group.lowerBound * size
        for (place, batch) in group.enumerated() {
            MatrixProduct.multiply(
                gradient + outputOffsets[batch], outputLayout, value + offsets[2][batch], layouts[2].transposed,
                into: scores + place * size, scoresLayout, ifCausal(LOCKSTEP_LOWER_PRODUCT))
        }
        for place in 0..<group.count {
            lockstep_attention_softmax_gradient(
                scores + place * size, weights + place * size, rows, columns, scale, seen)
        }
    }

    /// Adds to the gradient of an input the products of a group's factors, or their transposes, with other matrices.
    private func add(
        _ factors: UnsafePointer<Float>, isTransposed: Bool, _ others: UnsafePointer<Float>, _ otherOffsets: [Int],
        _ otherLayout: MatrixLayout, to input: Int, _ group: Range<Int>, _ adds: Bool
    ) {
        guard inputs[input].requiresGradient else { return }
        let target = inputs[input].gradient.pointer
        for (place, batch) in group.enumerated() {
            MatrixProduct.multiply(
                factors + place * size, isTransposed ? scoresLayout.transposed : scoresLayout,
                others + otherOffsets[batch], otherLayout, into: target + offsets[input][batch], layouts[input],
                ifCausal(isTransposed ? LOCKSTEP_UPPER_FACTOR : LOCKSTEP_LOWER_FACTOR), accumulate: adds)
        }
    }

    /// The columns that the first row sees; each row sees one more than that before it, if there is one.
    private var seen: Int { isCausal ? 1 : columns }

    /// What is left out where a position sees only those before it.
    private func ifCausal(_ triangle: LockstepTriangle) -> LockstepTriangle {
        isCausal ? triangle : LOCKSTEP_RECTANGLE
    }
}

extension Variable {
    /// Scaled dot-product attention, softmax(Q·Kᵀ/√d)·V (Vaswani et al., "Attention Is All You Need", 2017).
    ///
    /// Views such as the heads of one projection are read where they lie, if their last axis is contiguous.
    ///
    /// - Parameters:
    ///   - query: [.., T, d].
    ///   - key: [.., S, d].
    ///   - value: [.., S, e]; the leading axes of all three are the same.
    ///   - causal: whether row t sees rows 0...t of key and value only.
    /// - Returns: [.., T, e]; a view of [.., T, heads, e] where the heads of a batch are the last of at least two leading
    ///   axes, so that joining them again costs nothing.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public static func attention(query: Variable, key: Variable, value: Variable, causal: Bool) throws -> Variable {
        let shapes = [query.shape, key.shape, value.shape]
        let requirement = "query [.., T, d] needs a key [.., S, d] and a value [.., S, e]"
        guard shapes.allSatisfy({ $0.rank >= 2 }),
            shapes.allSatisfy({ $0.dimensions.dropLast(2) == query.shape.dimensions.dropLast(2) }),
            query.shape[-1] == key.shape[-1], key.shape[-2] == value.shape[-2]
        else { throw ShapeError("attention", shapes, requirement) }
        let leading = query.shape.dimensions.dropLast(2)
        let heads = leading.count > 1 ? query.shape[-3] : 1
        let operation =
            Attention(query, key, value, isCausal: causal, heads: heads)
            ?? Attention(query.contiguous(), key.contiguous(), value.contiguous(), isCausal: causal, heads: heads)
        guard let operation else { preconditionFailure("contiguous matrices have a layout") }
        let (length, width) = (query.shape[-2], value.shape[-1])
        guard leading.count > 1 else {
            return Variable(recording: operation, shape: Shape(leading + [length, width]))
        }
        return try Variable(recording: operation, shape: Shape(leading.dropLast() + [length, heads, width]))
            .movedim(from: -2, to: -3)
    }
}
