import Questions
import Training

/// The last steps with their pieces of work.
struct Timeline {
    /// The most steps.
    static let capacity = 32
    /// The most pieces of a step that are kept.
    static let pieceCapacity = 256

    private(set) var steps: [RunState.Step] = []
    private var pieces: [RunState.Piece] = []

    /// Takes a piece in that belongs to the step under way.
    mutating func add(_ piece: RunState.Piece) {
        if pieces.count < Self.pieceCapacity { pieces.append(piece) }
    }

    /// Closes a step; one whose pieces were not told leaves no trace.
    mutating func completed(step: Int, at seconds: Double) {
        guard let began = pieces.lazy.map(\.assigned).min() else { return }
        if steps.count == Self.capacity { steps.removeFirst() }
        steps.append(RunState.Step(step: step, began: began, ended: seconds, pieces: pieces))
        pieces = []
    }

    /// Begins anew, with another question.
    mutating func clear() { self = Timeline() }
}
