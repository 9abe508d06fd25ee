import Tensors

/// A tensor in a graph: a value, how it was computed, and the gradient of a loss with respect to it.
///
/// Leaves (inputs and parameters) have no operation. A view shares the memory of its root's value and gradient. Not
/// thread-safe: a graph belongs to one thread.
public final class Variable {
    /// The value, whose memory is written again whenever the graph is replayed.
    public let value: Tensor
    /// The operation that computed the value; nil for a leaf.
    public let operation: Operation?
    /// Whether the loss is differentiated with respect to this variable.
    public let requiresGradient: Bool
    /// The variable whose memory a view shares; nil if this one has memory of its own.
    let root: Variable?
    /// Whether a view reaches every element of its root exactly once.
    private let coversRoot: Bool
    private var ownGradient: Tensor?
    /// The plan that the gradient belongs to; it is exchanged when another graph differentiates the variable.
    private(set) var plan: GradientPlan?
    /// How many leading rows are in use, where that changes; nil if all are.
    let rowCount: RowCount?
    /// Whether the running backward pass has written the root's gradient yet.
    var gradientIsWritten = false

    /// A leaf.
    ///
    /// - Parameters:
    ///   - value: a contiguous tensor; not copied.
    ///   - requiresGradient: whether gradients are wanted for it.
    ///   - gradient: where its gradient shall be written; contiguous, of the same shape. Allocated when nil.
    public init(_ value: Tensor, requiresGradient: Bool = false, gradient: Tensor? = nil) {
        precondition(value.isContiguous, "a leaf must be contiguous")
        precondition(gradient.map { $0.isContiguous && $0.shape == value.shape } ?? true)
        self.value = value
        self.requiresGradient = requiresGradient
        operation = nil
        root = nil
        coversRoot = false
        rowCount = nil
        ownGradient = gradient
    }

    /// The result of an operation, in memory of its own.
    init(recording operation: Operation, shape: Shape) {
        precondition(
            operation.keepsToRowsInUse || operation.inputs.allSatisfy { $0.rowCount == nil },
            "\(operation.name) takes no variables of which only some rows are in use")
        rowCount = operation.rowCount
        value = Tensor(zeros: shape)
        self.operation = operation
        requiresGradient = operation.inputs.contains { $0.requiresGradient }
        root = nil
        coversRoot = false
        operation.forward(value)
    }

    /// A view of another variable.
    init(view: Tensor, of base: Variable, named name: String) {
        precondition(base.rowCount == nil, "there are no views of variables of which only some rows are in use")
        rowCount = nil
        value = view
        operation = ViewOperation(name: name, inputs: [base])
        requiresGradient = base.requiresGradient
        let root = base.root ?? base
        self.root = root
        coversRoot =
            view.count == root.value.count
            && zip(view.shape.dimensions, view.strides).allSatisfy { $0 <= 1 || $1 != 0 }
    }

    /// The extents of the value.
    public var shape: Shape { value.shape }

    /// The leading rows in use; all axes but the last are rows.
    var rowsInUse: Int { rowCount?.value ?? shape.rows }

    /// The gradient: of a leaf the one written by the last backward pass, zeros before the first.
    ///
    /// That of a result is complete only while its operation's `backward` runs; see `Graph.backward()`.
    public var gradient: Tensor {
        if let root {
            let gradient = root.gradient
            return Tensor(
                storage: gradient.storage, offset: gradient.offset + value.offset - root.value.offset, shape: shape,
                strides: value.strides)
        }
        if let ownGradient { return ownGradient }
        let gradient = Tensor(zeros: shape)
        ownGradient = gradient
        return gradient
    }

    /// Takes memory for the gradient from a plan; nil if it has none of its own.
    func adopt(_ gradient: Tensor?, of plan: GradientPlan) {
        self.plan = plan
        ownGradient = gradient
    }

    /// Asks where an operation's backward pass shall add its share of this variable's gradient, and how.
    ///
    /// - Returns: whether the share must be added to what is there (true), or overwrites all of it (false), in which
    ///   case the caller must write every element. A root touched for the first time by a view of a part of it is
    ///   cleared first.
    public func beginGradient() -> Bool {
        let root = self.root ?? self
        if root.gradientIsWritten { return true }
        root.gradientIsWritten = true
        if self.root == nil || coversRoot { return false }
        root.clearGradient()
        return true
    }

    /// Whether views share a root and together reach every element of it exactly once.
    ///
    /// - Complexity: the number of elements; asked when an operation is recorded.
    static func partition(_ views: [Variable]) -> Bool {
        guard let root = views.first?.root, views.allSatisfy({ $0.root === root }),
            views.reduce(0, { $0 + $1.value.count }) == root.value.count
        else { return false }
        var isReached = [Bool](repeating: false, count: root.value.count)
        for view in views {
            let start = view.value.offset - root.value.offset
            view.value.forEachOffset { isReached[start + $0] = true }
        }
        return isReached.allSatisfy { $0 }
    }

    /// Asks for the gradients of views that partition their root at once, so that the root need not be cleared.
    ///
    /// - Returns: whether shares must be added to what is there, in all of them, or overwrite it.
    static func beginGradients(partition views: [Variable]) -> Bool {
        guard let root = views[0].root else { preconditionFailure("views without a root") }
        defer { root.gradientIsWritten = true }
        return root.gradientIsWritten
    }

    /// Sets the gradient to zeros; for a view, the whole of its root's.
    func clearGradient() {
        let gradient = (root ?? self).gradient
        let count = rowCount.map { $0.value * shape[-1] } ?? gradient.count
        gradient.pointer.update(repeating: 0, count: count)
    }
}
