import Tensors
import Testing

@testable import Autograd

/// What is computed once for all rows that begin alike, beside the same for every row.
@Suite struct SharedBeginningsTests {
    /// The parameters of a block with all that takes variables over beginnings.
    struct Block {
        let heads: Int
        let table: Variable
        let positions: Variable
        let projection: Variable
        let mix: Variable
        let bias: Variable
        let width: Int
        var all: [Variable] { [table, positions, projection, mix, bias] }

        init(heads: Int, width: Int, length: Int) {
            self.heads = heads
            self.width = width
            table = leaf([4, width], 1)
            positions = leaf([length, width], 2)
            projection = leaf([3 * width, width], 3)
            mix = leaf([width, width], 4)
            bias = leaf([width], 5)
        }

        /// The part behind attention, norms and a linear layer.
        func rest(_ attended: Variable, _ x: Variable) throws -> Variable {
            let hidden = try attended.linear(weight: mix, bias: bias, adding: x, activation: .relu)
            return try hidden.layerNorm(adding: x, weight: bias, bias: nil).linear(weight: mix, bias: nil)
        }

        func shared(_ text: Indices) throws -> Variable {
            let beginnings = SharedBeginnings(text)
            let x =
                try Variable.embedding(table, symbolsOf: beginnings)
                + .embedding(positions, positionsOf: beginnings)
            let attended = try x.linear(weight: projection, bias: nil).attention(over: beginnings, heads: heads)
            return try rest(attended, x).spread(over: beginnings)
        }

        func separate(_ text: Indices) throws -> Variable {
            let (rows, length) = (text.shape[0], text.shape[1])
            let x = try Variable.embedding(table, text) + positions
            let parts = try (0..<3).map { part in
                try x.linear(weight: projection, bias: nil).reshaped(to: [rows, length, 3 * heads, width / heads])
                    .sliced(-2, part * heads..<(part + 1) * heads).movedim(from: -2, to: -3)
            }
            let attended = try Variable.attention(query: parts[0], key: parts[1], value: parts[2], causal: true)
                .movedim(from: -3, to: -2).reshaped(to: x.shape)
            return try rest(attended, x)
        }
    }

    /// Rows that share nothing, all, or some; that begin alike, but are no neighbours; of one position; none.
    static let texts: [[[Int32]]] = [
        [[0, 1, 2]], [[0, 1, 2], [1, 1, 2]], [[3, 3], [3, 3], [3, 3]],
        [[0, 0, 0, 0], [0, 0, 1, 0], [0, 2, 1, 0], [1, 0, 0, 0]],
        [[1, 2], [0, 2], [1, 2], [1, 3]], [[2], [2], [1]], [],
    ]

    func indices(_ rows: [[Int32]]) -> Indices {
        Indices(rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 3])
    }

    @Test(arguments: texts, [1, 2])
    func asForEveryRow(rows: [[Int32]], heads: Int) throws {
        let text = indices(rows)
        let block = Block(heads: heads, width: 6, length: text.shape[1])
        let share = Variable(sampleTensor([rows.count, text.shape[1], 6], 9))
        let (shared, separate) = (try block.shared(text), try block.separate(text))
        expectClose(shared.value.values, separate.value.values, 1e-5)
        try (shared * share).sum().backward()
        let gradients = block.all.map(\.gradient.values)
        try (separate * share).sum().backward()
        for (one, other) in zip(gradients, block.all.map(\.gradient.values)) { expectClose(one, other, 1e-4) }
    }

    @Test(arguments: texts)
    func gradients(rows: [[Int32]]) throws {
        let text = indices(rows)
        let beginnings = SharedBeginnings(text)
        let (table, bias) = (leaf([4, 12], 1), leaf([12], 2))
        try expectGradients(of: [table, bias], tolerance: 1e-2) {
            let x = try Variable.embedding(table, symbolsOf: beginnings)
            // Its gradient is added to: the projection is used twice.
            let sum = try x.linear(weight: table.transposed().matmul(table), bias: bias)
            return try sum.attention(over: beginnings, heads: 2).spread(over: beginnings)
                + (sum + x).attention(over: beginnings, heads: 1).spread(over: beginnings)
        }
    }

    /// As many rows that several groups of them are computed one after another.
    @Test(arguments: [true, false]) func manyRows(areSorted: Bool) throws {
        var rows = (0..<150).map { row in (0..<9).map { Int32((row * (row + $0)) % 4) } }
        if areSorted { rows.sort { $0.lexicographicallyPrecedes($1) } }
        let block = Block(heads: 2, width: 64, length: 9)
        let text = indices(rows)
        let share = Variable(sampleTensor([150, 9, 64], 9))
        let (shared, separate) = (try block.shared(text), try block.separate(text))
        expectClose(shared.value.values, separate.value.values, 1e-3)
        try (shared * share).sum().backward()
        let gradients = block.all.map(\.gradient.values)
        try (separate * share).sum().backward()
        for (one, other) in zip(gradients, block.all.map(\.gradient.values)) { expectClose(one, other, 1e-2) }
    }

    /// A graph is replayed with other symbols, of which there are more beginnings or fewer.
    @Test func replaysWithOtherSymbols() throws {
        let block = Block(heads: 1, width: 5, length: 3)
        let text = indices([[0, 1, 2], [0, 1, 3], [1, 0, 0]])
        let graph = Graph(try block.shared(text).sum())
        for rows: [[Int32]] in [[[0, 1, 2], [1, 2, 3], [2, 3, 0]], [[1, 1, 1], [1, 1, 1], [1, 1, 2]]] {
            for (place, value) in indices(rows).values.enumerated() { text.pointer[place] = value }
            graph.forward()
            graph.backward()
            let (loss, gradients) = (graph.result.value.item, block.all.map(\.gradient.values))
            let expected = try block.separate(text).sum()
            expected.backward()
            #expect(abs(loss - expected.value.item) < 1e-4)
            for (one, other) in zip(gradients, block.all.map(\.gradient.values)) { expectClose(one, other, 1e-4) }
        }
    }

    @Test func countsTheBeginningsThereAre() {
        func count(_ rows: [[Int32]]) -> Int { SharedBeginnings(indices(rows)).rowCount.value }
        #expect(Self.texts.map(count) == [3, 6, 2, 13, 7, 2, 0])
    }

    @Test func wrongShapesAreErrors() throws {
        let beginnings = SharedBeginnings(indices([[0, 3], [0, 1]]))
        let x = try Variable.embedding(leaf([4, 6], 1), symbolsOf: beginnings)
        #expect(throws: ShapeError.self) { try x.attention(over: beginnings, heads: 4) }
        #expect(throws: ShapeError.self) { try x.attention(over: beginnings, heads: 0) }
        #expect(throws: ShapeError.self) { try Variable.embedding(leaf([3, 6], 1), symbolsOf: beginnings) }
        #expect(throws: ShapeError.self) { try Variable.embedding(leaf([1, 6], 1), positionsOf: beginnings) }
        #expect(throws: ShapeError.self) { try Variable.embedding(leaf([4], 1), symbolsOf: beginnings) }
    }
}
