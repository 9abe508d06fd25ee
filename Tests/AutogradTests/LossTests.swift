import Autograd
import Tensors
import Testing

@Suite struct LossTests {
    @Test(arguments: [Reduction.mean, .sum]) func crossEntropyOfClasses(reduction: Reduction) throws {
        for (shape, targets) in [([4, 3], [0, 2, 1, 2]), ([3], [1]), ([2, 2, 5], [4, 0, 1, 1]), ([1, 1], [0])]
            as [(Shape, [Int32])]
        {
            let x = leaf(shape, 1, in: -3...3)
            let indices = Indices(targets, shape: Shape(shape.dimensions.dropLast()))
            try expectGradients(of: [x]) { try x.crossEntropy(indices, reduction: reduction) }
            let logs = try x.logSoftmax().value.values
            let width = shape[-1]
            let terms = targets.enumerated().map { -logs[$0.offset * width + Int($0.element)] }
            let expected = terms.reduce(0, +) / (reduction == .mean ? Float(terms.count) : 1)
            expectClose([try x.crossEntropy(indices, reduction: reduction).value.item], [expected], 1e-6)
        }
    }

    @Test(arguments: [Reduction.mean, .sum]) func crossEntropyOfProbabilities(reduction: Reduction) throws {
        for shape in [[4, 3], [3], [2, 2, 5]] as [Shape] {
            let (x, t) = (leaf(shape, 1, in: -3...3), leaf(shape, 2, in: 0...1))
            try expectGradients(of: [x, t]) { try x.crossEntropy(targets: t, reduction: reduction) }
        }
        let x = leaf([2, 3], 1, in: -3...3)
        let oneHot = Variable(Tensor([0, 1, 0, 0, 0, 1], shape: [2, 3]))
        let soft = try x.crossEntropy(targets: oneHot, reduction: reduction).value.item
        let hard = try x.crossEntropy(Indices([1, 2], shape: [2]), reduction: reduction).value.item
        expectClose([soft], [hard], 1e-6)
    }

    @Test func extremeLogitsStayFinite() throws {
        let x = Variable(Tensor([1e4, 0, -1e4, 3e38, -3e38, 0], shape: [2, 3]), requiresGradient: true)
        let loss = try x.crossEntropy(Indices([0, 0], shape: [2]), reduction: .sum)
        loss.backward()
        #expect(loss.value.item == 0)
        #expect(x.gradient.values == [0, 0, 0, 0, 0, 0])
        let masked = Variable(Tensor([0, -.infinity, 0], shape: [1, 3]))
        let half = try masked.crossEntropy(targets: Variable(Tensor([0.5, 0, 0.5], shape: [1, 3])))
        expectClose([half.value.item], [0.6931472], 1e-6)
    }

    @Test func noExamplesAtAll() throws {
        let x = leaf([0, 3], 1)
        let loss = try x.crossEntropy(Indices([], shape: [0]), reduction: .sum)
        loss.backward()
        #expect(loss.value.item == 0)
        #expect(try x.meanSquaredError(leaf([0, 3], 2), reduction: .sum).value.item == 0)
        #expect(try x.crossEntropy(Indices([], shape: [0])).value.item.isNaN)
    }

    @Test func targetsMayChangeBetweenReplays() throws {
        let x = leaf([2, 3], 1)
        let targets = Indices([0, 1], shape: [2])
        let loss = try x.crossEntropy(targets)
        let graph = Graph(loss)
        targets.pointer[0] = 2
        graph.forward()
        #expect(try loss.value.item == x.crossEntropy(Indices([2, 1], shape: [2])).value.item)
    }

    @Test(arguments: [Reduction.mean, .sum]) func meanSquaredError(reduction: Reduction) throws {
        for shape in [[4, 3], [], [70]] as [Shape] {
            let (x, y) = (leaf(shape, 1), leaf(shape, 2))
            try expectGradients(of: [x, y]) { try x.meanSquaredError(y, reduction: reduction) }
        }
        let x = leaf([3, 3], 1)
        try expectGradients(of: [x]) { try x.meanSquaredError(x.transposed(), reduction: reduction) }
        let a = Variable(Tensor([1, 2], shape: [2]))
        let b = Variable(Tensor([4, 6], shape: [2]))
        #expect(try a.meanSquaredError(b, reduction: reduction).value.item == (reduction == .mean ? 12.5 : 25))
    }

    @Test func shapesThatDoNotFitAreNamed() {
        let x = leaf([2, 3], 1)
        let name = "crossEntropy"
        #expect(throws: ShapeError(name, [[2, 3], [3]], "logits [.., classes] need targets [..]")) {
            try x.crossEntropy(Indices([0, 0, 0], shape: [3]))
        }
        #expect(throws: ShapeError(name, [[2, 3], [2]], "indices must lie in 0..<3")) {
            try x.crossEntropy(Indices([0, 3], shape: [2]))
        }
        #expect(throws: ShapeError(name, [[2, 3], [2]], "indices must lie in 0..<3")) {
            try x.crossEntropy(Indices([-1, 2], shape: [2]))
        }
        #expect(throws: ShapeError(name, [[2, 3], [3, 2]], "logits and probabilities need the same shape")) {
            try x.crossEntropy(targets: leaf([3, 2], 1))
        }
        #expect(throws: ShapeError("meanSquaredError", [[2, 3], [2]], "both need the same shape")) {
            try x.meanSquaredError(leaf([2], 1))
        }
    }
}
