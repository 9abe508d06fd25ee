import Kernels
import Tensors

/// Causal self-attention of the beginnings of rows: each attends to itself and the shorter ones of its row.
///
/// softmax(Q·Kᵀ/√d)·V for every head, where Q, K and V are thirds of the columns of one projection. A row computes those
/// of its beginnings that are its own; keys and values of those it shares are copied beside them.
final class SharedAttention: Operation {
    /// The floats that the rows of a group may read.
    private static let groupFloats = 32_768
    let beginnings: SharedBeginnings
    let heads: Int
    let width: Int
    let length: Int
    private let scale: Float
    /// The elements of the scores of a row, for one head, and those of the keys and values of a row.
    private let size: Int
    let pathSize: Int
    /// The rows that go through a product together: few enough that what they read stays in the caches, for the next.
    let group: Int
    /// The probabilities, [rows, heads, length, length], and of a group the gradient of the scores.
    private let probabilities: Storage
    private let gradientScores: Storage
    /// Of a group: keys and values of rows that share some, and the gradients of those shared, [group, length, 2 · width].
    let paths: Storage
    private let pathGradients: Storage

    init(_ projection: Variable, _ beginnings: SharedBeginnings, heads: Int) {
        self.beginnings = beginnings
        self.heads = heads
        width = projection.shape[1] / 3
        length = beginnings.length
        scale = 1 / Float(max(width / heads, 1)).squareRoot()
        size = length * length
        pathSize = length * 2 * width
        group = max(1, min(beginnings.rows, Self.groupFloats / max(length * 3 * width + heads * size, 1)))
        probabilities = Storage(count: beginnings.rows * heads * size)
        gradientScores = Storage(count: group * heads * size)
        paths = Storage(count: group * pathSize)
        pathGradients = Storage(count: group * pathSize)
        super.init(name: "attention", inputs: [projection])
    }

    override var rowCount: RowCount? { beginnings.rowCount }
    override var keepsToRowsInUse: Bool { true }

    override func forward(_ output: Tensor) {
        let projection = inputs[0].value.pointer
        let headWidth = width / heads
        forEachGroup(output.pointer, isWritten: true, stages: 3) { rows, ahead in
            forEachHead(rows, &ahead) { row, head in
                MatrixProduct.multiply(
                    projection + row.first * 3 * width + head * headWidth, ownLayout(row),
                    row.keys + head * headWidth, pathLayout(row).transposed, into: probabilities(row, head),
                    scoresLayout(row), lower(row, LOCKSTEP_LOWER_PRODUCT))
            }
            forEachHead(rows, &ahead) { row, head in
                lockstep_attention_softmax(probabilities(row, head), row.own, length, scale, row.shared + 1)
            }
            forEachHead(rows, &ahead) { row, head in
                MatrixProduct.multiply(
                    probabilities(row, head), scoresLayout(row), row.keys + width + head * headWidth,
                    pathLayout(row), into: output.pointer + row.first * width + head * headWidth,
                    MatrixLayout(rows: row.own, columns: headWidth, leading: width),
                    lower(row, LOCKSTEP_LOWER_FACTOR))
            }
        }
    }

    /// With P the probabilities and G the output's gradient: dV = Pᵀ·G, dP = G·Vᵀ, dS = P ∘ (dP − ⟨dP, P⟩) / √d,
    /// dQ = dS·K, dK = dSᵀ·Q.
    ///
    /// The first row that has a beginning computes the gradients of its keys and values from itself, and those that
    /// share it add to them, in their order.
    override func backward(_ output: Variable) {
        let projection = inputs[0]
        let adds = projection.beginGradient()
        let (target, gradient) = (projection.gradient.pointer, output.gradient.pointer)
        let queries = projection.value.pointer
        let headWidth = width / heads
        forEachGroup(gradient, isWritten: false, target: target, stages: 5) { rows, ahead in
            forEachHead(rows, &ahead) { row, head in
                addTransposed(
                    probabilities(row, head), gradient + row.first * width + head * headWidth, width, to: target,
                    column: 2 * width, row, head, adds)
            }
            forEachHead(rows, &ahead) { row, head in
                MatrixProduct.multiply(
                    gradient + row.first * width + head * headWidth,
                    MatrixLayout(rows: row.own, columns: headWidth, leading: width),
                    row.keys + width + head * headWidth, pathLayout(row).transposed, into: gradientScores(row, head),
                    scoresLayout(row), lower(row, LOCKSTEP_LOWER_PRODUCT))
            }
            forEachHead(rows, &ahead) { row, head in
                lockstep_attention_softmax_gradient(
                    gradientScores(row, head), probabilities(row, head), row.own, length, scale, row.shared + 1)
            }
            forEachHead(rows, &ahead) { row, head in
                MatrixProduct.multiply(
                    gradientScores(row, head), scoresLayout(row), row.keys + head * headWidth, pathLayout(row),
                    into: target + row.first * 3 * width + head * headWidth, ownLayout(row),
                    lower(row, LOCKSTEP_LOWER_FACTOR), accumulate: adds)
            }
            forEachHead(rows, &ahead) { row, head in
                addTransposed(
                    gradientScores(row, head), queries + row.first * 3 * width + head * headWidth, 3 * width,
                    to: target, column: width, row, head, adds)
            }
            for row in rows { addPath(row, to: target) }
        }
    }

