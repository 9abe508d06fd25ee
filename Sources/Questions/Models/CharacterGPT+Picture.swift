import Autograd
import Datasets
import Tensors

extension CharacterGPT {
    /// How much each character of a text attends to those before it in the first block, the mean over its heads.
    ///
    /// - Parameter text: characters of the vocabulary; the last `blockSize` of them are shown.
    func attentionPicture(_ text: String) throws -> Picture {
        let codes = Array(try vocabulary.encode(text).suffix(blockSize))
        let x = try embedded(SharedBeginnings(Indices(codes.map { Int32($0) }, shape: [1, codes.count]))).value
        return .attention(
            size: codes.count, weights: try blocks[0].attentionWeights(Variable(x)),
            labels: codes.map { vocabulary.decode([$0]) })
    }
}
