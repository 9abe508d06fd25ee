import Kernels

// The rows that attention over beginnings goes through, some at a time.
extension SharedAttention {
    /// A row with beginnings of its own, and where what belongs to it lies.
    struct Row {
        /// Its number, and that within its group.
        let number: Int
        let place: Int
        let shared: Int
        let own: Int
        /// The first of its own beginnings.
        let first: Int
        /// Keys of its beginnings, values behind them, and the distance from one beginning to the next.
        let keys: UnsafePointer<Float>
        let stride: Int
    }

    /// Calls a body for some rows at a time, those left out that have no beginnings of their own.
    ///
    /// What the next rows read and write is fetched meanwhile: else most of the time would be spent waiting for it.
    ///
    /// - Parameters:
    ///   - others: the output, or its gradient: what is written or read beside the projection.
    ///   - target: the projection's gradient.
    ///   - stages: how often the body goes over its rows.
    func forEachGroup(
        _ others: UnsafePointer<Float>, isWritten: Bool, target: UnsafePointer<Float>? = nil, stages: Int,
        _ body: (UnsafeBufferPointer<Row>, inout Ahead) -> Void
    ) {
        func ahead(_ start: Int, steps: Int) -> Ahead {
            let end = min(start + group, beginnings.rows)
            return Ahead(
                beginnings: start < end ? beginnings.first(start)..<beginnings.first(end) : 0..<0, steps: steps,
                projection: inputs[0].value.pointer, others: others, isWritten: isWritten, target: target, width: width)
        }
        var first = ahead(0, steps: 1)
        first.advance()
        withUnsafeTemporaryAllocation(of: Row.self, capacity: group) { rows in
            for start in stride(from: 0, to: beginnings.rows, by: group) {
                var count = 0
                for number in start..<min(start + group, beginnings.rows) where beginnings.shared(number) < length {
                    rows.initializeElement(at: count, to: row(number, place: count))
                    count += 1
                }
                var ahead = ahead(start + group, steps: count * heads * stages)
                body(UnsafeBufferPointer(rebasing: rows[..<count]), &ahead)
            }
        }
    }

    /// Fetches what belongs to some beginnings, a part with every step.
    struct Ahead {
        let beginnings: Range<Int>
        let steps: Int
        let projection: UnsafePointer<Float>
        let others: UnsafePointer<Float>
        let isWritten: Bool
        let target: UnsafePointer<Float>?
        let width: Int
        fileprivate var step = 0

        mutating func advance() {
            let start = beginnings.lowerBound + beginnings.count * step / steps
            step += 1
            let count = beginnings.lowerBound + beginnings.count * step / steps - start
            guard count > 0 else { return }
            lockstep_fetch(projection + start * 3 * width, 4 * count * 3 * width, false)
            lockstep_fetch(others + start * width, 4 * count * width, isWritten)
            if let target { lockstep_fetch(target + start * 3 * width, 4 * count * 3 * width, true) }
        }
    }

    func forEachHead(_ rows: UnsafeBufferPointer<Row>, _ ahead: inout Ahead, _ body: (Row, Int) -> Void) {
        for row in rows {
            for head in 0..<heads {
                ahead.advance()
                body(row, head)
            }
        }
    }

    /// A row; keys and values are copied if it shares some of them.
    private func row(_ number: Int, place: Int) -> Row {
        let (shared, first) = (beginnings.shared(number), beginnings.first(number))
        let projection = inputs[0].value.pointer
        var (keys, stride) = (UnsafePointer(projection + (first * 3 + 1) * width), 3 * width)
        if shared > 0 {
            let path = paths.pointer + place * pathSize
            let places = beginnings.places.pointer + number * length
            for position in 0..<length {
                (path + position * 2 * width).update(
                    from: projection + (Int(places[position]) * 3 + 1) * width, count: 2 * width)
            }
            (keys, stride) = (UnsafePointer(path), 2 * width)
        }
        return Row(
            number: number, place: place, shared: shared, own: length - shared, first: first, keys: keys,
            stride: stride)
    }
}
