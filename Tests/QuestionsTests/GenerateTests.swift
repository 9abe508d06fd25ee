import Datasets
import Diagnostics
import Tensors
import Testing

@testable import Questions

/// Text is written on from a prompt.
@Suite struct GenerateTests {
    private func makeModel(form: [String] = []) throws -> CharacterGPT {
        let question = try makeQuestion(
            ShakespeareText.self, plainRecipe, ["layerSize=16", "blocks=2", "blockSize=4"] + form)
        return try question.makeModel(SmallData.text(), key: RandomKey(seed: 2)).cast(to: CharacterGPT.self)
    }

    @Test("a key decides, whatever the length of the prompt", arguments: ["a", "ab", "abcd", "abcabcabcabc", "b\nc"])
    func keyDecides(prompt: String) throws {
        let model = try makeModel()
        let text = try model.generate(prompt, length: 60, key: RandomKey(seed: 1))
        #expect(text.hasPrefix(prompt))
        #expect(text.unicodeScalars.count == prompt.unicodeScalars.count + 60)
        #expect(text.unicodeScalars.allSatisfy(model.vocabulary.characters.contains))
        #expect(try text == model.generate(prompt, length: 60, key: RandomKey(seed: 1)))
        #expect(try text != model.generate(prompt, length: 60, key: RandomKey(seed: 2)))
    }

    @Test("a text is written past a block", arguments: [[], ["positions=learned", "norm=pre", "mlp=4", "heads=2"]])
    func onlyTheLastBlockIsSeen(form: [String]) throws {
        let model = try makeModel(form: form)
        let key = RandomKey(seed: 4)
        let short = try model.generate("abca", length: 20, key: key)
        let long = try model.generate("ccccabca", length: 20, key: key)
        #expect(short.dropFirst(4) == long.dropFirst(8))
    }

    @Test func temperatureZeroIsGreedy() throws {
        let model = try makeModel()
        let greedy = try model.generate("ab", length: 30, temperature: 0, key: RandomKey(seed: 1))
        #expect(try greedy == model.generate("ab", length: 30, temperature: 0, key: RandomKey(seed: 9)))
        #expect(try greedy == model.generate("ab", length: 30, topK: 1, key: RandomKey(seed: 9)))
        #expect(try greedy != model.generate("ab", length: 30, temperature: 5, key: RandomKey(seed: 9)))
    }

    @Test func lengthZeroIsThePrompt() throws {
        #expect(try makeModel().generate("abc", length: 0, key: RandomKey(seed: 0)) == "abc")
    }

    @Test func strangersAreNamed() throws {
        let model = try makeModel()
        let failure = #expect(throws: Failure.self) {
            _ = try model.generate("aZ\u{e9}bZ", length: 3, key: RandomKey(seed: 0))
        }
        #expect(failure?.category == .usage)
        #expect(failure?.description.contains("'Z', '\u{e9}'") == true, "\(failure?.description ?? "")")
    }

    @Test(
        "what makes no sense is refused",
        arguments: [
            ("", 3, 1.0, nil), ("a", -1, 1, nil), ("a", 3, -1, nil), ("a", 3, .nan, nil), ("a", 3, .infinity, nil),
            ("a", 3, 1, 0),
        ] as [(String, Int, Double, Int?)])
    func nonsenseIsRefused(prompt: String, length: Int, temperature: Double, topK: Int?) throws {
        let model = try makeModel()
        #expect(throws: Failure.self) {
            _ = try model.generate(
                prompt, length: length, temperature: temperature, topK: topK, key: RandomKey(seed: 0))
        }
    }

    @Test("numbers at the edge work", arguments: [(1e-300, nil), (1e300, 2), (1, 1000)] as [(Double, Int?)])
    func edges(temperature: Double, topK: Int?) throws {
        let text = try makeModel().generate(
            "a", length: 10, temperature: temperature, topK: topK, key: RandomKey(seed: 0))
        #expect(text.count == 11)
    }
}
