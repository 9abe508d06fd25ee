import Autograd
import NeuralNetworks
import Tensors
import Testing

/// Shapes, names, initial values, and what layers refuse.
@Suite struct LayerTests {
    private let key = RandomKey(seed: 8)

    @Test func namesOfParametersTellTheirPlace() {
        let layers = Sequential([Linear(2, 3, key: key), ReLU(), Linear(3, 1, bias: false, key: key)]).named("mlp")
        #expect(layers.parameters.map(\.name) == ["mlp.0.weight", "mlp.0.bias", "mlp.2.weight"])
        #expect(layers.parameterCount == 12)
        let attention = CausalSelfAttention(4, heads: 2, key: key)
        #expect(
            attention.parameters.map(\.name) == ["qkv.weight", "qkv.bias", "projection.weight", "projection.bias"])
        #expect(
            RecurrentCell(3, 2, key: key).named("cell").parameters.map(\.name) == [
                "cell.inputWeight", "cell.bias", "cell.hiddenWeight",
            ])
    }

    @Test func initialValuesLieWithinTheirBounds() {
        let linear = Linear(16, 50, key: key)
        let values = linear.parameters.flatMap(\.variable.value.values)
        #expect(values.allSatisfy { abs($0) <= 0.25 } && values.contains { abs($0) > 0.24 })
        let convolution = Conv2d(4, 9, kernel: (2, 2), key: key).parameters.flatMap(\.variable.value.values)
        #expect(convolution.allSatisfy { abs($0) <= 0.25 } && convolution.contains { abs($0) > 0.24 })
        #expect(LayerNorm(3).parameters.map(\.variable.value.values) == [[1, 1, 1], [0, 0, 0]])
    }

    @Test func layersOfDifferentKeysDiffer() {
        let values = [key.child(0), key.child(1), key.child(0)].map {
            Linear(3, 3, key: $0).weight.variable.value.values
        }
        #expect(values[0] != values[1])
        #expect(values[0] == values[2])
    }

    @Test func lookingLettersUpEqualsMultiplyingOneHotRows() throws {
        let cell = RecurrentCell(5, 4, activation: .relu, orthogonal: true, key: key)
        let letters: [Int32] = [3, 0, 3]
        let rows = Tensor(zeros: [3, 5])
        for (row, letter) in letters.enumerated() { rows.pointer[row * 5 + Int(letter)] = 1 }
        let state = leaf([3, 4], 3)
        let lookedUp = try cell.step(letters: Indices(letters, shape: [3]), state: state)
        let multiplied = try cell.step(input: Variable(rows), state: state)
        expectClose(lookedUp.value.values, multiplied.value.values, 1e-6)
    }

    @Test func aWordAtOnceIsItsLettersOneByOne() throws {
        let cell = RecurrentCell(5, 4, activation: .relu, key: key)
        let letters: [[Int32]] = [[3, 0], [1, 1], [0, 4]]
        var state: Variable?
        for letter in letters { state = try cell.step(letters: Indices(letter, shape: [2]), state: state) }
        let word = try cell(letters: Indices(letters.flatMap { $0 }, shape: [3, 2]))
        #expect(word.value.values == state?.value.values)
    }

    @Test func attentionSeesNothingThatComesLater() throws {
        let layer = CausalSelfAttention(4, heads: 2, key: key)
        let input = leaf([1, 3, 4], 4)
        let output = try layer(input)
        let graph = Graph(output.sum())
        let before = output.value.values
        for index in 8..<12 { input.value.pointer[index] += 1 }
        graph.forward()
        #expect(Array(output.value.values[..<8]) == Array(before[..<8]))
        #expect(Array(output.value.values[8...]) != Array(before[8...]))
    }

    @Test func wrongShapesAreErrors() {
        func expectError(_ body: () throws -> Variable) {
            #expect(throws: ShapeError.self) { try body() }
        }
        expectError { try Linear(3, 2, key: key)(leaf([2, 4], 0)) }
        expectError { try LayerNorm(3)(leaf([2, 4], 0)) }
        expectError { try Conv2d(2, 1, kernel: (3, 3), key: key)(leaf([1, 1, 4, 4], 0)) }
        expectError { try CausalSelfAttention(3, key: key)(leaf([2, 4], 0)) }
        expectError { try CausalSelfAttention(3, key: key)(leaf([3], 0)) }
        expectError { try Flatten()(leaf([], 0)) }
        expectError { try Embedding(3, 2, key: key)(Indices([3], shape: [1])) }
        expectError { try Embedding(3, 2, key: key)(Indices([-1], shape: [1])) }
        let cell = RecurrentCell(3, 2, key: key)
        expectError { try cell(letters: Indices([3], shape: [1, 1])) }
        expectError { try cell(letters: Indices([], shape: [0, 1])) }
        expectError { try cell(letters: Indices([0], shape: [1])) }
        expectError { try cell.step(input: leaf([2, 4], 0), state: nil) }
        expectError { try cell.step(input: leaf([2, 3], 0), state: leaf([1, 2], 0)) }
        expectError { try cell.step(input: leaf([2, 3], 0), state: leaf([2, 3], 0)) }
    }

    @Test func flattenKeepsTheFirstAxis() throws {
        #expect(try Flatten()(leaf([2, 3, 4], 0)).shape == [2, 12])
        #expect(try Flatten()(leaf([5], 0)).shape == [5, 1])
        #expect(try Sequential([])(leaf([5], 0)).shape == [5])
    }
}
