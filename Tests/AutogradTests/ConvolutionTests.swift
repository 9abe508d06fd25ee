import Autograd
import Tensors
import Testing

@Suite struct ConvolutionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let input: Shape
        let weight: Shape
        var stride = (1, 1)
        var padding = (0, 0)
        var testDescription: String { "\(input) \(weight) stride \(stride) padding \(padding)" }
    }

    static let cases = [
        Case(input: [2, 1, 5, 5], weight: [1, 1, 3, 3]),
        Case(input: [1, 1, 11, 13], weight: [2, 1, 2, 2]),
        Case(input: [2, 2, 5, 4], weight: [3, 2, 3, 2]),
        Case(input: [2, 3, 5, 6], weight: [4, 3, 3, 3], stride: (2, 1), padding: (1, 2)),
        Case(input: [1, 1, 6, 5], weight: [2, 1, 3, 3], stride: (2, 3), padding: (1, 1)),
        Case(input: [1, 3, 4, 4], weight: [2, 3, 1, 1]),
        Case(input: [2, 2, 2, 2], weight: [3, 2, 4, 4], padding: (2, 3)),
        Case(input: [1, 1, 2, 1], weight: [1, 1, 5, 5], padding: (2, 2)),
        Case(input: [0, 2, 4, 4], weight: [3, 2, 3, 3]),
        Case(input: [2, 0, 4, 4], weight: [3, 0, 3, 3]),
        Case(input: [2, 2, 4, 4], weight: [0, 2, 3, 3]),
        Case(input: [1, 1, 3, 3], weight: [1, 1, 3, 3]),
        Case(input: [1, 1, 2, 2], weight: [1, 1, 3, 3], stride: (1, 2), padding: (5, 4)),
    ]

    @Test(arguments: cases) func gradientsAndDefinition(test: Case) throws {
        let (x, w) = (leaf(test.input, 1), leaf(test.weight, 2))
        let b = leaf([test.weight[0]], 3)
        let output = try x.conv2d(weight: w, bias: b, stride: test.stride, padding: test.padding)
        expectClose(output.value.values, definition(x, w, b, test, output.shape), 1e-5)
        try expectGradients(of: [x, w, b]) {
            try x.conv2d(weight: w, bias: b, stride: test.stride, padding: test.padding)
        }
        try expectGradients(of: [x, w]) { try x.conv2d(weight: w, stride: test.stride, padding: test.padding) }
        try expectGradients(of: [x]) { try x.exp().conv2d(weight: w, padding: (4, 4)).sum() + x.sum() }
    }

    /// The cross-correlation by its definition.
    func definition(_ x: Variable, _ w: Variable, _ b: Variable, _ test: Case, _ shape: Shape) -> [Float] {
        var result: [Float] = []
        for image in 0..<shape[0] {
            for kernel in 0..<shape[1] {
                for y in 0..<shape[2] {
                    for column in 0..<shape[3] {
                        var sum = b.value.pointer[kernel]
                        for channel in 0..<test.input[1] {
                            for ky in 0..<test.weight[2] {
                                for kx in 0..<test.weight[3] {
                                    let iy = y * test.stride.0 + ky - test.padding.0
                                    let ix = column * test.stride.1 + kx - test.padding.1
                                    guard iy >= 0, iy < test.input[2], ix >= 0, ix < test.input[3] else { continue }
                                    let place =
                                        ((image * test.input[1] + channel) * test.input[2] + iy) * test.input[3] + ix
                                    let tap =
                                        ((kernel * test.input[1] + channel) * test.weight[2] + ky) * test.weight[3] + kx
                                    sum += x.value.pointer[place] * w.value.pointer[tap]
                                }
                            }
                        }
                        result.append(sum)
                    }
                }
            }
        }
        return result
    }

    @Test func shapesThatDoNotFitAreNamed() {
        let x = leaf([1, 2, 4, 4], 1)
        #expect(
            throws: ShapeError(
                "conv2d", [[1, 2, 4, 4], [3, 1, 3, 3]], "images [n, in, h, w] need a weight [out, in, kh, kw]")
        ) {
            try x.conv2d(weight: leaf([3, 1, 3, 3], 1))
        }
        #expect(
            throws: ShapeError("conv2d", [[1, 2, 4, 4], [3, 2, 5, 3]], "the kernel must fit into the padded image")
        ) {
            try x.conv2d(weight: leaf([3, 2, 5, 3], 1))
        }
        #expect(throws: ShapeError.self) { try x.conv2d(weight: leaf([3, 2, 3, 3], 1), bias: leaf([2], 1)) }
        #expect(throws: ShapeError.self) { try x.conv2d(weight: leaf([3, 2, 3, 3], 1), stride: (0, 1)) }
        #expect(throws: ShapeError.self) { try x.conv2d(weight: leaf([3, 2, 3, 3], 1), padding: (0, -1)) }
        #expect(throws: ShapeError.self) { try x.conv2d(weight: leaf([3, 2, 0, 3], 1)) }
        #expect(throws: ShapeError.self) { try x.conv2d(weight: leaf([3, 2, 3, 3], 1), padding: (.max, 0)) }
    }
}
