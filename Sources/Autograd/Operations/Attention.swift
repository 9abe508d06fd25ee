import Kernels
import Tensors

/// softmax(Q·Kᵀ/√d)·V for every matrix of the leading axes.
///
/// Short sequences, whose products are very small, are computed row by row, and only where causality lets
/// them count.
final class Attention: Operation {
    private let isCausal: Bool
    private let isSmall: Bool
    private let scale: Float
    private let batches: Int
    private let rows: Int
    private let columns: Int
    private let depth: Int
    private let width: Int
    private let layouts: [MatrixLayout]
    private let offsets: [[Int]]
    private let scoresLayout: MatrixLayout
    private let outputLayout: MatrixLayout
    /// The probabilities, [batches, rows, columns], and the gradient of the scores.
    private let probabilities: Storage
    private let gradientScores: Storage

    /// The longest sequences computed row by row, as measured.
    private static let longestSmall = 24

    /// Plans the products; nil if an input must be made contiguous first.
    init?(_ query: Variable, _ key: Variable, _ value: Variable, isCausal: Bool) {
        let inputs = [query, key, value]
        let batch = Shape(query.shape.dimensions.dropLast(2))
        rows = query.shape[-2]
        columns = key.shape[-2]
        depth = query.shape[-1]
        width = value.shape[-1]
        batches = batch.count
        layouts = inputs.compactMap { MatrixLayout(lastAxesOf: $0.value) }
        guard layouts.count == 3, layouts.allSatisfy({ !$0.isTransposed }) else { return nil }
        scoresLayout = MatrixLayout(contiguous: rows, columns)
        outputLayout = MatrixLayout(contiguous: rows, width)
        self.isCausal = isCausal
        isSmall = max(rows, columns) <= Self.longestSmall
        scale = 1 / Float(max(depth, 1)).squareRoot()
        offsets = inputs.map { $0.value.matrixOffsets(batch) }
        probabilities = Storage(count: batches * rows * columns)
        gradientScores = Storage(count: inputs.contains { $0.requiresGradient } ? probabilities.count : 0)
        super.init(name: "attention", inputs: inputs)
    }

    override func forward(_ output: Tensor) {
        for batch in 0..<batches {
            let scores = probabilities.pointer + batch * rows * columns
            multiplyQueryByKey(batch, into: scores)
            lockstep_attention_softmax(scores, rows, columns, scale, isCausal)
            let out = output.pointer + batch * rows * width
            let value = inputs[2].value.pointer + offsets[2][batch]
            if isSmall {
                lockstep_rows_product(
                    out, width, scores, value, layouts[2].leading, rows, columns, width, isCausal, false)
            } else {
                MatrixProduct.multiply(
                    scores, scoresLayout, value, layouts[2], into: out, outputLayout, accumulate: false)
            }
        }
    }

    /// Q·Kᵀ of one batch.
    private func multiplyQueryByKey(_ batch: Int, into scores: UnsafeMutablePointer<Float>) {
        let query = inputs[0].value.pointer + offsets[0][batch]
        let key = inputs[1].value.pointer + offsets[1][batch]
        if isSmall {
            lockstep_row_dots(
                scores, query, layouts[0].leading, key, layouts[1].leading, rows, columns, depth, isCausal)
        } else {
            MatrixProduct.multiply(
                query, layouts[0], key, layouts[1].transposed, into: scores, scoresLayout, accumulate: false)
        }
    }

    /// Adds to the gradients of query, key and value.
    ///
    /// With P the probabilities and G the output's gradient: dV = Pᵀ·G, dP = G·Vᵀ, dS = P ∘ (dP − ⟨dP, P⟩) / √d,
    /// dQ = dS·K, dK = dSᵀ·Q. Each input is finished before the next is begun, for they may share memory.
    override func backward(_ output: Variable) {
        let gradient = output.gradient.pointer
        let size = rows * columns
        let (query, key, value) = (inputs[0], inputs[1], inputs[2])
        if query.requiresGradient || key.requiresGradient {
            for batch in 0..<batches {
                let scores = gradientScores.pointer + batch * size
                let share = gradient + batch * rows * width
                let factor = value.value.pointer + offsets[2][batch]
                if isSmall {
                    lockstep_row_dots(
                        scores, share, width, factor, layouts[2].leading, rows, columns, width, isCausal)
                } else {
                    MatrixProduct.multiply(
                        share, outputLayout, factor, layouts[2].transposed, into: scores, scoresLayout,
                        accumulate: false)
                }
                lockstep_attention_softmax_gradient(
                    scores, probabilities.pointer + batch * size, rows, columns, scale)
            }
        }
        if value.requiresGradient {
            addColumns(probabilities.pointer, gradient, rows * width, outputLayout, to: 2)
        }
        if query.requiresGradient { addToQuery() }
        if key.requiresGradient {
            addColumns(gradientScores.pointer, query.value.pointer, nil, layouts[0], to: 1)
        }
    }

    /// Adds dS·K to the gradient of the query.
    private func addToQuery() {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        let layout = layouts[0]
        for batch in 0..<batches {
            let target = input.gradient.pointer + offsets[0][batch]
            let scores = gradientScores.pointer + batch * rows * columns
            let key = inputs[1].value.pointer + offsets[1][batch]
            if isSmall {
                lockstep_rows_product(
                    target, layout.leading, scores, key, layouts[1].leading, rows, columns, depth, isCausal,
                    accumulate)
            } else {
                MatrixProduct.multiply(
                    scores, scoresLayout, key, layouts[1], into: target, layout, accumulate: accumulate)
            }
        }
    }

    /// Adds weightsᵀ·rows to the gradient of the key or the value.
    private func addColumns(
        _ weights: UnsafePointer<Float>, _ factors: UnsafePointer<Float>, _ step: Int?, _ factorLayout: MatrixLayout,
        to number: Int
    ) {
        let input = inputs[number]
        let accumulate = input.beginGradient()
        let layout = layouts[number]
        for batch in 0..<batches {
            let target = input.gradient.pointer + offsets[number][batch]
            let factor = factors + (step.map { batch * $0 } ?? offsets[0][batch])
            let weight = weights + batch * rows * columns
            if isSmall {
                lockstep_columns_product(
                    target, layout.leading, weight, factor, factorLayout.leading, rows, columns,
                    layout.columns, isCausal, accumulate)
            } else {
                MatrixProduct.multiply(
                    weight, scoresLayout.transposed, factor, factorLayout, into: target, layout, accumulate: accumulate)
            }
        }
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
    /// - Returns: [.., T, e].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public static func attention(query: Variable, key: Variable, value: Variable, causal: Bool) throws -> Variable {
        let shapes = [query.shape, key.shape, value.shape]
        let requirement = "query [.., T, d] needs a key [.., S, d] and a value [.., S, e]"
        guard shapes.allSatisfy({ $0.rank >= 2 }),
            shapes.allSatisfy({ $0.dimensions.dropLast(2) == query.shape.dimensions.dropLast(2) }),
            query.shape[-1] == key.shape[-1], key.shape[-2] == value.shape[-2]
        else { throw ShapeError("attention", shapes, requirement) }
        let operation =
            Attention(query, key, value, isCausal: causal)
            ?? Attention(query.contiguous(), key.contiguous(), value.contiguous(), isCausal: causal)
        guard let operation else { preconditionFailure("contiguous matrices have a layout") }
        return Variable(
            recording: operation, shape: Shape(query.shape.dimensions.dropLast() + [value.shape[-1]]))
    }
}
