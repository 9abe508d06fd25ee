import Autograd
import NeuralNetworks
import Tensors

@testable import Questions

/// Updates by all mistakes of the same kind at once, as a batch sum does.
final class BatchPerceptron: PerceptronModel {
    override func learn(_ split: Split, mistake: Int32) {
        for _ in 0..<500 { super.learn(split, mistake: mistake) }
    }
}

/// Predicts −1 on the boundary.
final class StrictPerceptron: PerceptronModel {
    override func prediction(_ point: UnsafePointer<Float>) -> Float { score(point) > 0 ? 1 : -1 }
}

/// Counts the first axis twice.
final class ForgetfulPerceptron: PerceptronModel {
    override func score(_ point: UnsafePointer<Float>) -> Float {
        super.score(point) + weight.variable.value.pointer[0] * point[0]
    }
}

/// Has a bias that nobody asked for.
final class DoublePerceptron: PerceptronModel {
    override var parameters: [Parameter] { super.parameters + [Parameter("bias", Tensor(0))] }
}

/// Gives the same scores whatever it is given.
struct DeafLayer: Layer {
    let scores: Parameter
    var parameters: [Parameter] { [scores] }

    init(width: Int) {
        scores = Parameter("scores", .noise([width], key: RandomKey(seed: 1)))
    }

    func callAsFunction(_ x: Variable) throws -> Variable {
        try scores.variable.broadcast(to: [x.shape[0], scores.shape[0]])
    }
}

/// Gives other predictions every time it is recorded.
final class FickleLayer: Layer {
    let parameters: [Parameter] = []
    private var calls: Float = 0

    func callAsFunction(_ x: Variable) throws -> Variable {
        calls += 1
        return x * calls
    }
}

/// Attention written out in operations, with or without mask and scale.
struct OtherAttention: Layer {
    let parameters: [Parameter]
    private let causal: Bool
    private let scaled: Bool
    private let width: Int

    init(_ width: Int, causal: Bool, scaled: Bool) {
        parameters = CausalSelfAttention(width, projection: false, key: RandomKey(seed: 0)).parameters
        self.causal = causal
        self.scaled = scaled
        self.width = width
    }

    func callAsFunction(_ x: Variable) throws -> Variable {
        let maps = try projections(x)
        var scores = try maps.query.matmul(maps.key.transposed())
        if scaled { scores = scores * (1 / Float(width).squareRoot()) }
        if causal { scores = try scores.maskedFill(.causal(x.shape[1]), with: -.infinity) }
        return try scores.softmax().matmul(maps.value)
    }
}

extension OtherAttention {
    /// Queries, keys and values of an input.
    private func projections(_ x: Variable) throws -> (query: Variable, key: Variable, value: Variable) {
        let all = try x.linear(weight: parameters[0].variable, bias: parameters[1].variable)
        return (
            try all.sliced(-1, 0..<width), try all.sliced(-1, width..<2 * width),
            try all.sliced(-1, 2 * width..<3 * width)
        )
    }
}
