import Kernels
import Tensors

/// activation(x·Wᵀ + b) over the last axis: [.., in] with W [out, in] and b [out] is [.., out].
final class Linear: Operation {
    private let activation: Activation
    private let inputLayout: MatrixLayout
    private let weightLayout: MatrixLayout
    private let outputLayout: MatrixLayout
    private let rows: Int
    private let width: Int

    /// Plans the product; nil if an input must be made contiguous first.
    init?(_ input: Variable, _ weight: Variable, _ bias: Variable?, activation: Activation) {
        let rows = input.shape.rows
        let width = weight.shape[0]
        guard let inputLayout = MatrixLayout(rowsOf: input.value), !inputLayout.isTransposed,
            let weightLayout = MatrixLayout(lastAxesOf: weight.value)
        else { return nil }
        self.activation = activation
        self.inputLayout = inputLayout
        self.weightLayout = weightLayout
        outputLayout = MatrixLayout(contiguous: rows, width)
        self.rows = rows
        self.width = width
        super.init(name: "linear", inputs: [input, weight] + (bias.map { [$0] } ?? []))
    }

    override func forward(_ output: Tensor) {
        let out = output.pointer
        let bias = inputs.count > 2 ? inputs[2].value.pointer : nil
        MatrixProduct.multiply(
            inputs[0].value.pointer, inputLayout, inputs[1].value.pointer, weightLayout.transposed, into: out,
            outputLayout, accumulate: false, bias: bias, relu: activation == .relu)
        if activation == .tanh { lockstep_tanh_in_place(out, rows * width) }
    }

    /// dX = G·W, dW = Gᵀ·X, db = the column sums of G, where G is the output's gradient behind the activation.
    ///
    /// G is made in place, in the output's gradient, which nobody reads after this.
    override func backward(_ output: Variable) {
        let gradient = output.gradient.pointer
        switch activation {
        case .identity: break
        case .relu: lockstep_relu_mask(gradient, output.value.pointer, rows * width)
        case .tanh: lockstep_tanh_mask(gradient, output.value.pointer, rows * width)
        }
        let (input, weight) = (inputs[0], inputs[1])
        if input.requiresGradient {
            let accumulate = input.beginGradient()
            MatrixProduct.multiply(
                gradient, outputLayout, weight.value.pointer, weightLayout, into: input.gradient.pointer, inputLayout,
                accumulate: accumulate)
        }
        if weight.requiresGradient {
            let accumulate = weight.beginGradient()
            MatrixProduct.multiply(
                gradient, outputLayout.transposed, input.value.pointer, inputLayout, into: weight.gradient.pointer,
                weightLayout, accumulate: accumulate)
        }
        if inputs.count > 2, inputs[2].requiresGradient {
            let bias = inputs[2]
            if !bias.beginGradient() { bias.clearGradient() }
            lockstep_column_sum(bias.gradient.pointer, gradient, rows, width, width, 1)
        }
    }
}

extension Variable {
    /// The linear map of the last axis, activation(x·Wᵀ + b), in one operation.
    ///
    /// The gradient of the result is overwritten by that of x·Wᵀ + b during the backward pass.
    ///
    /// - Parameters:
    ///   - weight: [out, in].
    ///   - bias: [out], or nil for none.
    ///   - activation: what is applied to the result.
    /// - Returns: [.., out] for x of [.., in].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func linear(weight: Variable, bias: Variable?, activation: Activation = .identity) throws -> Variable {
        let shapes = [shape, weight.shape] + (bias.map { [$0.shape] } ?? [])
        guard shape.rank >= 1, weight.shape.rank == 2, shape[-1] == weight.shape[1] else {
            throw ShapeError("linear", shapes, "an input [.., in] needs a weight [out, in]")
        }
        let width = weight.shape[0]
        if let bias, bias.shape != [width] {
            throw ShapeError("linear", shapes, "a weight [out, in] needs a bias [out]")
        }
        let result = Shape(shape.dimensions.dropLast() + [width])
        let flatBias = bias?.contiguous()
        let operation =
            Linear(self, weight, flatBias, activation: activation)
            ?? Linear(contiguous(), weight.contiguous(), flatBias, activation: activation)
        guard let operation else { preconditionFailure("contiguous matrices have a layout") }
        return Variable(recording: operation, shape: result)
    }
}
