import Autograd
import Tensors
import Testing

@Suite struct RowTests {
    @Test(arguments: [[4, 3], [3], [2, 5, 9], [0, 3], [2, 70], [3, 1]] as [Shape]) func softmax(shape: Shape) throws {
        let x = leaf(shape, 1, in: -2...2)
        for axis in 0..<shape.rank {
            try expectGradients(of: [x]) { try x.softmax(axis) }
            try expectGradients(of: [x]) { try x.logSoftmax(axis) }
            let sums = try x.softmax(axis).sum([axis])
            expectClose(sums.value.values, [Float](repeating: shape.count > 0 ? 1 : 0, count: sums.value.count), 1e-6)
            expectClose(try x.logSoftmax(axis).exp().value.values, try x.softmax(axis).value.values, 1e-6)
        }
    }

    @Test func softmaxOfExtremes() throws {
        let x = Variable(Tensor([1000, 1000, -.infinity, -1000], shape: [4]))
        #expect(try x.softmax().value.values == [0.5, 0.5, 0, 0])
    }

    @Test(arguments: [[4, 3], [3], [2, 5, 9], [0, 3], [130, 3], [2, 70]] as [Shape]) func layerNorm(shape: Shape) throws
    {
        let x = leaf(shape, 1, in: -2...2)
        let (w, b) = (leaf([shape[-1]], 2), leaf([shape[-1]], 3))
        try expectGradients(of: [x, w, b], tolerance: 2e-2) { try x.layerNorm(weight: w, bias: b, epsilon: 0.1) }
        try expectGradients(of: [x, w], tolerance: 2e-2) { try x.layerNorm(weight: w, bias: nil, epsilon: 0.1) }
        try expectGradients(of: [x, b], tolerance: 2e-2) { try x.layerNorm(weight: nil, bias: b, epsilon: 0.1) }
        try expectGradients(of: [x], tolerance: 2e-2) { try x.layerNorm(weight: nil, bias: nil, epsilon: 0.1) }
        try expectGradients(of: [x], tolerance: 2e-2) { try x * x.layerNorm(weight: nil, bias: nil, epsilon: 0.1) }
    }

    @Test(arguments: [[4, 3], [3], [2, 5, 9], [0, 3], [130, 3], [2, 70], [3, 1]] as [Shape])
    func layerNormOfASum(shape: Shape) throws {
        let (x, y) = (leaf(shape, 1, in: -2...2), leaf(shape, 4, in: -2...2))
        let (w, b) = (leaf([shape[-1]], 2), leaf([shape[-1]], 3))
        let actual = try x.layerNorm(adding: y, weight: w, bias: b, epsilon: 0.1)
        let expected = try (x + y).layerNorm(weight: w, bias: b, epsilon: 0.1)
        #expect(actual.value.values == expected.value.values)
        try expectGradients(of: [x, y, w, b], tolerance: 2e-2) {
            try x.layerNorm(adding: y, weight: w, bias: b, epsilon: 0.1)
        }
        try expectGradients(of: [x, y], tolerance: 2e-2) {
            try x * x.layerNorm(adding: y, weight: nil, bias: nil, epsilon: 0.1)
        }
        try expectGradients(of: [x], tolerance: 2e-2) {
            try x.layerNorm(adding: x, weight: nil, bias: nil, epsilon: 0.1)
        }
        #expect(throws: ShapeError.self) { try x.layerNorm(adding: leaf([7, 2], 1), weight: nil, bias: nil) }
    }

    @Test func layerNormOfASumOfViews() throws {
        let x = leaf([3, 4], 1, in: -2...2)
        try expectGradients(of: [x], tolerance: 2e-2) {
            try x.sliced(0, 0..<2).layerNorm(adding: x.sliced(0, 1..<3), weight: nil, bias: nil, epsilon: 0.1)
        }
        let y = leaf([4, 3], 2)
        try expectGradients(of: [x, y], tolerance: 2e-2) {
            try x.layerNorm(adding: y.transposed(), weight: nil, bias: nil, epsilon: 0.1)
        }
    }

    @Test func layerNormByDefinition() throws {
        let x = Variable(Tensor([1, 2, 3, 4, 1e4 + 1, 1e4 + 2, 1e4 + 3, 1e4 + 4], shape: [2, 4]))
        let expected: [Float] = [-1.3416354, -0.44721183, 0.44721183, 1.3416354]
        expectClose(try x.layerNorm(weight: nil, bias: nil).value.values, expected + expected, 1e-5)
    }

