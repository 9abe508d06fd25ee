import Datasets
import NeuralNetworks
import Tensors

/// q4: which of five languages a single word is of, by a recurrent network.
///
/// Batches hold words of one length.
public struct Languages: Question {
    /// The word for it on the command line.
    public static let name = "q4"
    /// What is learned.
    public static let title = "languages: which of five a word is of"
    /// The points it is worth.
    public static let possiblePoints = 5

    /// Gradient descent on cross-entropy.
    public let method: Method
    /// At least 81 % of the test words right.
    public let goal = Goal(.accuracy, threshold: 0.81)
    private let hidden: [Int]

    /// Reads the recipe and `hidden`: the width of the state, then of further layers before the scores.
    public init(_ configuration: inout ConfigurationReader) throws {
        hidden = try configuration.widths("hidden", default: [256])
        method = .gradientDescent(try Recipe(&configuration))
    }

    /// Reads the words, or makes some where the file is missing.
    public func loadData(from folder: DataFolder) throws -> DataSet {
        try LanguageID.load(from: folder)
    }

    /// 17,500 words for training, 500 each for validation and test.
    public func exampleCount(_ split: Split, in data: DataSet) throws -> Int {
        split == .unseen ? 0 : try words(split, in: data).count
    }

    /// Batches of words of one length, shuffled anew each epoch; in a batch, words that begin alike are neighbours.
    public func trainingSampler(_ data: DataSet, batchSize: Int, key: RandomKey) throws -> any Sampler {
        let words = try words(.training, in: data)
        let keys = (0..<Int32(words.count)).map { SortedSampler.key(words.letters(of: $0)) }
        return SortedSampler(
            BucketSampler(lengths: Array(words.lengths.int32s), batchSize: batchSize, key: key)
        ) { keys[Int($0)] }
    }

    /// The words of a split in chunks of one length.
    public func evaluationOrder(_ split: Split, in data: DataSet) throws -> EpochOrder {
        BucketSampler(
            lengths: Array(try words(split, in: data).lengths.int32s), batchSize: 500, key: RandomKey(seed: 0)
        ).order(epoch: 0)
    }

    /// A recurrent network over the alphabet of the data set.
    public func makeModel(_ data: DataSet, key: RandomKey) throws -> any Model {
        var splits: [Split: WordList] = [:]
        for split in [Split.training, .validation, .test] { splits[split] = try words(split, in: data) }
        return RecurrentClassifier(
            hidden: hidden, alphabet: try LanguageID.alphabet(of: data).count,
            languages: try LanguageID.languages(of: data).count, splits: splits, key: key)
    }

    /// Both gradients of the loss exist for batches of several counts and lengths of words.
    public func checks(_ model: any Model, data: DataSet) throws -> [Check] {
        try model.cast(to: RecurrentClassifier.self).checks()
    }

    /// Words of every language with the probabilities of all.
    public func pictures(_ model: any Model, data: DataSet) throws -> [Picture] {
        [
            try model.cast(to: RecurrentClassifier.self).picture(
                languages: LanguageID.languages(of: data), letters: LanguageID.alphabet(of: data))
        ]
    }

    private func words(_ split: Split, in data: DataSet) throws -> WordList {
        switch split {
        case .training: try WordList("train", of: data)
        case .validation: try WordList("dev", of: data)
        case .test: try WordList("test", of: data)
        case .unseen: throw data.misfit("words", "there are none of a split 'unseen'")
        }
    }
}
