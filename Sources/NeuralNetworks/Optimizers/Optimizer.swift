import Tensors

/// Changes parameters along their gradients, one step at a time.
///
/// An optimizer keeps its own running numbers (moments) for a fixed count of parameters. They and the number of steps
/// made are all its state, open to be saved and restored. Not thread-safe, but for `apply`; copies share the moments.
public protocol Optimizer {
    /// The number of steps made so far.
    var steps: Int { get set }
    /// The running numbers, each as long as the parameters; none if the optimizer keeps none.
    var moments: [Storage] { get }

    /// Begins a step; `apply` makes it.
    ///
    /// - Parameters:
    ///   - rate: the learning rate of this step.
    ///   - scale: multiplies the gradients before all else, such as 1 / examples × the factor of clipping.
    mutating func begin(rate: Float, scale: Float)

    /// Makes the step begun last for some of the parameters, in one pass over memory and without allocating.
    ///
    /// Each parameter must be in one part. Several threads may apply a step to different parts at the same time; the
    /// result does not depend on how it was divided.
    ///
    /// - Parameters:
    ///   - part: which of the parameters.
    ///   - values: all parameters, changed in place.
    ///   - gradients: all gradients, read only; the memory may not overlap the parameters'.
    func apply(to part: Range<Int>, values: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>)
}

extension Optimizer {
    /// Makes one step, of all parameters.
    ///
    /// - Parameters:
    ///   - values: the parameters, changed in place.
    ///   - gradients: as many, read only; the memory may not overlap the parameters'.
    ///   - count: the number of parameters, the same at every step.
    ///   - rate: the learning rate of this step.
    ///   - scale: multiplies the gradients before all else.
    public mutating func step(
        values: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>, count: Int, rate: Float, scale: Float = 1
    ) {
        begin(rate: rate, scale: scale)
        apply(to: 0..<count, values: values, gradients: gradients)
    }
}