    /// Writes products of transposed factors [own, length] with a matrix [own, width of a head]: the rows of beginnings of
    /// its own into the projection's gradient, from a column on, those of shared ones beside it.
    private func addTransposed(
        _ factors: UnsafePointer<Float>, _ matrix: UnsafePointer<Float>, _ stride: Int,
        to target: UnsafeMutablePointer<Float>, column: Int, _ row: Row, _ head: Int, _ adds: Bool
    ) {
        let headWidth = width / heads
        let matrixLayout = MatrixLayout(rows: row.own, columns: headWidth, leading: stride)
        MatrixProduct.multiply(
            factors + row.shared, MatrixLayout(rows: row.own, columns: row.own, leading: length).transposed, matrix,
            matrixLayout, into: target + row.first * 3 * width + column + head * headWidth, ownLayout(row),
            LOCKSTEP_UPPER_FACTOR, accumulate: adds)
        guard row.shared > 0 else { return }
        MatrixProduct.multiply(
            factors, MatrixLayout(rows: row.own, columns: row.shared, leading: length).transposed, matrix,
            matrixLayout, into: pathGradients.pointer + row.place * pathSize + column - width + head * headWidth,
            MatrixLayout(rows: row.shared, columns: headWidth, leading: 2 * width), LOCKSTEP_RECTANGLE)
    }

    /// Adds the gradients of shared keys and values to those of the beginnings that they are of.
    private func addPath(_ row: Row, to target: UnsafeMutablePointer<Float>) {
        let places = beginnings.places.pointer + row.number * length
        for position in 0..<row.shared {
            lockstep_add_to(
                target + (Int(places[position]) * 3 + 1) * width,
                pathGradients.pointer + row.place * pathSize + position * 2 * width, 2 * width)
        }
    }

    private func probabilities(_ row: Row, _ head: Int) -> UnsafeMutablePointer<Float> {
        probabilities.pointer + (row.number * heads + head) * size
    }

    private func gradientScores(_ row: Row, _ head: Int) -> UnsafeMutablePointer<Float> {
        gradientScores.pointer + (row.place * heads + head) * size
    }

    /// The layout of scores, [own, length].
    private func scoresLayout(_ row: Row) -> MatrixLayout { MatrixLayout(contiguous: row.own, length) }

    /// The layout of a head's keys or values of all beginnings of a row.
    private func pathLayout(_ row: Row) -> MatrixLayout {
        MatrixLayout(rows: length, columns: width / heads, leading: row.stride)
    }

    /// The layout of a head's part of the projection, for the beginnings that are a row's own.
    private func ownLayout(_ row: Row) -> MatrixLayout {
        MatrixLayout(rows: row.own, columns: width / heads, leading: 3 * width)
    }

    /// The triangle of a product, if there is one: scores of all beginnings of a row are a square.
    private func lower(_ row: Row, _ triangle: LockstepTriangle) -> LockstepTriangle {
        row.shared == 0 ? triangle : LOCKSTEP_RECTANGLE
    }
}

extension Variable {
    /// Causal self-attention over beginnings: each attends to itself and to the shorter ones of its row.
    ///
    /// softmax(Q·Kᵀ/√d)·V for every head, the results side by side; see `attention(query:key:value:causal:)`. This variable
    /// has a row for each beginning: its queries, its keys, then its values, of all heads side by side.
    ///
    /// - Parameter heads: a divisor of a third of the columns.
    /// - Returns: [.., width], for [.., 3 · width].
    /// - Throws: `ShapeError` if the columns are no three parts, or cannot be divided among the heads.
    public func attention(over beginnings: SharedBeginnings, heads: Int) throws -> Variable {
        precondition(rowCount === beginnings.rowCount, "a variable over other beginnings")
        guard heads > 0, shape[-1] % (3 * heads) == 0 else {
            throw ShapeError("attention", [shape], "queries, keys and values of \(heads) heads need one width")
        }
        return Variable(
            recording: SharedAttention(contiguous(), beginnings, heads: heads), shape: [shape[0], shape[1] / 3])
    }
}
