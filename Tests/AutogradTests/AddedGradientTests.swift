import Autograd
import Kernels
import Tensors
import Testing

/// Gradients that are added to those of an earlier pass as they are computed.
@Suite struct AddedGradientTests {
    /// Leaves of a loss, and whether their gradients can be added at once.
    let table = leaf([5, 6], 1)
    let weight = leaf([6, 8], 2)
    let bias = leaf([8], 3)
    let scale = leaf([8], 4)
    let shift = leaf([8], 5)
    let twice = leaf([8, 8], 6)
    let plain = leaf([8], 7)
    var expected: [(Variable, Bool)] {
        [(table, false), (weight, true), (bias, true), (scale, true), (shift, true), (twice, false), (plain, false)]
    }

    func loss(_ indices: Indices) throws -> Variable {
        let hidden = try Variable.embedding(table, indices).linear(
            weight: weight.transposed(), bias: bias, activation: .relu)
        let normal = try hidden.layerNorm(weight: scale, bias: shift)
        let mixed = try normal.linear(weight: twice, bias: nil).linear(weight: twice, bias: nil)
        return try (mixed * plain).sum()
    }

    @Test(arguments: [1, 4, 40]) func theSameBitsAsAddedAfterwards(rows: Int) throws {
        let indices = Indices(zeros: [rows])
        let graph = Graph(try loss(indices))
        func fill(_ salt: Int) {
            for row in 0..<rows { indices.pointer[row] = Int32((row * row + salt) % 5) }
            graph.forward()
        }
        fill(1)
        graph.backward()
        let first = expected.map(\.0.gradient.values)
        fill(3)
        graph.backward()
        let second = expected.map(\.0.gradient.values)
        fill(1)
        graph.backward()
        fill(3)
        graph.backward(adding: true)
        for (place, (leaf, isAdded)) in expected.enumerated() {
            #expect(graph.canAdd(to: leaf) == isAdded, "leaf \(place)")
            let sum = zip(first[place], second[place]).map { $0 + $1 }
            #expect(leaf.gradient.values == (isAdded ? sum : second[place]), "leaf \(place)")
        }
        // And as if nothing had been there.
        graph.backward()
        #expect(expected.map(\.0.gradient.values) == second)
    }

    /// A chain of more terms begins anew, and would be added part by part.
    @Test func longChainsAreNotAddedAtOnce() throws {
        for (rows, isAdded) in [(LOCKSTEP_PRODUCT_CHAIN, true), (LOCKSTEP_PRODUCT_CHAIN + 1, false)] {
            let graph = Graph(try leaf([rows, 6], 8).linear(weight: weight.transposed(), bias: bias).sum())
            #expect(graph.canAdd(to: weight) == isAdded)
            #expect(graph.canAdd(to: bias))
        }
    }

    /// The input's gradient is no leaf's alone where input and weight are one.
    @Test func aLeafWithTwoSharesIsNotAddedAtOnce() throws {
        #expect(!Graph(try twice.linear(weight: twice, bias: nil).sum()).canAdd(to: twice))
        #expect(!Graph(try bias.reshaped(to: [1, 8]).linear(weight: twice, bias: bias).sum()).canAdd(to: bias))
    }
}
