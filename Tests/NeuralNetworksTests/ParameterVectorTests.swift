import Autograd
import NeuralNetworks
import Tensors
import Testing

@Suite struct ParameterVectorTests {
    private let key = RandomKey(seed: 2)

    @Test func holdsInitialValuesInTheOrderOfDeclaration() {
        let layers = Sequential([Linear(3, 2, key: key), LayerNorm(2)])
        let initial = layers.parameters.flatMap(\.variable.value.values)
        let vector = ParameterVector(layers.parameters)
        #expect(vector.count == 12)
        #expect(vector.count == layers.parameterCount)
        #expect(Array(UnsafeBufferPointer(start: vector.values.pointer, count: 12)) == initial)
        #expect(layers.parameters.flatMap(\.variable.value.values) == initial)
        #expect(vector.parameters.map(\.name) == ["0.weight", "0.bias", "1.weight", "1.bias"])
    }

    @Test func layersComputeWithTheVectorAndWriteTheirGradientsIntoIt() throws {
        let layer = Linear(2, 1, key: key)
        let vector = ParameterVector(layer.parameters)
        for (index, value) in [2, 3, 5].enumerated() { vector.values.pointer[index] = Float(value) }
        let result = try layer(Variable(Tensor([7, 11], shape: [1, 2]))).sum()
        #expect(result.value.item == 2 * 7 + 3 * 11 + 5)
        result.backward()
        #expect(Array(UnsafeBufferPointer(start: vector.gradients.pointer, count: 3)) == [7, 11, 1])
    }

    @Test func memoryCanBeExchangedBetweenPasses() throws {
        let layer = Linear(2, 1, key: key)
        let first = Storage(count: 3)
        let second = Storage(count: 3)
        let values = Storage(borrowing: first.pointer, count: 3)
        let gradients = Storage(borrowing: first.pointer, count: 3)
        let vector = ParameterVector(layer.parameters, values: values, gradients: gradients)
        let graph = Graph(try layer(Variable(Tensor([7, 11], shape: [1, 2]))).sum())
        let other = Storage(count: 3)
        for (index, value) in [1, 1, 1].enumerated() { second.pointer[index] = Float(value) }
        vector.values.rebind(to: second.pointer)
        vector.gradients.rebind(to: other.pointer)
        graph.forward()
        graph.backward()
        #expect(graph.result.value.item == 19)
        #expect(Array(UnsafeBufferPointer(start: other.pointer, count: 3)) == [7, 11, 1])
    }

    @Test func valuesThatAreThereCanBeKept() throws {
        let layer = Linear(2, 1, key: key)
        let memory = Storage(count: 3)
        for index in 0..<3 { memory.pointer[index] = Float(index) }
        _ = ParameterVector(layer.parameters, values: memory, keepingValues: true)
        #expect(layer.parameters.flatMap(\.variable.value.values) == [0, 1, 2])
    }

    @Test func mayBeEmpty() {
        #expect(ParameterVector([]).count == 0)
    }
}
