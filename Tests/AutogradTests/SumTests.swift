import Autograd
import Tensors
import Testing

@Suite struct SumTests {
    @Test(arguments: [[], [5], [2, 3], [2, 3, 4], [70, 3], [3, 0], [2, 67, 2]] as [Shape]) func overAllSubsetsOfAxes(
        shape: Shape
    ) throws {
        let x = leaf(shape, 1)
        try expectGradients(of: [x]) { x.sum() }
        if shape.count > 0 { try expectGradients(of: [x]) { x.mean() } }
        for subset in 0..<(1 << shape.rank) {
            let axes = (0..<shape.rank).filter { subset >> $0 & 1 == 1 }
            for keeping in [true, false] {
                try expectGradients(of: [x]) { try x.sum(axes, keepingDimensions: keeping) }
                let sum = try x.sum(axes, keepingDimensions: keeping)
                #expect(
                    sum.shape.count
                        == shape.dimensions.enumerated().reduce(1) { $0 * (axes.contains($1.offset) ? 1 : $1.element) })
                if shape.count > 0 {
                    try expectGradients(of: [x]) {
                        try x.mean(axes.map { $0 - shape.rank }, keepingDimensions: keeping)
                    }
                }
            }
        }
    }

    @Test func ofViews() throws {
        let x = leaf([3, 4], 1)
        try expectGradients(of: [x]) { try x.transposed().sum([0]) }
        try expectGradients(of: [x]) { try x.transposed().sum() }
        try expectGradients(of: [x]) { try x.sliced(1, 1..<3).mean([1]) }
        try expectGradients(of: [x]) { try x.sliced(0, 1..<2).broadcast(to: [2, 5, 4]).sum([1]) }
        try expectGradients(of: [x]) { try x.reshaped(to: [1, 12]).broadcast(to: [3, 12]).sum() }
    }

    @Test func values() throws {
        let x = Variable(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]))
        #expect(x.sum().value.item == 21)
        #expect(x.mean().value.item == 3.5)
        #expect(try x.sum([0]).value.values == [5, 7, 9])
        #expect(try x.mean([-1], keepingDimensions: true).value.values == [2, 5])
        #expect(try x.mean([-1], keepingDimensions: true).shape == [2, 1])
    }

    @Test func manyTermsLoseNothing() throws {
        let count = 1_000_000
        let x = Variable(Tensor(repeating: 0.1, shape: [count]))
        #expect(x.sum().value.item == Float(Double(Float(0.1)) * Double(count)))
        let columns = try Variable(Tensor(repeating: 0.1, shape: [count, 1])).sum([0]).value.item
        expectClose([columns], [100_000], 1e-5)
        let wide = try Variable(Tensor(repeating: 0.1, shape: [10_000, 3])).sum([0]).value.values
        expectClose(wide, [1000, 1000, 1000], 1e-5)
    }

    @Test func wrongAxesAreNamed() {
        let x = leaf([2, 3], 1)
        #expect(throws: ShapeError("sum", [[2, 3]], "there is no axis 2")) { try x.sum([2]) }
        #expect(throws: ShapeError("mean", [[2, 3]], "axis -2 stands twice in [0, -2]")) { try x.mean([0, -2]) }
    }
}
