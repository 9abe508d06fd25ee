import Kernels
import Tensors

/// −log softmax(logits) at the target classes, summed or averaged.
final class CrossEntropy: Operation {
    private let targets: Indices
    private let reduction: Reduction
    private let probabilities: Storage

    init(_ logits: Variable, _ targets: Indices, _ reduction: Reduction) {
        self.targets = targets
        self.reduction = reduction
        probabilities = Storage(count: logits.shape.count)
        super.init(name: "crossEntropy", inputs: [logits])
    }

    override func forward(_ output: Tensor) {
        let logits = inputs[0].value
        targets.require(below: logits.shape[-1], name)
        let sum = lockstep_cross_entropy(
            probabilities.pointer, logits.pointer, targets.pointer, targets.count, logits.shape[-1])
        output.pointer[0] = reduction.result(sum, targets.count)
    }

    /// d logits = (softmax − onehot) · g.
    override func backward(_ output: Variable) {
        let logits = inputs[0]
        let accumulate = logits.beginGradient()
        let scale = output.gradient.pointer[0] * reduction.scale(targets.count)
        lockstep_cross_entropy_gradient(
            logits.gradient.pointer, probabilities.pointer, targets.pointer, targets.count, logits.shape[-1], scale,
            accumulate)
    }
}

/// −⟨targets, log softmax(logits)⟩ for target probabilities, summed or averaged over the rows.
final class SoftCrossEntropy: Operation {
    private let reduction: Reduction
    private let logProbabilities: Storage
    private let rows: Int
    private let classes: Int

    init(_ logits: Variable, _ targets: Variable, _ reduction: Reduction) {
        self.reduction = reduction
        rows = logits.shape.rows
        classes = logits.shape[-1]
        logProbabilities = Storage(count: logits.shape.count)
        super.init(name: "crossEntropy", inputs: [logits, targets])
    }

    override func forward(_ output: Tensor) {
        let sum = lockstep_soft_cross_entropy(
            logProbabilities.pointer, inputs[0].value.pointer, inputs[1].value.pointer, rows, classes)
        output.pointer[0] = reduction.result(sum, rows)
    }

    /// d logits = (softmax · Σ targets − targets) · g, d targets = −log softmax · g.
    override func backward(_ output: Variable) {
        let (logits, targets) = (inputs[0], inputs[1])
        let scale = output.gradient.pointer[0] * reduction.scale(rows)
        if logits.requiresGradient {
            let accumulate = logits.beginGradient()
            lockstep_soft_cross_entropy_gradient(
                logits.gradient.pointer, logProbabilities.pointer, targets.value.pointer, rows, classes, scale,
                accumulate)
        }
        if targets.requiresGradient {
            let accumulate = targets.beginGradient()
            lockstep_assign(
                targets.gradient.pointer, 1, logProbabilities.pointer, 1, logProbabilities.count, -scale, accumulate)
        }
    }
}

extension Variable {
    /// The cross-entropy of logits over the last axis against target classes: −log softmax(x)[target].
    ///
    /// - Parameters:
    ///   - targets: the shape of this variable without its last axis; each in 0..<classes.
    ///   - reduction: mean or sum over the targets.
    /// - Returns: a scalar.
    /// - Throws: `ShapeError` if the shapes do not fit or a target is out of range.
    public func crossEntropy(_ targets: Indices, reduction: Reduction = .mean) throws -> Variable {
        guard shape.rank >= 1, Shape(shape.dimensions.dropLast()) == targets.shape else {
            throw ShapeError("crossEntropy", [shape, targets.shape], "logits [.., classes] need targets [..]")
        }
        try targets.check(below: shape[-1], "crossEntropy", [shape, targets.shape])
        return Variable(recording: CrossEntropy(contiguous(), targets, reduction), shape: [])
    }

    /// The cross-entropy of logits over the last axis against target probabilities: −⟨targets, log softmax(x)⟩.
    ///
    /// - Parameters:
    ///   - targets: probabilities of the same shape, such as one-hot rows.
    ///   - reduction: mean or sum over the rows.
    /// - Returns: a scalar.
    /// - Throws: `ShapeError` if the shapes differ or have no axis.
    public func crossEntropy(targets: Variable, reduction: Reduction = .mean) throws -> Variable {
        guard shape.rank >= 1, shape == targets.shape else {
            throw ShapeError("crossEntropy", [shape, targets.shape], "logits and probabilities need the same shape")
        }
        return Variable(recording: SoftCrossEntropy(contiguous(), targets.contiguous(), reduction), shape: [])
    }
}
