import Autograd
import Tensors

/// A learned tensor of a layer: its name, and the variable that layers compute with.
///
/// A parameter is born with memory of its own and initial values; `ParameterVector` moves it into the flat vector.
public final class Parameter {
    /// The name within its layer, then within the model, as in `hidden.weight`.
    public internal(set) var name: String
    /// The variable to compute with; exchanged when the parameter moves into a vector, so ask for it at each recording.
    public internal(set) var variable: Variable

    /// Creates a parameter with initial values, which are not copied.
    public init(_ name: String, _ initial: Tensor) {
        self.name = name
        variable = Variable(initial, requiresGradient: true)
    }

    /// The extents.
    public var shape: Shape { variable.shape }
}
