import Tensors

/// One step of a computation: how a value follows from others, and how a gradient flows back.
///
/// A subclass keeps what both passes need (extents, saved intermediate values) in memory it allocates when it is
/// created. Both passes run many times over the same tensors, must not allocate, and ask tensors for their pointers
/// anew each time.
open class Operation {
    /// The operation as users call it, for messages.
    public let name: String
    /// What the value is computed from.
    public let inputs: [Variable]

    /// Creates an operation over the given inputs.
    public init(name: String, inputs: [Variable]) {
        self.name = name
        self.inputs = inputs
    }

    /// Whether many elements of the value may be 0, so that it is worth a look.
    var givesZeros: Bool { false }

    /// How many rows of the value are in use, where that changes.
    var rowCount: RowCount? { nil }

    /// Whether both passes keep to the rows that are in use, of inputs of which only some are.
    var keepsToRowsInUse: Bool { false }

    /// Whether what is added to the gradient of an input, where there is something, is added in one rounding: then the sum
    /// has the same bits as if the share were made by itself, and added afterwards.
    func addsAtOnce(to input: Variable) -> Bool { false }

    /// Computes the value from the inputs' values into `output`, which is contiguous.
    open func forward(_ output: Tensor) {
        preconditionFailure("\(name) has no forward pass")
    }

    /// Adds to the inputs' gradients what `output.gradient` contributes; see `Variable.beginGradient()`.
    open func backward(_ output: Variable) {
        preconditionFailure("\(name) has no backward pass")
    }
}

/// A view: value and gradient are its root's memory, so there is nothing to compute.
final class ViewOperation: Operation {
    override func forward(_ output: Tensor) {}
    override func backward(_ output: Variable) {}
}
