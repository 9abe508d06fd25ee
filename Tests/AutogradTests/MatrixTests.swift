import Autograd
import Tensors
import Testing

@Suite struct MatrixTests {
    @Test(
        arguments: [
            ([2, 3], [3, 4]), ([1, 1], [1, 1]), ([0, 3], [3, 4]), ([2, 0], [0, 4]), ([2, 3], [3, 0]),
            ([5, 2, 3], [3, 4]),
            ([5, 2, 3], [5, 3, 4]), ([2, 1, 2, 3], [3, 3, 2]), ([2, 3], [4, 3, 2]), ([1, 2, 3], [4, 3, 2]),
            ([0, 2, 3], [3, 4]), ([0, 2, 3], [0, 3, 4]), ([2, 3], [0, 3, 4]), ([3, 1, 2], [3, 2, 1]),
            ([4, 1, 3], [3, 1]),
            ([2, 3, 2], [1, 2, 5]),
        ] as [(Shape, Shape)]) func products(a: Shape, b: Shape) throws
    {
        let (x, y) = (leaf(a, 1), leaf(b, 2))
        try expectGradients(of: [x, y]) { try x.matmul(y) }
        // The same numbers, lying transposed in memory.
        let (xt, yt) = (leaf(a, 3), leaf(b, 4))
        let p = try Variable(Tensor(xt.transposed().value.values, shape: xt.transposed().shape), requiresGradient: true)
        let q = try Variable(Tensor(yt.transposed().value.values, shape: yt.transposed().shape), requiresGradient: true)
        expectClose(try p.transposed().matmul(q.transposed()).value.values, try xt.matmul(yt).value.values, 1e-6)
        try expectGradients(of: [p, q]) { try p.transposed().matmul(q.transposed()) }
    }

