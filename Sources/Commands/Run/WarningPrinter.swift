import Observing
import Training

/// Shows warnings on standard error, and nothing else: what is left of progress with `--quiet`.
final class WarningPrinter: RunObserver {
    private let program: String

    init(program: String) { self.program = program }

    func observe(_ event: TrainingEvent, at moment: Moment) {
        guard case .warning(let text) = event else { return }
        _ = CommandEntry.report("warning: \(text)", by: program, status: 0)
    }
}
