import NeuralNetworks
import Questions

extension TrainingLoop {
    /// The optimizer a recipe names.
    static func optimizer(_ recipe: Recipe, parameterCount: Int) -> any Optimizer {
        let decay = Float(recipe.weightDecay)
        switch recipe.optimizer {
        case .sgd: return SGD(parameterCount: parameterCount, momentum: Float(recipe.momentum), weightDecay: decay)
        case .adam: return Adam(parameterCount: parameterCount, weightDecay: decay)
        case .adamw: return AdamW(parameterCount: parameterCount, weightDecay: decay)
        }
    }

    /// The schedule a recipe names.
    static func schedule(_ recipe: Recipe) -> Schedule {
        switch recipe.schedule {
        case .constant: .constant
        case .cosine: .cosine()
        case .oneCycle: .oneCycle()
        }
    }
}
