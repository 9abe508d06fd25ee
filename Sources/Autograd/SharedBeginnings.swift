import Tensors

/// Rows of symbols of which neighbours that begin alike share what follows from their beginnings.
///
/// Each position of a row stands for the beginning that ends there. Beginnings are numbered in the order of the rows,
/// and of the positions of each; one that the row before has too is not numbered again. So those of a row that are its
/// own lie one behind another. Only neighbours are compared: any order of the rows is right, and sorted rows share most.
///
/// Variables over beginnings have a row for each, [rows · length, ..] at most, of which `rowCount` are in use. Not thread-safe.
public final class SharedBeginnings {
    /// The symbols, [rows, length]: write new ones in place, and replay.
    public let text: Indices
    /// The number of rows, and of positions of each.
    let rows: Int
    let length: Int
    /// The number of beginnings.
    let rowCount = RowCount(0)
    /// The last symbol and the last position of each beginning.
    let symbols: Indices
    let positions: Indices
    /// The beginning at each position of each row, [rows, length].
    let places: Indices
    /// How many leading beginnings each row shares with the one before, and the number of the first that is its own.
    private let shared: Indices
    private let firsts: Indices

    /// Takes rows of symbols [rows, length].
    public init(_ text: Indices) {
        precondition(text.shape.rank == 2, "rows of symbols need two axes")
        self.text = text
        (rows, length) = (text.shape[0], text.shape[1])
        symbols = Indices(zeros: [text.count])
        positions = Indices(zeros: [text.count])
        places = Indices(zeros: text.shape)
        shared = Indices(zeros: [rows])
        firsts = Indices(zeros: [rows])
        update()
    }

    /// How many leading beginnings a row shares with the one before.
    func shared(_ row: Int) -> Int { Int(shared.pointer[row]) }

    /// The number of the first beginning that is a row's own, or that of a row behind the last would be.
    func first(_ row: Int) -> Int { row == rows ? rowCount.value : Int(firsts.pointer[row]) }

    /// Looks at the symbols anew; allocates nothing.
    func update() {
        var count: Int32 = 0
        for row in 0..<rows {
            let (symbols, places) = (text.pointer + row * length, self.places.pointer + row * length)
            var position = 0
            while row > 0, position < length, symbols[position] == symbols[position - length] {
                places[position] = places[position - length]
                position += 1
            }
            shared.pointer[row] = Int32(position)
            firsts.pointer[row] = count
            while position < length {
                places[position] = count
                self.symbols.pointer[Int(count)] = symbols[position]
                positions.pointer[Int(count)] = Int32(position)
                position += 1
                count += 1
            }
        }
        rowCount.value = Int(count)
    }
}
