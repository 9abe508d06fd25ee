import Questions
import Testing
import Training

@testable import Observing

/// A terminal that keeps what is written, and a clock that is set by hand.
private final class Screen {
    var width: Int?
    var seconds = 0.0
    private(set) var written: [String] = []

    init(width: Int?) { self.width = width }

    var text: String { written.joined() }

    var moment: Moment { Moment(seconds: seconds, unixTime: seconds) }

    func progress(_ format: ProgressFormat = ProgressFormat()) -> Progress {
        Progress(
            Terminal(width: { self.width }, format: format, write: { self.written.append($0) }))
    }
}

@Suite struct ProgressTests {
    private let start = TrainingEvent.started(
        TrainingEvent.Start(
            question: "q3", title: "digits", workers: 2, shards: 4, batchSize: 128, parameterCount: 203_530,
            dataSource: "mnist.npz", isSynthetic: false, metric: .accuracy, threshold: 0.97))

    private func step(_ step: Int, of total: Int? = 100, loss: Double = 0.5) -> TrainingEvent {
        .stepCompleted(step: step, totalSteps: total, epoch: Double(step) / 50, loss: loss, examples: 128)
    }

    private func evaluation(_ value: Double, _ metric: Goal.Metric = .accuracy) -> TrainingEvent {
        .evaluated(step: 50, epoch: 1, split: .validation, metric: metric, value: value, threshold: 0.97)
    }

    private func state(_ events: [TrainingEvent], spacing: Double = 0.1) -> ProgressState {
        var state = ProgressState()
        for (index, event) in events.enumerated() { state.receive(event, at: Double(index) * spacing) }
        return state
    }

