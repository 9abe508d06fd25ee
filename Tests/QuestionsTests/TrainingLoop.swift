import Autograd
import Datasets
import NeuralNetworks
import Questions
import Tensors

/// Trains a question in this process: one batch a step, one shard a batch.
struct TrainingLoop {
    let question: any Question
    let data: DataSet
    let model: any Model
    let vector: ParameterVector
    private let recipe: Recipe
    private let sampler: any Sampler
    private let randomness = Randomness(key: RandomKey(seed: 0))
    private var recordings: [BatchShape: Recording] = [:]

    /// The loss and the accuracy over a split.
    struct Score {
        let loss: Double
        let accuracy: Double
    }

    /// Builds the model; `data` defaults to what the question makes itself.
    init(_ question: any Question, data: DataSet? = nil, seed: UInt64) throws {
        guard case .gradientDescent(let recipe) = question.method else {
            preconditionFailure("\(question.name) is not trained by gradients")
        }
        self.question = question
        self.recipe = recipe
        self.data = try data ?? question.loadData(from: DataFolder.none)
        let key = RandomKey(seed: seed)
        model = try question.makeModel(self.data, key: key.child("parameters"))
        vector = ParameterVector(model.parameters)
        sampler = try question.trainingSampler(self.data, batchSize: recipe.batchSize, key: key.child("order"))
    }

    /// Makes steps, all of the recipe's unless told otherwise; returns the mean loss of each.
    @discardableResult
    mutating func train(steps limit: Int = .max) throws -> [Double] {
        var optimizer = Self.optimizer(recipe, parameterCount: vector.count)
        let schedule = Self.schedule(recipe)
        let total = recipe.epochs * sampler.batchCount
        var losses: [Double] = []
        for epoch in 0..<recipe.epochs {
            let order = sampler.order(epoch: epoch)
            for batch in 0..<order.batchCount where losses.count < limit {
                let recording = try replay(.training, Array(order[batch]), isTraining: true)
                recording.graph.backward()
                var scale = 1 / Float(recording.terms)
                if let clip = recipe.clipNorm {
                    let norm = gradientNorm(vector.gradients.pointer, count: vector.count) * Double(scale)
                    scale *= Float(clippingFactor(norm: norm, maximum: clip))
                }
                optimizer.step(
                    values: vector.values.pointer, gradients: vector.gradients.pointer, count: vector.count,
                    rate: schedule.rate(step: losses.count, of: total, base: Float(recipe.learningRate)),
                    scale: scale)
                losses.append(Double(recording.graph.result.value.item) / Double(recording.terms))
            }
        }
        return losses
    }

    /// Evaluates every example of a split once.
    mutating func evaluate(_ split: Split) throws -> Score {
        let order = try question.evaluationOrder(split, in: data)
        var (loss, correct, terms) = (0.0, 0, 0)
        for batch in 0..<order.batchCount {
            let recording = try replay(split, Array(order[batch]), isTraining: false)
            loss += Double(recording.graph.result.value.item)
            correct += recording.correct?() ?? 0
            terms += recording.terms
        }
        return Score(loss: loss / Double(terms), accuracy: Double(correct) / Double(terms))
    }

    /// Loads examples into the recording of their layout and computes the loss.
    mutating func replay(_ split: Split, _ examples: [Int32], isTraining: Bool) throws -> Recording {
        let shape = BatchShape(
            count: examples.count, length: model.length(of: examples[0], in: split), isTraining: isTraining)
        let recording = try recordings[shape] ?? model.record(shape, randomness: randomness)
        recordings[shape] = recording
        examples.withUnsafeBufferPointer { recording.load(split, $0) }
        recording.graph.forward()
        return recording
    }
}
