import Autograd
import Tensors
import Testing

@Suite struct ShapeTests {
    @Test func gradientsOfViews() throws {
        let x = leaf([2, 3, 4], 1)
        try expectGradients(of: [x]) { try x.reshaped(to: [6, 4]) }
        try expectGradients(of: [x]) { try x.movedim(from: 0, to: 2).reshaped(to: [12, 2]) }
        try expectGradients(of: [x]) { try x.movedim(from: -1, to: 0) }
        try expectGradients(of: [x]) { try x.transposed(0, 2) }
        try expectGradients(of: [x]) { try x.sliced(1, 1..<3).sliced(2, 2..<2) }
        try expectGradients(of: [x]) { try x.sliced(1, 1..<2).broadcast(to: [5, 2, 3, 4]) }
        try expectGradients(of: [x]) { try x.sliced(2, 1..<2).broadcast(to: [2, 3, 4]).contiguous() * x }
        try expectGradients(of: [x]) { try x.reshaped(to: [4, 6]).reshaped(to: [24]).exp() + x.reshaped(to: [24]) }
    }

    @Test func viewsShareMemory() throws {
        let x = leaf([2, 3], 1)
        let view = try x.transposed().sliced(0, 1..<2)
        x.value.pointer[4] = 7
        #expect(view.value.values == [x.value.pointer[1], 7])
        #expect(try x.reshaped(to: [3, 2]).value.storage === x.value.storage)
    }

    @Test func movedimKeepsTheOrderOfTheOthers() throws {
        #expect(try leaf([2, 3, 4, 5], 1).movedim(from: 1, to: 3).shape == [2, 4, 5, 3])
        #expect(try leaf([2, 3, 4, 5], 1).movedim(from: 3, to: 0).shape == [5, 2, 3, 4])
        #expect(try leaf([2, 3, 4], 1).transposed().shape == [2, 4, 3])
    }

    @Test func aGradientOfAViewIsAViewOfTheGradient() throws {
        let x = leaf([2, 3], 1)
        let slice = try x.sliced(1, 1..<3)
        let loss = try (slice * slice).sum()
        loss.backward()
        #expect(slice.gradient.storage === x.gradient.storage)
        let values = x.value.values
        #expect(x.gradient.values == [0, 2 * values[1], 2 * values[2], 0, 2 * values[4], 2 * values[5]])
    }

    @Test(arguments: [0, 1, 2]) func concatenation(axis: Int) throws {
        let shape: Shape = [2, 3, 4]
        func extended(_ extent: Int) -> Shape {
            var extents = shape.dimensions
            extents[axis] = extent
            return Shape(extents)
        }
        let (x, y, z) = (leaf(shape, 1), leaf(extended(1), 2), leaf(extended(0), 3))
        try expectGradients(of: [x, y, z]) { try Variable.concatenate([x, y, z, x], axis: axis) }
        try expectGradients(of: [x, y]) { try Variable.concatenate([y, x, y], axis: axis - 3) }
        try expectGradients(of: [x]) {
            try Variable.concatenate(
                [x.transposed(0, 2), x.sliced(1, 0..<1).broadcast(to: shape).transposed(0, 2)], axis: axis)
        }
    }

    @Test func valuesOfConcatenation() throws {
        let a = Variable(Tensor([1, 2, 3, 4], shape: [2, 2]))
        let b = Variable(Tensor([5, 6], shape: [2, 1]))
        #expect(try Variable.concatenate([a, b], axis: 1).value.values == [1, 2, 5, 3, 4, 6])
        #expect(try Variable.concatenate([a, b.transposed()], axis: 0).value.values == [1, 2, 3, 4, 5, 6])
    }

    @Test func gathering() throws {
        let x = leaf([3, 4], 1)
        try expectGradients(of: [x]) { try x.gather(1, Indices([0, 3, 3, 1, 1, 1], shape: [3, 2])) }
        try expectGradients(of: [x]) { try x.gather(-2, Indices([2, 0, 0, 1], shape: [1, 4])) }
        try expectGradients(of: [x]) { try x.transposed().gather(0, Indices([2, 0, 0], shape: [1, 3])) }
        let y = leaf([2, 3, 2], 1)
        try expectGradients(of: [y]) { try y.gather(1, Indices([2, 0, 1, 1, 0, 0, 0, 2], shape: [2, 2, 2])) }
        let square = Variable(Tensor([1, 2, 3, 4], shape: [2, 2]))
        #expect(try square.gather(1, Indices([0, 0, 1, 0], shape: [2, 2])).value.values == [1, 1, 4, 3])
        #expect(try square.gather(0, Indices([0, 0, 1, 0], shape: [2, 2])).value.values == [1, 2, 3, 2])
        #expect(throws: ShapeError("gather", [[3, 4], [3, 1]], "indices must lie in 0..<4")) {
            try x.gather(1, Indices([0, 4, 0], shape: [3, 1]))
        }
    }

    @Test func shapesThatDoNotFitAreNamed() {
        let x = leaf([2, 3], 1)
        #expect(throws: ShapeError("reshaped", [[2, 3], [4]], "the number of elements must stay the same")) {
            try x.reshaped(to: [4])
        }
        #expect(throws: ShapeError("movedim", [[2, 3]], "there is no axis 2")) { try x.movedim(from: 2, to: 0) }
        #expect(throws: ShapeError("transposed", [[3]], "there is no axis -2")) { try leaf([3], 1).transposed() }
        #expect(throws: ShapeError("sliced", [[2, 3]], "1..<4 is no part of axis 1")) { try x.sliced(1, 1..<4) }
        #expect(throws: ShapeError.self) { try x.sliced(0, -1..<1) }
        #expect(throws: ShapeError.self) { try x.broadcast(to: [2, 4]) }
        #expect(throws: ShapeError.self) { try x.broadcast(to: [3]) }
        #expect(throws: ShapeError("concatenate", [], "there is nothing to join")) {
            try Variable.concatenate([], axis: 0)
        }
        #expect(throws: ShapeError("concatenate", [[2, 3], [3]], "all extents but that of axis 0 must agree")) {
            try Variable.concatenate([x, leaf([3], 1)], axis: 0)
        }
        #expect(throws: ShapeError.self) { try x.gather(0, Indices([0], shape: [1])) }
    }
}