    @Test func aWideWindowShowsEverything() {
        let state = state([start] + (1...50).map { step($0) } + [evaluation(0.975)])
        #expect(
            ProgressFormat().bar(state, width: 200)
                == "q3 " + String(repeating: "█", count: 15) + String(repeating: "░", count: 15)
                + " 50 %  epoch 1.00  loss 0.5000  validation 97.50 % (≥ 97.00 %)  1,280/s  0:05 left")
        #expect(
            ProgressFormat(hasUnicode: false).bar(state, width: 200).hasPrefix("q3 ###############---------------"))
        #expect(
            ProgressFormat().plain(state)
                == "q3: step 50 of 100, epoch 1.00, loss 0.5000, validation 97.50 % (≥ 97.00 %), 1,280/s, 0:05 left")
    }

    @Test(arguments: 0...120)
    func noLineIsWiderThanItsWindow(width: Int) {
        let state = state([start] + (1...50).map { step($0) } + [evaluation(0.975)])
        let line = ProgressFormat().bar(state, width: width)
        #expect(line.count < max(width, 1))
        if width > 40 { #expect(line.contains("val 97.50 % (≥ 97.00 %)") || line.contains("validation 97.50 %")) }
        if width > 52 { #expect(line.contains("█")) }
        if width > 7 { #expect(line.hasPrefix("q3") && line.contains("50 %")) }
    }

    /// In the usual window there is everything but the epoch, which the bar shows.
    @Test(arguments: [
        (80, "q3 ██████░░░░░░░ 50 %  loss 0.5000  val 97.50 % (≥ 97.00 %)  1,280/s  0:05 left"),
        (60, "q3 ██████░░░░░░░ 50 %  loss 0.5000  val 97.50 % (≥ 97.00 %)"),
        (40, "q3 ███░░░ 50 %  val 97.50 % (≥ 97.00 %)"),
        (33, "q3 50 %  val 97.50 % (≥ 97.00 %)"),
    ])
    func aNarrowWindowShowsTheMostImportant(width: Int, line: String) {
        let state = state([start] + (1...50).map { step($0) } + [evaluation(0.975)])
        #expect(ProgressFormat().bar(state, width: width) == line)
    }

    @Test func withoutATotalThereIsNoBar() {
        let state = state([start] + (1...50).map { step($0, of: nil) })
        #expect(ProgressFormat().bar(state, width: 80) == "q3 step 50  epoch 1.00  loss 0.5000  1,280/s")
    }

    @Test(arguments: [(0.97, true), (0.9699, false), (.nan, false)])
    func aThresholdThatIsMetIsGreen(value: Double, isGreen: Bool) {
        let line = ProgressFormat(hasColour: true).bar(state([start, evaluation(value)]), width: 120)
        #expect(line.contains("\u{1B}[32mvalidation") == isGreen)
        #expect(!ProgressFormat().bar(state([start, evaluation(value)]), width: 120).contains("\u{1B}"))
    }

    @Test func numbersThatAreNotFiniteAreShownAsMissing() {
        let state = state([start, step(1, loss: .nan), step(2), step(3, loss: .infinity), evaluation(.nan, .loss)])
        let line = ProgressFormat().plain(state)
        #expect(line.contains("loss -") && line.contains("validation - (≤ 0.9700)"))
    }

    @Test func aTerminalIsDrawnAtMostTenTimesASecond() {
        let screen = Screen(width: 60)
        let progress = screen.progress()
        progress.observe(start, at: screen.moment)
        for number in 1...100 {
            screen.seconds = Double(number) / 100
            progress.observe(step(number), at: screen.moment)
        }
        #expect((8...11).contains(screen.written.count), "\(screen.written.count) writes in a second")
        #expect(
            screen.written[0] == "q3: digits (2 workers, 4 shards, batches of 128, 203,530 parameters, mnist.npz)\n")
        for text in screen.written.dropFirst() {
            #expect(text.hasPrefix("\r") && text.hasSuffix("\u{1B}[K") && !text.contains("\n"))
        }
    }

    @Test func aNoteStandsAboveTheBarAndTheLineIsRestored() {
        let screen = Screen(width: 60)
        let progress = screen.progress()
        progress.observe(start, at: screen.moment)
        screen.seconds = 1
        progress.observe(step(1), at: screen.moment)
        progress.observe(.workerLost(id: 3, reason: "killed\n\u{1B}[2J"), at: screen.moment)
        #expect(screen.written.last == "\r\u{1B}[Kworker 3 lost: killed  [2J\n")
        screen.seconds = 2
        progress.observe(step(2), at: screen.moment)
        progress.observe(.finished, at: screen.moment)
        #expect(screen.written.last == "\r\u{1B}[K")
        let count = screen.written.count
        progress.clear()
        #expect(screen.written.count == count, "there is nothing more to clear")
    }

    @Test func aBarIsClearedWhenTheDisplayGoes() {
        let screen = Screen(width: 60)
        var progress: Progress? = screen.progress()
        progress?.observe(start, at: screen.moment)
        screen.seconds = 1
        progress?.observe(step(1), at: screen.moment)
        progress = nil
        #expect(screen.written.last == "\r\u{1B}[K")
    }

    @Test func elsewhereThereIsAPlainLineEveryFiveSeconds() {
        let screen = Screen(width: nil)
        let progress = screen.progress()
        progress.observe(start, at: screen.moment)
        for number in 1...110 {
            screen.seconds = Double(number) / 10
            progress.observe(step(number, of: 200), at: screen.moment)
        }
        progress.observe(.finished, at: screen.moment)
        let lines = screen.text.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[1].hasPrefix("q3: step 50 of 200, epoch 1.00"))
        #expect(lines[2].hasPrefix("q3: step 100 of 200"))
        #expect(lines[3].hasPrefix("q3: step 110 of 200") && lines[3].hasSuffix("done in 0:11"))
        #expect(!screen.text.contains("\u{1B}") && !screen.text.contains("\r"))
    }

    @Test func theRateLooksBackFiveSeconds() {
        var rate = Rate()
        rate.start(at: 0)
        #expect(rate.perSecond == nil)
        for tenth in 1...100 { rate.add(10, at: Double(tenth) / 10) }
        for tenth in 101...200 { rate.add(1, at: Double(tenth) / 10) }
        let perSecond = rate.perSecond ?? 0
        #expect(abs(perSecond - 10) < 0.5, "\(perSecond)")
    }

    @Test(arguments: [(0.0, "0:00"), (5.4, "0:05"), (125, "2:05"), (3600, "1:00:00"), (-1, "-"), (.nan, "-")])
    func timesAreInMinutesAndSeconds(seconds: Double, text: String) {
        #expect(Decimals.time(seconds) == text)
    }
}
