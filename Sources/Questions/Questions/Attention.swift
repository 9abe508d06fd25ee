import Datasets
import NeuralNetworks
import Tensors

/// q6: causal scaled dot-product attention, softmax(mask(Q·Kᵀ/√d))·V, with Q, K and V linear layers of the input.
///
/// Nothing is learned: the layer is compared with its definition.
public struct Attention: Question {
    /// The word for it on the command line.
    public static let name = "q6"
    /// What is learned.
    public static let title = "attention: causal, scaled, by its definition"
    /// The points it is worth.
    public static let possiblePoints = 2

    /// Only the checks count.
    public let method = Method.checksOnly
    /// Every check holds.
    public let goal = Goal(.checks, threshold: 1)
    private let blockSize: Int
    private let layerSize: Int

    /// Reads `blockSize` and `layerSize`, the extents of the attention that the picture shows.
    public init(_ configuration: inout ConfigurationReader) throws {
        blockSize = try configuration.integer("blockSize", in: 1...1024, default: 16)
        layerSize = try configuration.integer("layerSize", in: 1...4096, default: 16)
    }

    /// There are no data.
    public func loadData(from folder: DataFolder) throws -> DataSet {
        DataSet(made: [:])
    }

    /// No split has examples.
    public func exampleCount(_ split: Split, in data: DataSet) throws -> Int { 0 }

    /// One attention with three linear layers.
    public func makeModel(_ data: DataSet, key: RandomKey) throws -> any Model {
        AttentionModel(blockSize: blockSize, layerSize: layerSize, key: key)
    }

    /// Attention equals its definition for block sizes 2, 4 and 16 and random widths and batches.
    public func checks(_ model: any Model, data: DataSet) throws -> [Check] {
        try AttentionChecks.all()
    }

    /// How much each position of a random block attends to those before it.
    public func pictures(_ model: any Model, data: DataSet) throws -> [Picture] {
        [model.cast(to: AttentionModel.self).picture()]
    }
}
