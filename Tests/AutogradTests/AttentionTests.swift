import Autograd
import Tensors
import Testing

@Suite struct AttentionTests {
    /// The definition, out of separate operations.
    func definition(_ q: Variable, _ k: Variable, _ v: Variable, causal: Bool) throws -> Variable {
        var scores = try q.matmul(k.transposed()) / Float(q.shape[-1]).squareRoot()
        if causal {
            let (rows, columns) = (q.shape[-2], k.shape[-2])
            let flags = (0..<rows * columns).map { $0 % columns > $0 / columns }
            scores = try scores.maskedFill(Mask(flags, shape: [rows, columns]), with: -.infinity)
        }
        return try scores.softmax().matmul(v)
    }

    @Test(
        arguments: [
            ([2, 5, 3], 5, 3), ([1, 1], 1, 1), ([2, 2, 4, 9], 4, 9), ([3, 7], 5, 2), ([3, 4], 6, 70),
            ([2, 26, 3], 26, 3),
            ([25, 2], 3, 2), ([0, 3, 2], 3, 2), ([2, 0, 3], 4, 2), ([6, 40], 6, 33),
        ] as [(Shape, Int, Int)], [true, false]
    ) func againstTheDefinition(test: (Shape, Int, Int), causal: Bool) throws {
        let (shape, length, width) = test
        let leading = shape.dimensions.dropLast(2)
        let q = leaf(shape, 1, in: -2...2)
        let k = leaf(Shape(leading + [length, shape[-1]]), 2, in: -2...2)
        let v = leaf(Shape(leading + [length, width]), 3)
        let output = try Variable.attention(query: q, key: k, value: v, causal: causal)
        #expect(output.shape == Shape(shape.dimensions.dropLast() + [width]))
        expectClose(output.value.values, try definition(q, k, v, causal: causal).value.values, 1e-5)
        let weights = Variable(sampleTensor(output.shape, 9))
        try (output * weights).sum().backward()
        let gradients = [q, k, v].map(\.gradient.values)
        try (definition(q, k, v, causal: causal) * weights).sum().backward()
        for (fused, composed) in zip(gradients, [q, k, v].map(\.gradient.values)) {
            expectClose(fused, composed, 1e-5)
        }
        if q.value.count + k.value.count < 100 {
            try expectGradients(of: [q, k, v]) {
                try Variable.attention(query: q, key: k, value: v, causal: causal)
            }
        }
    }

    @Test(arguments: [3, 26]) func headsOfOneProjection(length: Int) throws {
        let x = leaf([2, length, 12], 1)
        func head(_ part: Int) throws -> Variable {
            try x.sliced(2, part * 4..<part * 4 + 4).contiguous().reshaped(to: [2, length, 2, 2])
                .movedim(from: 2, to: 1)
        }
        func direct(_ part: Int) throws -> Variable { try x.sliced(2, part * 4..<part * 4 + 4) }
        try expectGradients(of: [x]) {
            try Variable.attention(query: head(0), key: head(1), value: head(2), causal: true)
        }
        try expectGradients(of: [x]) {
            try Variable.attention(query: direct(0), key: direct(1), value: direct(2), causal: true)
        }
        try expectGradients(of: [x], tolerance: 1e-2) {
            try Variable.attention(query: x, key: x, value: x, causal: false)
        }
        try expectGradients(of: [x]) {
            try Variable.attention(
                query: x.sliced(2, 0..<3), key: x.sliced(2, 1..<4),
                value: x.sliced(0, 1..<2).broadcast(to: [2, length, 12]), causal: true)
        }
    }

    /// Queries, keys and values that are together one variable, once by itself and once with another use.
    @Test(arguments: [1, 2, 3], [1, 10, 19]) func partsOfOneProjection(heads: Int, length: Int) throws {
        let x = leaf([2, length, 9 * heads], 1)
        func part(_ number: Int) throws -> Variable {
            try x.reshaped(to: [2, length, 3 * heads, 3]).sliced(2, number * heads..<(number + 1) * heads)
                .movedim(from: 2, to: 1)
        }
        func attended() throws -> Variable {
            try Variable.attention(query: part(0), key: part(1), value: part(2), causal: true)
        }
        #expect(try attended().shape == [2, heads, length, 3])
        let byParts = try definition(part(0), part(1), part(2), causal: true)
        expectClose(try attended().value.values, byParts.value.values, 1e-5)
        try expectGradients(of: [x]) { try attended() }
        try expectGradients(of: [x], tolerance: 1e-2) { try attended() * part(1) }
        try expectGradients(of: [x], tolerance: 1e-2) { try part(2) * attended() }
        // Joining the heads copies nothing.
        let joined = try attended().movedim(from: 1, to: 2)
        #expect(joined.value.isContiguous)
        // Two parts and one of them twice are no partition.
        try expectGradients(of: [x]) {
            try Variable.attention(query: part(0), key: part(1), value: part(1), causal: true)
        }
    }

    @Test func theFutureIsNotSeen() throws {
        let x = leaf([6, 3], 1)
        let before = try Variable.attention(query: x, key: x, value: x, causal: true).value.values
        x.value.pointer[15] = 1e30
        let after = try Variable.attention(query: x, key: x, value: x, causal: true).value.values
        #expect(Array(before[..<15]) == Array(after[..<15]))
    }

    @Test func shapesThatDoNotFitAreNamed() {
        let q = leaf([2, 3, 4], 1)
        let requirement = "query [.., T, d] needs a key [.., S, d] and a value [.., S, e]"
        #expect(throws: ShapeError("attention", [[2, 3, 4], [2, 3, 5], [2, 3, 4]], requirement)) {
            try Variable.attention(query: q, key: leaf([2, 3, 5], 1), value: q, causal: true)
        }
        #expect(throws: ShapeError.self) {
            try Variable.attention(query: q, key: q, value: leaf([2, 4, 4], 1), causal: true)
        }
        #expect(throws: ShapeError.self) {
            try Variable.attention(query: q, key: leaf([1, 3, 4], 1), value: q, causal: true)
        }
    }
}
