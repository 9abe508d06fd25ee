import Autograd
import Tensors
import Testing

@Suite struct ArithmeticTests {
    static let shapes: [(Shape, Shape)] = [
        ([], []), ([3], [3]), ([2, 3], [2, 3]), ([2, 3], [3]), ([3], [2, 3]), ([2, 3], [2, 1]), ([2, 1], [1, 3]),
        ([2, 3], []), ([], [2, 3]), ([70, 5], [5]), ([2, 1, 3], [4, 1]), ([2, 3, 4], [3, 1]), ([1], [4]),
        ([0, 3], [3]), ([2, 0], [1]), ([3, 130], [130]),
    ]

    @Test(arguments: shapes) func sums(a: Shape, b: Shape) throws {
        let (x, y) = (leaf(a, 1), leaf(b, 2))
        try expectGradients(of: [x, y]) { try x + y }
    }

    @Test(arguments: shapes) func differences(a: Shape, b: Shape) throws {
        let (x, y) = (leaf(a, 1), leaf(b, 2))
        try expectGradients(of: [x, y]) { try x - y }
    }

    @Test(arguments: shapes) func products(a: Shape, b: Shape) throws {
        let (x, y) = (leaf(a, 1), leaf(b, 2))
        try expectGradients(of: [x, y]) { try x * y }
    }

    @Test(arguments: shapes) func quotients(a: Shape, b: Shape) throws {
        let (x, y) = (leaf(a, 1), leaf(b, 2, in: 1...2))
        try expectGradients(of: [x, y]) { try x / y }
    }

    @Test func valuesOfBroadcastArithmetic() throws {
        let a = Variable(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]))
        let row = Variable(Tensor([10, 20, 30], shape: [3]))
        let column = Variable(Tensor([2, 4], shape: [2, 1]))
        #expect(try (a + row).value.values == [11, 22, 33, 14, 25, 36])
        #expect(try (row - a).value.values == [9, 18, 27, 6, 15, 24])
        #expect(try (a * column).value.values == [2, 4, 6, 16, 20, 24])
        #expect(try (a / column).value.values == [0.5, 1, 1.5, 1, 1.25, 1.5])
        #expect((12 / a).value.values == [12, 6, 4, 3, 2.4, 2])
        #expect((a / 4).value.values == [0.25, 0.5, 0.75, 1, 1.25, 1.5])
        #expect((1 - a).value.values == [0, -1, -2, -3, -4, -5])
        #expect((-(2 * a + 1)).value.values == [-3, -5, -7, -9, -11, -13])
    }

    @Test func numbersOnEitherSide() throws {
        let x = leaf([3, 4], 1, in: 1...2)
        try expectGradients(of: [x]) { x + 3 }
        try expectGradients(of: [x]) { 3 + x }
        try expectGradients(of: [x]) { x - 3 }
        try expectGradients(of: [x]) { 3 - x }
        try expectGradients(of: [x]) { x * 3 }
        try expectGradients(of: [x]) { 3 * x }
        try expectGradients(of: [x]) { x / 3 }
        try expectGradients(of: [x]) { 3 / x }
        try expectGradients(of: [x]) { -x }
    }

    @Test func oneVariableUsedTwice() throws {
        let x = leaf([2, 3], 1, in: 1...2)
        try expectGradients(of: [x]) { try x * x }
        try expectGradients(of: [x]) { try x + x }
        try expectGradients(of: [x]) { try x - x }
        try expectGradients(of: [x]) { try x / x }
        try expectGradients(of: [x]) { try x * x * x + x }
    }

    @Test func viewsOfOneVariable() throws {
        let x = leaf([3, 3], 1)
        try expectGradients(of: [x]) { try x * x.transposed() }
        try expectGradients(of: [x]) { try x.transposed() - x }
        try expectGradients(of: [x]) { try x.sliced(0, 0..<2) * x.sliced(0, 1..<3) }
        try expectGradients(of: [x]) { try x.sliced(1, 0..<1) + x }
        try expectGradients(of: [x]) { try x.sliced(0, 1..<2).broadcast(to: [4, 3]) * x.sliced(1, 2..<3).transposed() }
    }

    @Test func shapesThatDoNotFitAreNamed() throws {
        let (x, y) = (leaf([2, 3], 1), leaf([4], 2))
        let failure = try #require(throws: ShapeError.self) { _ = try x + y }
        #expect(
            failure.description
                == "+: [2, 3] and [4]: extents must agree or be 1, counted from the last axis")
        for (name, call) in [("-", { try x - y }), ("*", { try x * y }), ("/", { try x / y })]
            as [(String, () throws -> Variable)]
        {
            let failure = try #require(throws: ShapeError.self) { _ = try call() }
            #expect(failure.operation == name && failure.shapes == [[2, 3], [4]])
        }
    }
}
