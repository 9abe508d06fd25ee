import Kernels
import Tensors

/// The last state of h_t = activation(E[s_t] + h_{t−1}·W + b) over rows of symbols s; the first has no state before it.
///
/// Rows that begin alike have the same states that far, and share them: all before the last are those of the nodes of a
/// `PrefixTree`, one behind another. One operation for all steps, so that the gradient of W is one product over all
/// states, and W is transposed at most once.
final class Recurrence: Operation {
    private let activation: Activation
    private let symbols: Indices
    private let steps: Int
    private let rows: Int
    private let width: Int
    private let weightLayout: MatrixLayout
    private let tree: PrefixTree
    /// The states that another follows, and behind the activation the sums of the gradients of those that follow.
    private let states: Storage
    private let following: Storage
    /// The slopes of all states, where they do not follow from the states.
    private let slopes: Storage
    /// The products of the states of a step, then the gradients of those of a step.
    private let step: Storage
    private let transposedWeight: Storage
    /// Look for zeros in the states of a step, in all that another follows, and in the gradients of a step.
    private let sparseState: SparseFactor?
    private let sparseStates: SparseFactor?
    private let sparseGradient: SparseFactor?

    /// Plans the recurrence over symbols [steps, rows], with a contiguous table, weight and bias.
    init(_ symbols: Indices, _ table: Variable, _ weight: Variable, _ bias: Variable, activation: Activation) {
        self.activation = activation
        self.symbols = symbols
        (steps, rows, width) = (symbols.shape[0], symbols.shape[1], table.shape[1])
        weightLayout = MatrixLayout(contiguous: width, width)
        tree = PrefixTree(rows: rows, length: steps)
        states = Storage(count: (steps - 1) * rows * width)
        following = Storage(count: (steps - 1) * rows * width)
        slopes = Storage(count: activation.keepsSlopes ? steps * rows * width : 0)
        step = Storage(count: rows * width)
        transposedWeight = Storage(count: width * width)
        let (layout, all) = (MatrixLayout(contiguous: rows, width), MatrixLayout(contiguous: (steps - 1) * rows, width))
        let givesZeros = activation == .relu && steps > 1
        sparseState = givesZeros ? SparseFactor(layout, timesColumns: width) : nil
        sparseStates = givesZeros ? SparseFactor(all, timesColumns: width) : nil
        sparseGradient = givesZeros ? SparseFactor(layout, timesColumns: width) : nil
        super.init(name: "recurrence", inputs: [table, weight, bias])
    }

    override var givesZeros: Bool { activation == .relu }

    /// An element of the weight's gradient is one chain, if the states are no more than such a chain has terms.
    override func addsAtOnce(to input: Variable) -> Bool {
        input === inputs[1] && (steps - 1) * rows <= LOCKSTEP_PRODUCT_CHAIN
    }

    override func forward(_ output: Tensor) {
        let (table, weight, bias) = (inputs[0].value, inputs[1].value.pointer, inputs[2].value.pointer)
        symbols.require(below: table.shape[0], name)
        tree.build(symbols)
        for place in 0..<steps {
            let level = level(place)
            var products: UnsafePointer<Float>?
            if place > 0 {
                let before = self.level(place - 1)
                SparseFactor.multiply(
                    sparseState, states.pointer + before.start, before.layout, weight, weightLayout, into: step.pointer,
                    before.layout, LockstepProductEnd())
                products = UnsafePointer(step.pointer)
            }
            let target = level.isLast ? output.pointer : states.pointer + level.start
            lockstep_recurrent_sums(
                target, table.pointer, level.symbols, products, level.parents, bias, level.count, width,
                activation == .relu)
            activation.apply(target, slopes: slopes(of: level), count: level.count * width)
        }
    }

    /// With G_t the gradients of the states h_t behind the activation, and S_{t−1} their sums over the states that follow
    /// the same one: the gradient of h_{t−1} is S_{t−1}·Wᵀ, dE the sums of all G_t by symbol, db of all,
    /// dW = Σ h_{t−1}ᵀ·S_{t−1}.
    override func backward(_ output: Variable) {
        let (table, weight, bias) = (inputs[0], inputs[1], inputs[2])
        let (tableTarget, biasTarget) = (sumTarget(table), sumTarget(bias))
        var isTransposed = false
        var gradient = output.gradient.pointer
        for place in (0..<steps).reversed() {
            let level = level(place)
            let state = level.isLast ? output.value.pointer : states.pointer + level.start
            let (kept, slope) = activation.slope(output: state, slopes: slopes(of: level))
            lockstep_linear_gradient(gradient, biasTarget, kept, slope, level.count, width, true)
            if let tableTarget {
                lockstep_scatter_add_rows(tableTarget, gradient, level.symbols, level.count, width)
            }
            guard place > 0 else { break }
            let before = self.level(place - 1)
            let sums = following.pointer + before.start
            if gradient != sums {
                sums.update(repeating: 0, count: before.count * width)
                lockstep_scatter_add_rows(sums, gradient, level.parents, level.count, width)
            }
            gradient = isBranching(before) ? step.pointer : following.pointer + self.level(place - 2).start
            multiplyByTransposedWeight(sums, before.layout, into: gradient, &isTransposed)
        }
        if weight.requiresGradient { addToWeight(weight) }
    }

