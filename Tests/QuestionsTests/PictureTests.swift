import Tensors
import Testing

@testable import Questions

/// What there is to see of a model beside its results.
@Suite struct PictureTests {
    @Test func theConvolutionIsShown() throws {
        let question = try makeQuestion(Convolution.self, plainRecipe, ["hidden=[8]"])
        let data = SmallData.digits()
        let model = try question.makeModel(data, key: RandomKey(seed: 1))
        let pictures = try question.pictures(model, data: data)
        #expect(pictures.count == 2)
        #expect(pictures.last == .filters(width: 3, height: 3, [model.parameters[0].variable.value.values]))
        #expect(model.parameters[0].variable.value.values.count == 9)
    }

    /// The prompt is that of a vocabulary without the letters of Pacman: its first character.
    @Test(
        "the attention of the first block is that of its definition",
        arguments: [[], ["norm=pre"], ["positions=learned", "norm=pre", "heads=2", "mlp=2"]])
    func attention(form: [String]) throws {
        let question = try makeQuestion(
            ShakespeareText.self, plainRecipe, ["layerSize=16", "blocks=2", "blockSize=4"] + form)
        let model = try question.makeModel(SmallData.text(), key: RandomKey(seed: 2)).cast(to: CharacterGPT.self)
        let pictures = try question.pictures(model, data: SmallData.text())
        #expect(pictures.last == .attention(size: 1, weights: [1], labels: ["\n"]))

        guard case .attention(let size, let weights, let labels) = try model.attentionPicture("ghabca") else {
            Issue.record("another kind of picture")
            return
        }
        #expect(size == 4 && labels == ["a", "b", "c", "a"] && weights.count == 16)
        for row in 0..<4 {
            let values = weights[row * 4..<row * 4 + 4]
            #expect(abs(values.reduce(0, +) - 1) < 1e-5)
            #expect(values.prefix(row + 1).allSatisfy { $0 > 0 } && values.suffix(3 - row).allSatisfy { $0 == 0 })
        }
        guard form.isEmpty else { return }
        let table = model.parameters[0].variable.value.rows
        let input = try model.vocabulary.encode("abca").map { table[Int($0)] }
        let expected = AttentionDefinition(Array(model.parameters[1...2])).weights(input).flatMap { $0 }
        #expect(zip(weights, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
    }
}
