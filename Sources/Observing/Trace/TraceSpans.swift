/// The spans of a trace, in bounded memory: when there are too many, only every second, fourth, eighth… step is kept,
/// whole, and likewise evaluations.
struct TraceSpans {
    private static let longestStride = 1 << 40
    private let bound: Int
    /// What was kept.
    private(set) var kept: [TraceSpan] = []
    /// Of how many steps one is kept.
    private(set) var stride = 1
    /// Of how many evaluations one is kept.
    private(set) var evaluationStride = 1

    /// - Parameter bound: how many spans are kept at most.
    init(bound: Int) { self.bound = bound }

    /// Adds a span, unless its round is one of those that are left out.
    mutating func add(_ span: TraceSpan) {
        if isKept(span), kept.count >= bound { thinOut() }
        // A single round that takes all the room is cut short.
        guard isKept(span), kept.count < bound else { return }
        kept.append(span)
    }

    /// Leaves out every second round of the kind that takes more room.
    private mutating func thinOut() {
        let steps = kept.count { $0.round == .step }
        if steps * 2 >= kept.count {
            stride = min(stride * 2, Self.longestStride)
        } else {
            evaluationStride = min(evaluationStride * 2, Self.longestStride)
        }
        kept = kept.filter(isKept)
    }

    private func isKept(_ span: TraceSpan) -> Bool {
        span.number % (span.round == .step ? stride : evaluationStride) == 0
    }
}