    /// Writes S·Wᵀ; where zeros are left out the weight is written out transposed, unless it is already.
    private func multiplyByTransposedWeight(
        _ sums: UnsafePointer<Float>, _ layout: MatrixLayout, into gradient: UnsafeMutablePointer<Float>,
        _ isTransposed: inout Bool
    ) {
        let weight = inputs[1].value.pointer
        guard let sparseGradient, sparseGradient.gather(sums, layout) else {
            return MatrixProduct.multiply(
                sums, layout, weight, weightLayout.transposed, into: gradient, layout, LockstepProductEnd())
        }
        if !isTransposed { lockstep_transpose(transposedWeight.pointer, weight, width, width) }
        isTransposed = true
        sparseGradient.multiply(transposedWeight.pointer, weightLayout, into: gradient, layout, LockstepProductEnd())
    }

    /// dW = Hᵀ·S over all states H that another follows.
    private func addToWeight(_ weight: Variable) {
        let accumulate = weight.beginGradient()
        let layout = MatrixLayout(contiguous: tree.count(before: steps - 1), width)
        if let sparseStates, sparseStates.gather(states.pointer, layout) {
            sparseStates.multiplyTransposed(
                following.pointer, layout, into: weight.gradient.pointer, weightLayout.transposed,
                accumulate: accumulate)
        } else {
            MatrixProduct.multiply(
                states.pointer, layout.transposed, following.pointer, layout, into: weight.gradient.pointer,
                weightLayout, accumulate: accumulate)
        }
    }

    /// Where sums are added to the gradient of an input, if it is wanted.
    private func sumTarget(_ input: Variable) -> UnsafeMutablePointer<Float>? {
        guard input.requiresGradient else { return nil }
        if !input.beginGradient() { input.clearGradient() }
        return input.gradient.pointer
    }

    /// The states of a step: how many there are, which symbols they have, and which states before they follow.
    private struct Level {
        let place: Int
        let isLast: Bool
        let count: Int
        /// Where they begin, in floats.
        let start: Int
        let symbols: UnsafePointer<Int32>
        let parents: UnsafePointer<Int32>
        let layout: MatrixLayout
    }

    /// The last states are those of the rows, of others there is one a node.
    private func level(_ place: Int) -> Level {
        let isLast = place == steps - 1
        let count = isLast ? rows : tree.count(place)
        return Level(
            place: place, isLast: isLast, count: count, start: tree.count(before: place) * width,
            symbols: (isLast ? symbols : tree.symbols).pointer + place * rows,
            parents: isLast ? tree.nodes.pointer + max(place - 1, 0) * rows : tree.parents.pointer + place * rows,
            layout: MatrixLayout(contiguous: count, width))
    }

    /// Whether states of a step follow the same one, so that their gradients must be added up; the first follow none.
    private func isBranching(_ level: Level) -> Bool {
        level.place == 0 || level.count != tree.count(level.place - 1)
    }

    private func slopes(of level: Level) -> UnsafeMutablePointer<Float> {
        slopes.pointer + (activation.keepsSlopes ? level.start : 0)
    }
}

extension Variable {
    /// The last state of a recurrence over symbols, h_t = activation(E[s_t] + h_{t−1}·W + b), in one operation.
    ///
    /// Neighbouring rows that begin alike share what is computed of their beginnings: sort them, and it costs less.
    ///
    /// - Parameters:
    ///   - symbols: s, [steps, n], each in 0..<m.
    ///   - table: E, [m, h].
    ///   - weight: W, [h, h]; a state is a row.
    ///   - bias: b, [h].
    ///   - activation: what is applied to each sum.
    /// - Returns: [n, h]; the first state is activation(E[s_0] + b).
    /// - Throws: `ShapeError` if the shapes do not fit, there is no step, or a symbol is out of range.
    public static func recurrence(
        _ symbols: Indices, table: Variable, weight: Variable, bias: Variable, activation: Activation
    ) throws -> Variable {
        let shapes = [symbols.shape, table.shape, weight.shape, bias.shape]
        guard symbols.shape.rank == 2, symbols.shape[0] > 0, table.shape.rank == 2,
            weight.shape == [table.shape[1], table.shape[1]], bias.shape == [table.shape[1]]
        else {
            throw ShapeError(
                "recurrence", shapes, "symbols [steps, n] need a table [m, h], a weight [h, h] and a bias [h]")
        }
        try symbols.check(below: table.shape[0], "recurrence", shapes)
        let operation = Recurrence(
            symbols, table.contiguous(), weight.contiguous(), bias.contiguous(), activation: activation)
        return Variable(recording: operation, shape: [symbols.shape[1], table.shape[1]])
    }
}