    @Test func valueByDefinition() throws {
        let a = Variable(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]))
        let b = Variable(Tensor([7, 8, 9, 10, 11, 12], shape: [3, 2]))
        #expect(try a.matmul(b).value.values == [58, 64, 139, 154])
        let batch = Variable(Tensor((1...12).map(Float.init), shape: [2, 3, 2]))
        #expect(try a.matmul(batch).value.values == [22, 28, 49, 64, 58, 64, 139, 154])
    }

    @Test func oneVariableOnBothSides() throws {
        let x = leaf([3, 3], 1)
        try expectGradients(of: [x]) { try x.matmul(x) }
        try expectGradients(of: [x]) { try x.matmul(x.transposed()) }
        let y = leaf([2, 3, 4], 2)
        try expectGradients(of: [y]) { try y.transposed().matmul(y) }
        try expectGradients(of: [y]) { try y.sliced(0, 0..<1).matmul(y.transposed()) }
    }

    @Test func awkwardViews() throws {
        let x = leaf([4, 3, 2], 1)
        let y = leaf([3, 5], 2)
        try expectGradients(of: [x, y]) {
            try x.movedim(from: 1, to: 2).matmul(y.sliced(1, 1..<2).broadcast(to: [3, 4]))
        }
        try expectGradients(of: [x, y]) { try x.transposed(0, 2).transposed().matmul(y) }
        try expectGradients(of: [x]) {
            try x.movedim(from: 2, to: 0).matmul(x.sliced(2, 0..<1).reshaped(to: [4, 3]).transposed())
        }
    }

    @Test(
        arguments: [Activation.identity, .relu, .tanh, .gelu(approximate: true), .gelu(approximate: false)],
        [true, false]) func linear(
            activation: Activation, hasBias: Bool
        ) throws
    {
        for shape in [[5, 3], [3], [2, 4, 3], [0, 3], [1, 3]] as [Shape] {
            let (x, w) = (leaf(shape, 1), leaf([4, 3], 2))
            let b = hasBias ? leaf([4], 3) : nil
            let r = leaf(Shape(shape.dimensions.dropLast() + [4]), 4)
            try expectGradients(of: [x, w] + (b.map { [$0] } ?? []), step: 0x1p-10, tolerance: 1e-2) {
                try x.linear(weight: w, bias: b, activation: activation)
            }
            try expectGradients(of: [x, w, r] + (b.map { [$0] } ?? []), step: 0x1p-10, tolerance: 1e-2) {
                try x.linear(weight: w, bias: b, adding: r, activation: activation)
            }
            let composed = try x.reshaped(to: [shape.count / 3, 3]).matmul(w.transposed())
            let shifted = try b.map { try composed + $0 } ?? composed
            let expected =
                switch activation {
                case .identity: shifted
                case .relu: shifted.relu()
                case .tanh: shifted.tanh()
                case .gelu(let approximate): shifted.gelu(approximate: approximate)
                }
            let actual = try x.linear(weight: w, bias: b, activation: activation)
            expectClose(actual.value.values, expected.value.values, 1e-6)
        }
    }

    /// Inputs of several densities: where a few elements are not zero they alone are multiplied.
    @Test(arguments: [1, 2, 4, 50], [false, true])
    func linearOfManyZeros(spacing: Int, isTransposed: Bool) throws {
        let x = Variable(Tensor(zeros: [7, 600]))
        for index in stride(from: 0, to: 7 * 600, by: spacing) { x.value.pointer[index] = Float(index % 13) - 6 }
        let values = leaf([isTransposed ? 600 : 9, isTransposed ? 9 : 600], 2)
        let w = isTransposed ? try values.transposed() : values
        let b = leaf([9], 3)
        let result = try x.linear(weight: w, bias: b, activation: .relu)
        // Nothing is skipped where the input is a result itself.
        let plain = try (try x + Variable(Tensor(zeros: [1]))).linear(weight: w, bias: b, activation: .relu)
        #expect(result.value.values == plain.value.values)
        func gradients(_ result: Variable) throws -> [[Float]] {
            try (result * result).sum().backward()
            return [values, b].map { Array(UnsafeBufferPointer(start: $0.gradient.pointer, count: $0.value.count)) }
        }
        #expect(try gradients(result) == gradients(plain))
    }

    /// Layers behind and before a ReLU, with few to many zeros, against the same without the means to skip them.
    @Test(arguments: [-3, -0.5, 0, 3] as [Float]) func linearBehindAReLU(bias: Float) throws {
        let x = leaf([33, 70], 1)
        let (v, w) = (leaf([90, 70], 2), leaf([80, 90], 3))
        let (b, c) = (leaf([90], 4, in: bias - 1...bias + 1), leaf([80], 5, in: bias - 1...bias + 1))
        let zero = Variable(Tensor(zeros: [1]))
        func gradients(_ result: Variable) throws -> [[Float]] {
            try (result * result).sum().backward()
            return [x, v, w, b, c].map {
                Array(UnsafeBufferPointer(start: $0.gradient.pointer, count: $0.value.count))
            }
        }
        let hidden = try x.linear(weight: v, bias: b, activation: .relu)
        let result = try hidden.linear(weight: w, bias: c, activation: .relu)
        let plainHidden = try x.linear(weight: v, bias: b).relu()
        let plain = try (try plainHidden + zero).linear(weight: w, bias: c).relu()
        #expect(result.value.values == plain.value.values)
        #expect(try gradients(result) == gradients(plain))
    }

    @Test func linearOfViews() throws {
        let x = leaf([3, 6], 1)
        let w = leaf([6, 4], 2)
        try expectGradients(of: [x, w]) {
            try x.sliced(1, 2..<4).linear(weight: w.sliced(0, 1..<3).transposed(), bias: nil)
        }
        try expectGradients(of: [x, w]) { try x.transposed().linear(weight: w.sliced(1, 0..<3), bias: nil) }
        try expectGradients(of: [x]) { try x.linear(weight: x, bias: x.sliced(1, 0..<1).reshaped(to: [3])) }
    }

    @Test(arguments: [Activation.identity, .relu, .tanh, .gelu(approximate: true), .gelu(approximate: false)])
    func linearWithAResidual(activation: Activation) throws {
        let (x, w, b) = (leaf([2, 5, 4], 1), leaf([4, 4], 2), leaf([4], 3))
        let r = try leaf([2, 4, 5], 4).transposed()
        let actual = try x.linear(weight: w, bias: b, adding: r, activation: activation)
        let sum = try x.linear(weight: w, bias: b) + r
        let expected =
            switch activation {
            case .identity: sum
            case .relu: sum.relu()
            case .tanh: sum.tanh()
            case .gelu(let approximate): sum.gelu(approximate: approximate)
            }
        expectClose(actual.value.values, expected.value.values, 1e-6)
        // What is added may be the input, or a view of it.
        try expectGradients(of: [x, w, b], step: 0x1p-10, tolerance: 1e-2) {
            try x.linear(weight: w, bias: b, adding: x, activation: activation)
        }
        try expectGradients(of: [x, w], step: 0x1p-10, tolerance: 1e-2) {
            try x.sliced(0, 0..<1).linear(
                weight: w, bias: nil, adding: x.sliced(0, 1..<2), activation: activation)
        }
    }

    @Test func shapesThatDoNotFitAreNamed() throws {
        let (x, y) = (leaf([2, 3], 1), leaf([4, 5], 2))
        #expect(
            throws: ShapeError(
                "matmul", [[2, 3], [4, 5]], "the last extent of the first must equal the last but one of the second")
        ) { try x.matmul(y) }
        #expect(throws: ShapeError.self) { try x.matmul(leaf([3], 1)) }
        #expect(throws: ShapeError.self) { try leaf([2, 2, 3], 1).matmul(leaf([3, 3, 4], 1)) }
        #expect(throws: ShapeError("linear", [[2, 3], [4, 5]], "an input [.., in] needs a weight [out, in]")) {
            try x.linear(weight: y, bias: nil)
        }
        #expect(
            throws: ShapeError(
                "linear", [[2, 3], [4, 3], [3, 4]], "what is added needs the shape of the result, [2, 4]")
        ) { try x.linear(weight: leaf([4, 3], 1), bias: nil, adding: leaf([3, 4], 1)) }
        #expect(throws: ShapeError("linear", [[2, 3], [4, 3], [5]], "a weight [out, in] needs a bias [out]")) {
            try x.linear(weight: leaf([4, 3], 1), bias: leaf([5], 1))
        }
    }
}
