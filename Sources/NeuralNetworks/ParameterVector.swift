import Autograd
import Tensors

/// All parameters of a model in one flat vector, in the order of their declaration, and their gradients in another.
///
/// The vectors are what travels between processes and what an optimizer works on. Their memory can be exchanged
/// (`values.rebind`, `gradients.rebind`) between passes. Create it before the model is recorded. Not thread-safe.
public final class ParameterVector {
    /// The parameters in the order of their declaration, which is that of their values in the vector.
    public let parameters: [Parameter]
    /// The values of all parameters.
    public let values: Storage
    /// The gradients of all parameters.
    public let gradients: Storage
    /// The number of parameters, counted as single numbers.
    public var count: Int { values.count }

    /// Moves the parameters into one vector.
    ///
    /// - Parameters:
    ///   - parameters: in the order of their declaration; each of them once.
    ///   - values: memory for the values; the initial ones are copied there. Nil allocates; borrowed memory that already
    ///     holds values is taken as it is with `keepingValues`.
    ///   - gradients: memory for the gradients; nil allocates.
    ///   - keepingValues: whether `values` holds the values to use, so that the initial ones are dropped.
    public init(
        _ parameters: [Parameter], values: Storage? = nil, gradients: Storage? = nil, keepingValues: Bool = false
    ) {
        self.parameters = parameters
        let count = parameters.reduce(0) { $0 + $1.shape.count }
        self.values = values ?? Storage(count: count)
        self.gradients = gradients ?? Storage(count: count)
        precondition(self.values.count == count && self.gradients.count == count, "memory for another model")
        precondition(Set(parameters.map(ObjectIdentifier.init)).count == parameters.count, "a parameter stands twice")
        var offset = 0
        for parameter in parameters {
            let place = Tensor(storage: self.values, offset: offset, shape: parameter.shape)
            if !keepingValues {
                place.pointer.update(from: parameter.variable.value.pointer, count: place.count)
            }
            parameter.variable = Variable(
                place, requiresGradient: true,
                gradient: Tensor(storage: self.gradients, offset: offset, shape: parameter.shape))
            offset += place.count
        }
    }
}
