import Kernels
import Tensors

/// (x − mean) / √(variance + ε) over the last axis, then scaled and shifted; x may be a sum.
final class LayerNorm: Operation {
    private let addend: Variable?
    private let weight: Variable?
    private let bias: Variable?
    private let epsilon: Float
    private let columns: Int
    private let means: Storage
    private let scales: Storage
    /// Ones, then zeros: what stands for a weight or a bias that is not there.
    private let constants: Storage
    /// The sum that is normalised, if it is one.
    private let sum: Storage
    private let work: Storage

    init(_ input: Variable, _ addend: Variable?, _ weight: Variable?, _ bias: Variable?, _ epsilon: Float) {
        self.addend = addend
        self.weight = weight
        self.bias = bias
        self.epsilon = epsilon
        let rows = input.shape.rows
        columns = input.shape[-1]
        means = Storage(count: rows)
        scales = Storage(count: rows)
        constants = Storage(count: 2 * columns)
        constants.pointer.update(repeating: 1, count: columns)
        sum = Storage(count: addend == nil ? 0 : rows * columns)
        work = Storage(count: lockstep_layer_norm_work(columns))
        super.init(name: "layerNorm", inputs: [input] + [addend, weight, bias].compactMap { $0 })
    }

    override var rowCount: RowCount? { inputs[0].rowCount }
    override var keepsToRowsInUse: Bool { (addend ?? inputs[0]).rowCount === rowCount }

    /// Weight and bias get the sums of all rows.
    override func addsAtOnce(to input: Variable) -> Bool { input === weight || input === bias }

    private var rows: Int { inputs[0].rowsInUse }

    override func forward(_ output: Tensor) {
        lockstep_layer_norm(
            output.pointer, sum.pointer, means.pointer, scales.pointer, inputs[0].value.pointer,
            addend?.value.pointer, weight?.value.pointer ?? constants.pointer,
            bias?.value.pointer ?? constants.pointer + columns, epsilon, rows, columns)
    }

    /// With n the normalised input, ĝ = g·w: dx = (ĝ − mean ĝ − n · mean(ĝ·n)) / σ, dw = Σ g·n, db = Σ g.
    override func backward(_ output: Variable) {
        let source = addend == nil ? inputs[0].value.pointer : sum.pointer
        // The input's target is asked for before the addend's, for both may be one variable.
        let input = target(inputs[0])
        let (other, weights, biases) = (target(addend), target(weight), target(bias))
        lockstep_layer_norm_gradient(
            input, other, weights, biases, output.gradient.pointer, source, means.pointer, scales.pointer,
            weight?.value.pointer ?? constants.pointer, work.pointer, rows, columns)
    }

    private func target(_ variable: Variable?) -> LockstepTarget {
        guard let variable, variable.requiresGradient else { return LockstepTarget(values: nil, adds: false) }
        let adds = variable.beginGradient()
        return LockstepTarget(values: variable.gradient.pointer, adds: adds)
    }
}

extension Variable {
    /// Normalises the last axis to mean 0 and variance 1, then multiplies by `weight` and adds `bias`.
    ///
    /// Ba, Kiros, Hinton: "Layer Normalization", 2016; the variance is that of the whole population.
    ///
    /// - Parameters:
    ///   - residual: of the same shape; added before all else, in the same operation.
    ///   - weight: [width], or nil for 1.
    ///   - bias: [width], or nil for 0.
    ///   - epsilon: added to the variance.
    /// - Throws: `ShapeError` if there is no axis, weight or bias is not of the last axis' extent, or the residual of
    ///   another shape.
    public func layerNorm(
        adding residual: Variable? = nil, weight: Variable?, bias: Variable?, epsilon: Float = 1e-5
    ) throws -> Variable {
        let shapes = [shape] + [residual, weight, bias].compactMap { $0?.shape }
        guard shape.rank >= 1 else { throw ShapeError("layerNorm", shapes, "there is no axis to normalise") }
        for parameter in [weight, bias].compactMap({ $0 }) where parameter.shape != [shape[-1]] {
            throw ShapeError("layerNorm", shapes, "weight and bias need the extent of the last axis")
        }
        if let residual, residual.shape != shape {
            throw ShapeError("layerNorm", shapes, "what is added needs the shape of the input")
        }
        let operation = LayerNorm(
            contiguous(), residual?.contiguous(), weight?.contiguous(), bias?.contiguous(), epsilon)
        return Variable(recording: operation, shape: shape)
    }
}
