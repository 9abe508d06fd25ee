/// A curve of bounded size: each value is the mean over a stride of steps, which doubles whenever there is no more room.
///
/// It keeps account of what has changed since somebody last asked.
struct LossCurve {
    /// The most values.
    static let capacity = 1024

    private var values: [Double] = []
    private var stride = 1
    private var first = 1
    /// The steps that the last value is the mean of.
    private var lastCount = 0
    private var firstChanged = 0

    /// Adds the loss of a step.
    mutating func add(_ loss: Double, step: Int) {
        if values.isEmpty { first = step }
        if values.isEmpty || lastCount == stride {
            if values.count == Self.capacity { join() }
            firstChanged = min(firstChanged, values.count)
            values.append(loss)
            lastCount = 1
        } else {
            let last = values.count - 1
            lastCount += 1
            values[last] += (loss - values[last]) / Double(lastCount)
            firstChanged = min(firstChanged, last)
        }
    }

    /// All of it.
    var whole: RunState.Curve { RunState.Curve(stride: stride, first: first, from: 0, values: values) }

    /// What has changed since the last time.
    mutating func takeChange() -> RunState.Curve {
        defer { firstChanged = values.count }
        return RunState.Curve(
            stride: stride, first: first, from: firstChanged, values: Array(values[firstChanged...]))
    }

    private mutating func join() {
        for place in 0..<values.count / 2 { values[place] = (values[2 * place] + values[2 * place + 1]) / 2 }
        values.removeLast(values.count - values.count / 2)
        stride *= 2
        firstChanged = 0
    }
}
