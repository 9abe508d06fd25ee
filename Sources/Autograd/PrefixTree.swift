import Tensors

/// Rows of symbols as a tree: neighbours that begin alike share their nodes, one for each position, as far as they do.
///
/// What follows from the beginning of a row alone, such as the state of a recurrence, need be computed once a node. Only
/// neighbours are compared: any order of the rows is right, and sorted rows share most. Not thread-safe.
final class PrefixTree {
    /// The number of rows, and of positions of each.
    let rows: Int
    let length: Int
    /// The node of each row at each position, [length, rows].
    ///
    /// Nodes of a position are numbered from 0, in the order of the rows, so that those with one parent are neighbours.
    let nodes: Indices
    /// The symbols of the nodes of each position, and their nodes at the position before, [length, rows].
    ///
    /// A position uses as many as it has nodes.
    let symbols: Indices
    let parents: Indices
    /// The number of nodes of each position.
    private let counts: Indices

    /// Makes room; nothing is in the tree yet.
    init(rows: Int, length: Int) {
        self.rows = rows
        self.length = length
        nodes = Indices(zeros: [length, rows])
        symbols = Indices(zeros: [length, rows])
        parents = Indices(zeros: [length, rows])
        counts = Indices(zeros: [length])
    }

    /// The number of nodes of a position.
    func count(_ position: Int) -> Int { Int(counts.pointer[position]) }

    /// The number of nodes of all positions before one.
    func count(before position: Int) -> Int { (0..<position).reduce(0) { $0 + count($1) } }

    /// Builds the tree of symbols [length, rows] anew; allocates nothing.
    func build(_ text: Indices) {
        precondition(text.shape == nodes.shape, "symbols of another shape than the tree")
        for position in 0..<length {
            let line = position * rows
            let (now, before) = (nodes.pointer + line, nodes.pointer + (position > 0 ? line - rows : 0))
            var last: Int32 = -1
            for row in 0..<rows {
                let symbol = text.pointer[line + row]
                let parent = position > 0 ? before[row] : 0
                if last < 0 || symbol != symbols.pointer[line + Int(last)]
                    || parent != parents.pointer[line + Int(last)]
                {
                    last += 1
                    symbols.pointer[line + Int(last)] = symbol
                    parents.pointer[line + Int(last)] = parent
                }
                now[row] = last
            }
            counts.pointer[position] = last + 1
        }
    }
}
