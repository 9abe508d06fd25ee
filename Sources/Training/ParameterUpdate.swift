import NeuralNetworks
import Tensors

/// What follows from the gradients of a step: their sum, its norm, and new parameters.
///
/// Two passes over memory, each on all threads of a crew: the sum must be known to be finite, and its norm for clipping,
/// before the first parameter changes. Not thread-safe.
final class ParameterUpdate {
    /// Makes the steps; its state is all there is beside the parameters.
    var optimizer: any Optimizer {
        get { step.optimizer }
        set { step.optimizer = newValue }
    }

    private let gradients: GradientSum
    private let sum: Storage
    private let step: OptimizerStep

    init(_ optimizer: any Optimizer, parameters: ParameterVector, crew: any Crew) {
        gradients = GradientSum(count: parameters.count, crew: crew)
        sum = parameters.gradients
        step = OptimizerStep(optimizer, parameters: parameters)
    }

    /// Adds the gradients of a complete reduction.
    ///
    /// - Returns: the norm of the sum; not finite exactly if the sum is not.
    func sum(_ reduction: CanonicalReduction) -> Double { gradients.compute(reduction, into: sum) }

    /// Makes the optimizer's step along the sum computed last.
    func apply(rate: Float, scale: Float) {
        step.optimizer.begin(rate: rate, scale: scale)
        step.gradients = gradients.values
        step.portions.restart()
        gradients.perform(step)
    }
}

/// The optimizer's step over all parameters, in portions.
private final class OptimizerStep: CrewTask {
    var optimizer: any Optimizer
    var gradients: UnsafePointer<Float>?
    let portions: Portions
    private let parameters: ParameterVector

    init(_ optimizer: any Optimizer, parameters: ParameterVector) {
        self.optimizer = optimizer
        self.parameters = parameters
        portions = Portions(of: parameters.count)
    }

    func perform(part: Int, of parts: Int) {
        guard let gradients else { return }
        while let portion = portions.take() {
            optimizer.apply(to: portion, values: parameters.values.pointer, gradients: gradients)
        }
    }
}
