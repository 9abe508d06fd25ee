import Tensors

/// Changes parameters along their gradients, one step at a time.
///
/// An optimizer keeps its own running numbers (moments) for a fixed count of parameters. They and the number of steps
/// made are all its state, open to be saved and restored. Not thread-safe; copies share the moments.
public protocol Optimizer {
    /// The number of steps made so far.
    var steps: Int { get set }
    /// The running numbers, each as long as the parameters; none if the optimizer keeps none.
    var moments: [Storage] { get }

    /// Makes one step, in one pass over memory and without allocating.
    ///
    /// - Parameters:
    ///   - values: the parameters, changed in place.
    ///   - gradients: as many, read only; the memory may not overlap the parameters'.
    ///   - count: the number of parameters, the same at every step.
    ///   - rate: the learning rate of this step.
    ///   - scale: multiplies the gradients before all else, such as 1 / examples × the factor of clipping.
    mutating func step(
        values: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>, count: Int, rate: Float, scale: Float)
}

extension Optimizer {
    /// Makes one step with the gradients as they are.
    public mutating func step(
        values: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>, count: Int, rate: Float
    ) {
        step(values: values, gradients: gradients, count: count, rate: rate, scale: 1)
    }
}
