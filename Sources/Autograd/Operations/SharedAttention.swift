import Kernels
import Tensors

/// Causal self-attention of the beginnings of rows: each attends to itself and the shorter ones of its row.
///
/// softmax(Q·Kᵀ/√d)·V for every head, where Q, K and V are thirds of the columns of one projection. A row computes those
/// of its beginnings that are its own; keys and values of those it shares are copied beside them.
final class SharedAttention: Operation {
    /// The floats that the rows of a group may read.
    private static let groupFloats = 32_768
    private let beginnings: SharedBeginnings
    private let heads: Int
    private let width: Int
    private let length: Int
    private let scale: Float
    /// The elements of the scores of a row, for one head, and those of the keys and values of a row.
    private let size: Int
    private let pathSize: Int
    /// The rows that go through a product together: few enough that what they read stays in the caches, for the next.
    private let group: Int
    /// The probabilities, [rows, heads, length, length], and of a group the gradient of the scores.
    private let probabilities: Storage
    private let gradientScores: Storage
    /// Of a group: keys and values of rows that share some, and the gradients of those shared, [group, length, 2 · width].
    private let paths: Storage
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

    /// A row with beginnings of its own, and where what belongs to it lies.
    private struct Row {
        /// Its number, and that within its group.
        let number: Int
        let place: Int
        let shared: Int
        let own: Int
        /// The first of its own beginnings.
        let first: Int
        /// Keys of its beginnings, values behind them, and the distance from one beginning to the next.
        let keys: UnsafePointer<Float>
        let stride: Int
    }