    /// A layer behind a look-up: of more rows than the table has, of as many, and of fewer.
    @Test(arguments: [2, 4, 9]) func linearOfLookedUpRows(count: Int) throws {
        let (table, weight, bias) = (leaf([4, 3], 1), leaf([5, 3], 2), leaf([5], 3))
        let indices = Indices((0..<count).map { Int32($0 * 3 % 4) }, shape: [1, count])
        for activation in [Activation.identity, .relu, .gelu(approximate: true)] {
            let rows = try Variable.embedding(table, indices)
            let actual = try rows.linear(weight: weight, bias: bias, activation: activation)
            let copy = try Variable(Tensor(rows.value.values, shape: rows.shape))
                .linear(weight: weight, bias: bias, activation: activation)
            #expect(actual.shape == [1, count, 5])
            #expect(actual.value.values == copy.value.values)
            #expect(actual.operation?.name == (count > 4 ? "embedding" : "linear"))
            try expectGradients(of: [table, weight, bias]) {
                let rows = try Variable.embedding(table, indices)
                return try rows.linear(weight: weight, bias: bias, activation: activation).layerNorm(
                    adding: rows.linear(weight: weight, bias: nil, adding: rows.linear(weight: weight, bias: nil)),
                    weight: nil, bias: nil, epsilon: 0.1)
            }
        }
    }

    @Test func embedding() throws {
        let table = leaf([4, 3], 1)
        for (values, shape) in [([0, 3, 3, 1], [4]), ([2, 2, 2, 2, 0, 1], [2, 3]), ([], [0]), ([1], [])]
            as [([Int32], Shape)]
        {
            try expectGradients(of: [table]) { try Variable.embedding(table, Indices(values, shape: shape)) }
        }
        try expectGradients(of: [table]) { try Variable.embedding(table.transposed(), Indices([2, 0], shape: [2])) }
        let rows = try Variable.embedding(table, Indices([3, 0], shape: [2, 1]))
        #expect(rows.shape == [2, 1, 3])
        #expect(rows.value.values == Array(table.value.values[9...]) + Array(table.value.values[..<3]))
        #expect(throws: ShapeError("embedding", [[4, 3], [1]], "indices must lie in 0..<4")) {
            try Variable.embedding(table, Indices([4], shape: [1]))
        }
        #expect(throws: ShapeError("embedding", [[4], [1]], "the table needs two axes, [n, d]")) {
            try Variable.embedding(leaf([4], 1), Indices([0], shape: [1]))
        }
    }

    @Test func maskedFill() throws {
        let x = leaf([2, 3, 3], 1)
        try expectGradients(of: [x]) { try x.maskedFill(.causal(3), with: 7) }
        try expectGradients(of: [x]) {
            try x.movedim(from: 0, to: 2).maskedFill(Mask([true, false], shape: [2]), with: 0)
        }
        try expectGradients(of: [x]) { try (x * x.maskedFill(Mask([true], shape: []), with: 2)) }
        let square = Variable(Tensor((1...9).map(Float.init), shape: [3, 3]))
        #expect(try square.maskedFill(.causal(3), with: 0).value.values == [1, 0, 0, 4, 5, 0, 7, 8, 9])
        #expect(throws: ShapeError.self) { try square.maskedFill(.causal(2), with: 0) }
        #expect(try leaf([0, 0], 1).maskedFill(.causal(0), with: 0).value.count == 0)
    }

    @Test func wrongAxesAndWidthsAreNamed() {
        let x = leaf([2, 3], 1)
        #expect(throws: ShapeError("softmax", [[2, 3]], "there is no axis 2")) { try x.softmax(2) }
        #expect(throws: ShapeError("logSoftmax", [[2, 3]], "there is no axis -3")) { try x.logSoftmax(-3) }
        #expect(throws: ShapeError.self) { try x.layerNorm(weight: leaf([2], 1), bias: nil) }
        #expect(throws: ShapeError.self) { try leaf([], 1).layerNorm(weight: nil, bias: nil) }
        #expect(throws: ShapeError.self) { try leaf([], 1).softmax() }
    }
}
