import Autograd
import Tensors
import Testing

@Suite struct RecurrenceTests {
    /// The parameters of a recurrence.
    struct Parameters {
        let table: Variable
        let weight: Variable
        let bias: Variable
        var all: [Variable] { [table, weight, bias] }

        init(symbols: Int, width: Int, in range: ClosedRange<Float> = -1...1) {
            table = leaf([symbols, width], 1, in: range)
            weight = leaf([width, width], 2, in: range)
            bias = leaf([width], 3, in: range)
        }

        func recurrence(_ symbols: Indices, _ activation: Activation) throws -> Variable {
            try .recurrence(symbols, table: table, weight: weight, bias: bias, activation: activation)
        }

        /// The same out of an operation a step, in which rows share nothing.
        func stepByStep(_ symbols: Indices, _ activation: Activation) throws -> Variable {
            let (steps, rows, width) = (symbols.shape[0], symbols.shape[1], bias.shape[0])
            let inputs = try Variable.embedding(table, symbols)
            var state = Variable(Tensor(zeros: [rows, width]))
            for step in 0..<steps {
                let input = try inputs.sliced(0, step..<step + 1).reshaped(to: [rows, width])
                state = try state.linear(
                    weight: weight.transposed(), bias: bias, adding: input, activation: activation)
            }
            return state
        }
    }

    /// Rows of symbols, given as they are read, position by position.
    func symbols(_ rows: [[Int32]]) -> Indices {
        let length = rows.first?.count ?? 6
        return Indices((0..<length).flatMap { place in rows.map { $0[place] } }, shape: [length, rows.count])
    }

    /// Rows that branch late, at once, or never; sorted or not; the same twice.
    static let rows: [[[Int32]]] = [
        [[2]], [[1], [1], [0]], [[0, 1, 2], [0, 1, 3], [0, 2, 2], [3, 0, 0]], [[1, 0], [0, 0], [1, 0], [1, 1]],
        [[3, 1, 2, 0], [3, 1, 2, 0]],
    ]

    @Test(
        arguments: rows, [Activation.identity, .relu, .tanh, .gelu(approximate: true), .gelu(approximate: false)])
    func gradients(rows: [[Int32]], activation: Activation) throws {
        let (parameters, symbols) = (Parameters(symbols: 4, width: 3), symbols(rows))
        try expectGradients(of: parameters.all) { try parameters.recurrence(symbols, activation) }
        // With another use of everything, before and behind.
        try expectGradients(of: parameters.all, tolerance: 2e-2) {
            let state = try parameters.recurrence(symbols, activation)
            return try parameters.recurrence(symbols, activation) + state * 2 + parameters.bias
                + Variable.embedding(parameters.table, Indices(zeros: [rows.count])).matmul(parameters.weight)
        }
    }

    /// Wide enough that zeros are looked for: of dense states, of states that are mostly zeros, and of no rows at all; of
    /// as many symbols as give each row beginnings of its own, and of so few that most are shared.
    @Test(
        arguments: [(0, -1...1), (1, -0.1...1), (7, -2...0.2), (32, -1...0.1)] as [(Int, ClosedRange<Float>)], [2, 50])
    func asStepByStep(sample: (rows: Int, range: ClosedRange<Float>), alphabet: Int) throws {
        let parameters = Parameters(symbols: alphabet, width: 70, in: -0.1...0.1)
        let table = parameters.table.value
        for (place, value) in sampleTensor(table.shape, 5, in: sample.range).values.enumerated() {
            table.pointer[place] = value
        }
        let rows = (0..<sample.rows).map { row in (0..<6).map { Int32((row * 7 + $0 * $0 * row) % alphabet) } }
        let symbols = symbols(rows.sorted { $0.lexicographicallyPrecedes($1) })
        let share = Variable(sampleTensor([rows.count, 70], 4))
        let fused = try parameters.recurrence(symbols, .relu)
        let graph = Graph(try (fused * share).sum())
        graph.backward()
        let gradients = parameters.all.map(\.gradient.values)
        let composed = try parameters.stepByStep(symbols, .relu)
        #expect(fused.value.values == composed.value.values)
        try (composed * share).sum().backward()
        for (one, other) in zip(gradients, parameters.all.map(\.gradient.values)) { expectClose(one, other, 1e-5) }
    }

    /// A graph is replayed with other symbols, whose tree has more nodes or fewer.
    @Test func replaysWithOtherSymbols() throws {
        let parameters = Parameters(symbols: 4, width: 3)
        let symbols = symbols([[0, 1, 2], [0, 1, 3], [1, 0, 0]])
        let graph = Graph(try parameters.recurrence(symbols, .tanh).sum())
        for rows: [[Int32]] in [[[0, 1, 2], [1, 2, 3], [2, 3, 0]], [[1, 1, 1], [1, 1, 1], [1, 1, 1]]] {
            for (place, value) in self.symbols(rows).values.enumerated() { symbols.pointer[place] = value }
            graph.forward()
            graph.backward()
            let (loss, gradients) = (graph.result.value.item, parameters.all.map(\.gradient.values))
            let expected = try parameters.stepByStep(symbols, .tanh).sum()
            expected.backward()
            #expect(abs(loss - expected.value.item) < 1e-5)
            for (one, other) in zip(gradients, parameters.all.map(\.gradient.values)) { expectClose(one, other, 1e-5) }
        }
    }

    @Test func oneVariableForEverything() throws {
        let x = leaf([4, 4], 1)
        try expectGradients(of: [x], tolerance: 2e-2) {
            try .recurrence(
                symbols([[0, 1], [0, 3]]), table: x, weight: x, bias: x.sliced(0, 1..<2).reshaped(to: [4]),
                activation: .tanh)
        }
    }

    @Test func wrongShapesAreErrors() {
        func expectError(_ symbols: Shape, _ table: Shape, _ weight: Shape, _ bias: Shape, symbol: Int32 = 0) {
            let indices = Indices([Int32](repeating: symbol, count: symbols.count), shape: symbols)
            #expect(throws: ShapeError.self) {
                try Variable.recurrence(
                    indices, table: leaf(table, 1), weight: leaf(weight, 2), bias: leaf(bias, 3), activation: .relu)
            }
        }
        expectError([0, 2], [4, 3], [3, 3], [3])
        expectError([2], [4, 3], [3, 3], [3])
        expectError([1, 2], [3], [3, 3], [3])
        expectError([1, 2], [4, 3], [3, 2], [3])
        expectError([1, 2], [4, 3], [3, 3], [2])
        expectError([1, 2], [4, 3], [3, 3], [3], symbol: 4)
    }
}
