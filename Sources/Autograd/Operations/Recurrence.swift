import Kernels
import Tensors

/// The last state of h_t = activation(x_t + h_{t−1}·W + b), of which the first has no state before it.
///
/// One operation for all steps: the gradient of W is one product over the states of all of them, and W is transposed once.
final class Recurrence: Operation {
    private let activation: Activation
    /// Whether weight or bias may lie in the input's memory, and their gradients in that of its gradient.
    private let sharesMemory: Bool
    private let steps: Int
    private let rows: Int
    private let width: Int
    /// The layout of a state, of all states that another follows, and of W.
    private let layout: MatrixLayout
    private let precedingLayout: MatrixLayout
    private let weightLayout: MatrixLayout
    /// The states that another follows, one behind another, and the slopes of all, where they do not follow from states.
    private let states: Storage
    private let slopes: Storage
    /// The gradients of all states, where the input's cannot hold them; made when it is first needed.
    private lazy var gradients = Storage(count: steps * size)
    private let transposedWeight: Storage
    /// Look for zeros in a state, in all that another follows, and in a gradient.
    private let sparseState: SparseFactor?
    private let sparseStates: SparseFactor?
    private let sparseGradient: SparseFactor?

    /// Plans the recurrence over a contiguous input [steps, rows, width], with a contiguous weight and bias.
    init(_ input: Variable, _ weight: Variable, _ bias: Variable, activation: Activation) {
        self.activation = activation
        sharesMemory = [weight, bias].contains { ($0.root ?? $0) === (input.root ?? input) }
        (steps, rows, width) = (input.shape[0], input.shape[1], input.shape[2])
        layout = MatrixLayout(contiguous: rows, width)
        precedingLayout = MatrixLayout(contiguous: (steps - 1) * rows, width)
        weightLayout = MatrixLayout(contiguous: width, width)
        states = Storage(count: (steps - 1) * rows * width)
        slopes = Storage(count: activation.keepsSlopes ? steps * rows * width : 0)
        transposedWeight = Storage(count: width * width)
        let givesZeros = activation == .relu && steps > 1
        sparseState = givesZeros ? SparseFactor(layout, timesColumns: width) : nil
        sparseStates = givesZeros ? SparseFactor(precedingLayout, timesColumns: width) : nil
        sparseGradient = givesZeros ? SparseFactor(layout, timesColumns: width) : nil
        super.init(name: "recurrence", inputs: [input, weight, bias])
    }

    override var givesZeros: Bool { activation == .relu }

    /// The elements of a state.
    private var size: Int { rows * width }

    override func forward(_ output: Tensor) {
        let (x, weight, bias) = (inputs[0].value.pointer, inputs[1].value.pointer, inputs[2].value.pointer)
        for step in 0..<steps {
            let state = step + 1 < steps ? states.pointer + step * size : output.pointer
            let end = LockstepProductEnd(
                addend: x + step * size, addendStride: layout.leading, bias: bias, relu: activation == .relu)
            if step == 0 {
                // The product of no terms is 0.
                let nothing = MatrixLayout(contiguous: rows, 0)
                MatrixProduct.multiply(
                    state, nothing, weight, MatrixLayout(contiguous: 0, width), into: state, layout, end)
            } else {
                let before = states.pointer + (step - 1) * size
                SparseFactor.multiply(sparseState, before, layout, weight, weightLayout, into: state, layout, end)
            }
            activation.apply(state, slopes: slopes(of: step), count: size)
        }
    }

    /// With G_t the gradient of h_t behind the activation: G_{t−1} = G_t·Wᵀ, dx_t = G_t, db = the column sums of all G_t,
    /// dW = Σ h_{t−1}ᵀ·G_t.
    override func backward(_ output: Variable) {
        let (input, weight, bias) = (inputs[0], inputs[1], inputs[2])
        let addsToInput = input.requiresGradient && beginInput()
        let all = input.requiresGradient && !addsToInput ? input.gradient.pointer : gradients.pointer
        let addsToBias = bias.requiresGradient && bias.beginGradient()
        let biasTarget = bias.requiresGradient ? bias.gradient.pointer : nil
        if steps > 1 { lockstep_transpose(transposedWeight.pointer, weight.value.pointer, width, width) }
        (all + (steps - 1) * size).update(from: output.gradient.pointer, count: size)
        for step in (0..<steps).reversed() {
            let isLast = step == steps - 1
            let gradient = all + step * size
            let state = isLast ? output.value.pointer : states.pointer + step * size
            let (kept, slope) = activation.slope(output: state, slopes: slopes(of: step))
            lockstep_linear_gradient(gradient, biasTarget, kept, slope, rows, width, addsToBias || !isLast)
            guard step > 0 else { break }
            SparseFactor.multiply(
                sparseGradient, gradient, layout, transposedWeight.pointer, weightLayout, into: gradient - size, layout,
                LockstepProductEnd())
        }
        if weight.requiresGradient { addToWeight(all + size, weight) }
        if addsToInput { lockstep_assign(input.gradient.pointer, 1, all, 1, steps * size, 1, true) }
    }

    /// dW = Hᵀ·G over all states H that another follows, and the gradients G of those that follow.
    private func addToWeight(_ following: UnsafePointer<Float>, _ weight: Variable) {
        let accumulate = weight.beginGradient()
        if let sparseStates, sparseStates.gather(states.pointer) {
            sparseStates.multiplyTransposed(
                following, precedingLayout, into: weight.gradient.pointer, weightLayout.transposed,
                accumulate: accumulate)
        } else {
            MatrixProduct.multiply(
                states.pointer, precedingLayout.transposed, following, precedingLayout,
                into: weight.gradient.pointer, weightLayout, accumulate: accumulate)
        }
    }

    /// Whether the input's gradient must be added to; if not, those of the states are made in it.
    private func beginInput() -> Bool {
        if inputs[0].beginGradient() { return true }
        if !sharesMemory { return false }
        inputs[0].clearGradient()
        return true
    }

    private func slopes(of step: Int) -> UnsafeMutablePointer<Float> {
        slopes.pointer + (activation.keepsSlopes ? step * size : 0)
    }
}

extension Variable {
    /// The last state of a recurrence over the first axis, h_t = activation(x_t + h_{t−1}·W + b), in one operation.
    ///
    /// - Parameters:
    ///   - weight: W, [h, h]; a state is a row.
    ///   - bias: [h].
    ///   - activation: what is applied to each sum.
    /// - Returns: [n, h] for x of [steps, n, h]; the first state is activation(x_0 + b).
    /// - Throws: `ShapeError` if the shapes do not fit, or there is no step.
    public func recurrence(weight: Variable, bias: Variable, activation: Activation) throws -> Variable {
        let shapes = [shape, weight.shape, bias.shape]
        guard shape.rank == 3, shape[0] > 0, weight.shape == [shape[2], shape[2]], bias.shape == [shape[2]] else {
            throw ShapeError("recurrence", shapes, "an input [steps, n, h] needs a weight [h, h] and a bias [h]")
        }
        let operation = Recurrence(contiguous(), weight.contiguous(), bias.contiguous(), activation: activation)
        return Variable(recording: operation, shape: [shape[1], shape[2]])
    }
}
