import Kernels
import Tensors

/// activation(x·Wᵀ + b + r) over the last axis: [.., in] with W [out, in] and b [out] is [.., out].
final class Linear: Operation {
    private let activation: Activation
    private let bias: Variable?
    private let addend: Variable?
    private let wholeInput: MatrixLayout
    private let weightLayout: MatrixLayout
    private let width: Int
    /// Looks for zeros in the input; nil where there will hardly be many.
    private let sparseInput: SparseFactor?
    /// Whether the input of the last forward pass was mostly zeros.
    private var isSparse = false
    /// Looks for zeros in the output's gradient; nil where there will hardly be many.
    private let sparseGradient: SparseFactor?
    /// The slopes of the activation, where they do not follow from its results.
    private let slopes: Storage

    /// Plans the product; nil if an input must be made contiguous first.
    init?(_ input: Variable, _ weight: Variable, _ bias: Variable?, _ addend: Variable?, activation: Activation) {
        let rows = input.shape.rows
        let width = weight.shape[0]
        guard let inputLayout = MatrixLayout(rowsOf: input.value), !inputLayout.isTransposed,
            let weightLayout = MatrixLayout(lastAxesOf: weight.value)
        else { return nil }
        self.activation = activation
        self.bias = bias
        self.addend = addend
        wholeInput = inputLayout
        self.weightLayout = weightLayout
        self.width = width
        // What is given may be mostly zeros, and what comes from a ReLU, and what goes back there.
        let isGiven = input.operation == nil && !input.requiresGradient
        sparseInput =
            isGiven || input.operation?.givesZeros == true
            ? SparseFactor(inputLayout, timesColumns: width) : nil
        sparseGradient =
            activation == .relu && input.requiresGradient
            ? SparseFactor(MatrixLayout(contiguous: rows, width), timesColumns: inputLayout.columns) : nil
        slopes = Storage(count: activation.keepsSlopes ? rows * width : 0)
        super.init(name: "linear", inputs: [input, weight] + [bias, addend].compactMap { $0 })
    }

    override var givesZeros: Bool { activation == .relu }
    override var rowCount: RowCount? { inputs[0].rowCount }
    override var keepsToRowsInUse: Bool { (addend ?? inputs[0]).rowCount === rowCount }

    /// The bias gets the sum of all rows; an element of the weight's gradient is one chain, if the rows are no more than
    /// such a chain has terms.
    override func addsAtOnce(to input: Variable) -> Bool {
        input === bias || input === inputs[1] && inputs[0].shape.rows <= LOCKSTEP_PRODUCT_CHAIN
    }

    private var rows: Int { inputs[0].rowsInUse }
    private var inputLayout: MatrixLayout { wholeInput.first(rows) }
    private var outputLayout: MatrixLayout { MatrixLayout(contiguous: rows, width) }

    override func forward(_ output: Tensor) {
        let out = output.pointer
        let (x, w) = (inputs[0].value.pointer, inputs[1].value.pointer)
        let end = LockstepProductEnd(
            addend: addend.map { UnsafePointer($0.value.pointer) }, addendStride: outputLayout.leading,
            bias: bias.map { UnsafePointer($0.value.pointer) }, relu: activation == .relu)
        isSparse = SparseFactor.multiply(
            sparseInput, x, inputLayout, w, weightLayout.transposed, into: out, outputLayout, end)
        activation.apply(out, slopes: slopes.pointer, count: rows * width)
    }

    /// dX = G·W, dW = Gᵀ·X, db = the column sums of G, dr = G, where G is the output's gradient behind the activation.
    ///
    /// G is made in place, in the output's gradient, which nobody reads after this.
    override func backward(_ output: Variable) {
        let gradient = output.gradient.pointer
        addToBias(gradient, output.value.pointer)
        let (input, weight) = (inputs[0], inputs[1])
        if input.requiresGradient {
            let accumulate = input.beginGradient()
            let (w, target) = (weight.value.pointer, input.gradient.pointer)
            SparseFactor.multiply(
                sparseGradient, gradient, outputLayout, w, weightLayout, into: target, inputLayout,
                LockstepProductEnd(addingTo: target, inputLayout, accumulate: accumulate))
        }
        if weight.requiresGradient {
            let accumulate = weight.beginGradient()
            if isSparse, let sparseInput {
                sparseInput.multiplyTransposed(
                    gradient, outputLayout, into: weight.gradient.pointer, weightLayout, accumulate: accumulate)
            } else {
                MatrixProduct.multiply(
                    gradient, outputLayout.transposed, input.value.pointer, inputLayout,
                    into: weight.gradient.pointer, weightLayout, accumulate: accumulate)
            }
        }
        if let addend, addend.requiresGradient {
            let accumulate = addend.beginGradient()
            lockstep_assign(addend.gradient.pointer, 1, gradient, 1, rows * width, 1, accumulate)
        }
    }

    /// Makes G of the output's gradient, and adds its columns to the gradient of the bias.
    private func addToBias(_ gradient: UnsafeMutablePointer<Float>, _ output: UnsafePointer<Float>) {
        var target: UnsafeMutablePointer<Float>?
        var accumulate = false
        if let bias, bias.requiresGradient {
            accumulate = bias.beginGradient()
            target = bias.gradient.pointer
        }
        let (kept, slope) = activation.slope(output: output, slopes: slopes.pointer)
        lockstep_linear_gradient(gradient, target, kept, slope, rows, width, accumulate)
    }
}

extension Variable {
    /// The linear map of the last axis, activation(x·Wᵀ + b + r), in one operation.
    ///
    /// The gradient of the result is overwritten by that of x·Wᵀ + b + r during the backward pass. Of rows that were looked
    /// up in a smaller table, those of the table are computed instead; the result is the same to the bit.
    ///
    /// - Parameters:
    ///   - weight: [out, in].
    ///   - bias: [out], or nil for none.
    ///   - residual: r, of the result's shape, or nil for none.
    ///   - activation: what is applied to the result.
    /// - Returns: [.., out] for x of [.., in].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func linear(
        weight: Variable, bias: Variable?, adding residual: Variable? = nil, activation: Activation = .identity
    ) throws -> Variable {
        let shapes = [shape, weight.shape] + [bias, residual].compactMap { $0?.shape }
        guard shape.rank >= 1, weight.shape.rank == 2, shape[-1] == weight.shape[1] else {
            throw ShapeError("linear", shapes, "an input [.., in] needs a weight [out, in]")
        }
        let width = weight.shape[0]
        if let bias, bias.shape != [width] {
            throw ShapeError("linear", shapes, "a weight [out, in] needs a bias [out]")
        }
        let result = Shape(shape.dimensions.dropLast() + [width])
        if let residual, residual.shape != result {
            throw ShapeError("linear", shapes, "what is added needs the shape of the result, \(result)")
        }
        // Rows looked up more often than there are of them: each goes through the layer once, and then is looked up.
        if residual == nil, let lookup = operation as? Embedding, lookup.inputs[0].shape[0] < shape.rows {
            let table = try lookup.inputs[0].linear(weight: weight, bias: bias, activation: activation)
            return lookup.applied(to: table)
        }
        let (flatBias, addend) = (bias?.contiguous(), residual?.contiguous())
        let operation =
            Linear(self, weight, flatBias, addend, activation: activation)
            ?? Linear(contiguous(), weight.contiguous(), flatBias, addend, activation: activation)
        guard let operation else { preconditionFailure("contiguous matrices have a layout") }
        return Variable(recording: operation, shape: result)
    }
}