    override func forward(_ output: Tensor) {
        let (projection, all) = (inputs[0].value.pointer, probabilities.pointer)
        let headWidth = width / heads
        forEachGroup(output.pointer, isWritten: true, stages: 3) { rows, ahead in
            forEachHead(rows, &ahead) { row, head in
                MatrixProduct.multiply(
                    projection + row.first * 3 * width + head * headWidth, ownLayout(row),
                    row.keys + head * headWidth, pathLayout(row).transposed, into: all + scoresPlace(row, head),
                    scoresLayout(row), lower(row, LOCKSTEP_LOWER_PRODUCT))
            }
            forEachHead(rows, &ahead) { row, head in
                lockstep_attention_softmax(all + scoresPlace(row, head), row.own, length, scale, row.shared + 1)
            }
            forEachHead(rows, &ahead) { row, head in
                MatrixProduct.multiply(
                    all + scoresPlace(row, head), scoresLayout(row), row.keys + width + head * headWidth,
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
        let (target, gradient, all) = (projection.gradient.pointer, output.gradient.pointer, probabilities.pointer)
        let queries = projection.value.pointer
        let headWidth = width / heads
        forEachGroup(gradient, isWritten: false, target: target, stages: 5) { rows, ahead in
            forEachHead(rows, &ahead) { row, head in
                addTransposed(
                    all + scoresPlace(row, head), gradient + row.first * width + head * headWidth, width, to: target,
                    column: 2 * width, row, head, adds)
            }
            forEachHead(rows, &ahead) { row, head in
                let scores = gradientScores.pointer + (row.place * heads + head) * size
                MatrixProduct.multiply(
                    gradient + row.first * width + head * headWidth,
                    MatrixLayout(rows: row.own, columns: headWidth, leading: width),
                    row.keys + width + head * headWidth, pathLayout(row).transposed, into: scores, scoresLayout(row),
                    lower(row, LOCKSTEP_LOWER_PRODUCT))
            }
            forEachHead(rows, &ahead) { row, head in
                lockstep_attention_softmax_gradient(
                    gradientScores.pointer + (row.place * heads + head) * size, all + scoresPlace(row, head), row.own,
                    length, scale, row.shared + 1)
            }
            forEachHead(rows, &ahead) { row, head in
                MatrixProduct.multiply(
                    gradientScores.pointer + (row.place * heads + head) * size, scoresLayout(row),
                    row.keys + head * headWidth, pathLayout(row),
                    into: target + row.first * 3 * width + head * headWidth, ownLayout(row),
                    lower(row, LOCKSTEP_LOWER_FACTOR), accumulate: adds)
            }
            forEachHead(rows, &ahead) { row, head in
                addTransposed(
                    gradientScores.pointer + (row.place * heads + head) * size,
                    queries + row.first * 3 * width + head * headWidth, 3 * width, to: target, column: width, row, head,
                    adds)
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

    /// Calls a body for some rows at a time, those left out that have no beginnings of their own.
    ///
    /// What the next rows read and write is fetched meanwhile: else most of the time would be spent waiting for it.
    ///
    /// - Parameters:
    ///   - others: the output, or its gradient: what is written or read beside the projection.
    ///   - target: the projection's gradient.
    ///   - stages: how often the body goes over its rows.
    private func forEachGroup(
        _ others: UnsafePointer<Float>, isWritten: Bool, target: UnsafePointer<Float>? = nil, stages: Int,
        _ body: (UnsafeBufferPointer<Row>, inout Ahead) -> Void
    ) {
        func ahead(_ start: Int, steps: Int) -> Ahead {
            let end = min(start + group, beginnings.rows)
            return Ahead(
                beginnings: start < end ? beginnings.first(start)..<beginnings.first(end) : 0..<0, steps: steps,
                projection: inputs[0].value.pointer, others: others, isWritten: isWritten, target: target, width: width)
        }
        var first = ahead(0, steps: 1)
        first.advance()
        withUnsafeTemporaryAllocation(of: Row.self, capacity: group) { rows in
            for start in stride(from: 0, to: beginnings.rows, by: group) {
                var count = 0
                for number in start..<min(start + group, beginnings.rows) where beginnings.shared(number) < length {
                    rows.initializeElement(at: count, to: row(number, place: count))
                    count += 1
                }
                var ahead = ahead(start + group, steps: count * heads * stages)
                body(UnsafeBufferPointer(rebasing: rows[..<count]), &ahead)
            }
        }
    }

    /// Fetches what belongs to some beginnings, a part with every step.
    private struct Ahead {
        let beginnings: Range<Int>
        let steps: Int
        let projection: UnsafePointer<Float>
        let others: UnsafePointer<Float>
        let isWritten: Bool
        let target: UnsafePointer<Float>?
        let width: Int
        private var step = 0

        init(
            beginnings: Range<Int>, steps: Int, projection: UnsafePointer<Float>, others: UnsafePointer<Float>,
            isWritten: Bool, target: UnsafePointer<Float>?, width: Int
        ) {
            (self.beginnings, self.steps) = (beginnings, steps)
            (self.projection, self.others, self.isWritten) = (projection, others, isWritten)
            (self.target, self.width) = (target, width)
        }

        mutating func advance() {
            let start = beginnings.lowerBound + beginnings.count * step / steps
            step += 1
            let count = beginnings.lowerBound + beginnings.count * step / steps - start
            guard count > 0 else { return }
            lockstep_fetch(projection + start * 3 * width, count * 3 * width, false)
            lockstep_fetch(others + start * width, count * width, isWritten)
            if let target { lockstep_fetch(target + start * 3 * width, count * 3 * width, true) }
        }
    }

    private func forEachHead(_ rows: UnsafeBufferPointer<Row>, _ ahead: inout Ahead, _ body: (Row, Int) -> Void) {
        for row in rows {
            for head in 0..<heads {
                ahead.advance()
                body(row, head)
            }
        }
    }

    /// A row; keys and values are copied if it shares some of them.
    private func row(_ number: Int, place: Int) -> Row {
        let (shared, first) = (beginnings.shared(number), beginnings.first(number))
        let projection = inputs[0].value.pointer
        var (keys, stride) = (UnsafePointer(projection + (first * 3 + 1) * width), 3 * width)
        if shared > 0 {
            let path = paths.pointer + place * pathSize
            let places = beginnings.places.pointer + number * length
            for position in 0..<length {
                (path + position * 2 * width).update(
                    from: projection + (Int(places[position]) * 3 + 1) * width, count: 2 * width)
            }
            (keys, stride) = (UnsafePointer(path), 2 * width)
        }
        return Row(
            number: number, place: place, shared: shared, own: length - shared, first: first, keys: keys,
            stride: stride)
    }

    private func scoresPlace(_ row: Row, _ head: Int) -> Int { (row.number * heads + head) * size }

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
