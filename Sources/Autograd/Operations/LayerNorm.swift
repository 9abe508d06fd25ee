import Kernels
import Tensors

/// (x − mean) / √(variance + ε) over the last axis, then scaled and shifted.
final class LayerNorm: Operation {
    private let weight: Variable?
    private let bias: Variable?
    private let epsilon: Float
    private let rows: Int
    private let columns: Int
    private let means: Storage
    private let scales: Storage

    init(_ input: Variable, _ weight: Variable?, _ bias: Variable?, _ epsilon: Float) {
        self.weight = weight
        self.bias = bias
        self.epsilon = epsilon
        rows = input.shape.rows
        columns = input.shape[-1]
        means = Storage(count: rows)
        scales = Storage(count: rows)
        super.init(name: "layerNorm", inputs: [input] + [weight, bias].compactMap { $0 })
    }

    override func forward(_ output: Tensor) {
        lockstep_layer_norm(
            output.pointer, means.pointer, scales.pointer, inputs[0].value.pointer, weight?.value.pointer,
            bias?.value.pointer, epsilon, rows, columns)
    }

    /// With n the normalised input, ĝ = g·w: dx = (ĝ − mean ĝ − n · mean(ĝ·n)) / σ, dw = Σ g·n, db = Σ g.
    override func backward(_ output: Variable) {
        let gradient = output.gradient.pointer
        let input = inputs[0]
        let source = input.value.pointer
        if input.requiresGradient {
            let accumulate = input.beginGradient()
            lockstep_layer_norm_gradient(
                input.gradient.pointer, gradient, source, means.pointer, scales.pointer, weight?.value.pointer, rows,
                columns, accumulate)
        }
        if let weight, weight.requiresGradient {
            if !weight.beginGradient() { weight.clearGradient() }
            lockstep_layer_norm_weight_gradient(
                weight.gradient.pointer, gradient, source, means.pointer, scales.pointer, rows, columns)
        }
        if let bias, bias.requiresGradient {
            if !bias.beginGradient() { bias.clearGradient() }
            lockstep_column_sum(bias.gradient.pointer, gradient, rows, columns, columns, 1)
        }
    }
}

extension Variable {
    /// Normalises the last axis to mean 0 and variance 1, then multiplies by `weight` and adds `bias`.
    ///
    /// Ba, Kiros, Hinton: "Layer Normalization", 2016; the variance is that of the whole population.
    ///
    /// - Parameters:
    ///   - weight: [width], or nil for 1.
    ///   - bias: [width], or nil for 0.
    ///   - epsilon: added to the variance.
    /// - Throws: `ShapeError` if there is no axis, or weight or bias is not of the last axis' extent.
    public func layerNorm(weight: Variable?, bias: Variable?, epsilon: Float = 1e-5) throws -> Variable {
        let shapes = [shape] + [weight, bias].compactMap { $0?.shape }
        guard shape.rank >= 1 else { throw ShapeError("layerNorm", shapes, "there is no axis to normalise") }
        for parameter in [weight, bias].compactMap({ $0 }) where parameter.shape != [shape[-1]] {
            throw ShapeError("layerNorm", shapes, "weight and bias need the extent of the last axis")
        }
        let operation = LayerNorm(contiguous(), weight?.contiguous(), bias?.contiguous(), epsilon)
        return Variable(recording: operation, shape: shape)
    }
}
