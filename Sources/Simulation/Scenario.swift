import Checkpoints
import Datasets
import Questions

/// What a seed trains: a question so small that a whole run takes milliseconds.
struct Scenario {
    /// How a small network is trained, one setting of each kind.
    private static let recipes = [
        ["optimizer=adam", "evaluationInterval=1"],
        [
            "optimizer=adamw", "clipNorm=0.5", "schedule=oneCycle", "weightDecay=0.1", "epochs=3",
            "evaluationInterval=2",
        ],
        ["optimizer=sgd", "momentum=0.9", "schedule=cosine", "metric=loss"],
        ["optimizer=adam", "target=0.9", "epochs=20"],
        // Its numbers grow until they are not finite any more, so every run of it has to end as diverged.
        ["optimizer=sgd", "learningRate=1000", "weightDecay=10", "epochs=6"],
    ]
    /// All that are tried: each recipe, and the perceptron, with 1, 2, 4 and 8 shards.
    static let all = [1, 2, 4, 8].flatMap { shards in
        recipes.map { Scenario(recipe: $0, shards: shards) } + [Scenario(recipe: nil, shards: shards)]
    }

    /// The settings of `Toy`; nil for `ToySearch`.
    let recipe: [String]?
    let shards: Int

    /// A question with its data, and what its result is a function of.
    struct Training {
        let question: any Question
        let data: DataSet
        let identity: TrainingIdentity
    }

    /// The key of everything random in the training; the seed of a simulation decides the faults only.
    static let trainingSeed: UInt64 = 1

    /// Makes the question and its data.
    ///
    /// - Throws: `Failure` if the settings are wrong.
    func make() throws -> Training {
        var configuration = Configuration()
        if let recipe { configuration = try Toy.configuration(["count=29", "epochs=2"] + recipe) }
        try configuration.set("shards=\(shards)")
        var reader = ConfigurationReader(configuration)
        let question: any Question = recipe == nil ? try ToySearch(&reader) : try Toy(&reader)
        try reader.finish()
        let data = try question.loadData(from: DataFolder())
        return Training(
            question: question, data: data,
            identity: TrainingIdentity(
                question: question.name, configuration: configuration, seed: Self.trainingSeed,
                dataHash: Array(data.sourceSHA256.utf8).withUnsafeBytes { ContentHash(of: $0) }))
    }
}
