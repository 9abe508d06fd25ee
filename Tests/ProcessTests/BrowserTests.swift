import Foundation
import Testing

/// The page in a real browser, opened and reloaded while a question trains, and looked at when it is over.
///
/// Screenshots are left in `.build/screenshots`, for people.
@Suite(.serialized, .timeLimit(.minutes(15))) struct BrowserTests {
    /// A question, and how it is watched.
    struct Training: CustomTestStringConvertible, Sendable {
        let question: String
        /// Per cent of full speed until the page was loaded anew, so that there is time for it.
        let speed: Int
        var options: [String] = []
        /// The pictures there are to see.
        let pictures: [String]

        var testDescription: String { question }
    }

    static let trainings = [
        Training(question: "q1", speed: 1, options: ["--set", "window=4"], pictures: ["separation"]),
        Training(question: "q2", speed: 1, pictures: ["curve"]),
        Training(question: "q3", speed: 3, pictures: ["digits"]),
        Training(question: "q4", speed: 10, pictures: ["words"]),
        Training(question: "q5", speed: 2, pictures: ["digits", "filters"]),
        Training(
            question: "q7", speed: 40,
            options: ["--set", "blocks=2", "--set", "epochs=1", "--set", "stepsPerEpoch=60"],
            pictures: ["text", "attention"]),
    ]

    @Test("what the page shows is what the report says, and it reads well", arguments: trainings)
    func page(training: Training) throws {
        let sight = try watch(training)
        #expect(sight("final", "runState") as? String == "finished")

        // Numbers.
        #expect(sight.number("final", "numbers", "step") == sight.number("report", "steps"))
        expectClose(sight.number("final", "numbers", "score"), sight.number("report", "validation"))
        expectClose(sight.number("final", "numbers", "epoch"), sight.number("report", "epochs"))
        let isSynthetic = sight("report", "data", "synthetic") as? Bool
        #expect(isSynthetic != nil && sight("final", "isSynthetic") as? Bool == isSynthetic)

        // The grade.
        #expect(sight("final", "grades", "0", "question") as? String == training.question)
        #expect(sight("final", "grades", "0", "passed") as? String == "\(sight("report", "passed") as? Bool ?? false)")
        #expect(sight.number("final", "grades", "0", "points") == sight.number("report", "points"))
        #expect(sight.number("final", "sum", "possible") == sight.number("report", "possiblePoints"))
        expectClose(sight.number("final", "grades", "0", "test"), sight.number("report", "test"))
        #expect(sight("final", "grades", "0", "digest") as? String == sight("report", "parametersSHA256") as? String)

        // Curves, pictures, workers.
        let steps = try #require(sight.number("final", "numbers", "step"))
        let stride = try #require(sight.number("final", "loss", "stride"))
        let count = try #require(sight.number("final", "loss", "count"))
        // The perceptron searches more often than it finds a mistake, which is a step.
        #expect(training.question == "q1" ? count * stride > steps : count == (steps / stride).rounded(.up))
        for moment in ["early", "reloaded", "final"] {
            let pictures = sight(moment, "pictures") as? [[String: Any]] ?? []
            #expect(pictures.map { $0["kind"] as? String } == training.pictures, "\(moment)")
            #expect(pictures.allSatisfy { ($0["label"] as? String)?.isEmpty == false }, "\(moment)")
            // At first one may not have joined yet.
            let workers = (sight(moment, "workers") as? [Any])?.count ?? 0
            #expect(moment == "early" ? (1...2).contains(workers) : workers == 2, "\(moment)")
            #expect(sight.number(moment, "unlabelled") == 0, "\(moment)")
        }
        #expect((sight.number("early", "timeline", "steps") ?? 0) > 0)

        try expectNothingLost(sight)
        #expect((sight("complaints") as? [Any])?.isEmpty == true, "\(sight("complaints") ?? "")")
        #expect((sight("final", "banner") as? String)?.hasPrefix("The run has ended.") == true)
        try expectReadable(sight)
    }

    @Test func `A page outlives its run, and shows the next one at the same address`() throws {
        let scratch = try Scratch()
        let sight = try Sight(
            from: "lose.py", scratch,
            ["--then", "q1", "--", Sight.coordinator, "--quiet", "--data", scratch.data, "--dashboard", "127.0.0.1:0"]
                + ["q2"])
        #expect((sight("lost", "banner") as? String)?.hasPrefix("The connection is lost; trying again.") == true)
        #expect(sight("lost", "runState") as? String == "connection lost")
        #expect((sight.number("lost", "numbers", "step") ?? 0) > 0)
        #expect(sight("next", "runState") as? String == "finished")
        #expect((sight("next", "title") as? String)?.hasPrefix("perceptron") == true)
        #expect((sight("next", "pictures", "0", "kind") as? String) == "separation")
        #expect(sight("next", "grades", "0", "question") as? String == "q1")
        // So short a run may be over before the second worker is there.
        #expect((sight("next", "workers") as? [Any])?.isEmpty == false)
    }

    @Test func `A saved page can be walked through without a mouse, and runs nothing that a run says`() throws {
        let scratch = try Scratch()
        let page = scratch.file("page.html")
        let result = try Coordinator(scratch: scratch).run(["--html", page, "linear", "q1", "q6"])
        #expect(result.status == 0, "\(result.errors)")
        let hostile = #"\u003cimg src=x onerror=alert(1)>\u003c/script>"# + String(repeating: "long", count: 200)
        let text = try String(contentsOfFile: page, encoding: .utf8)
        let notes = try #require(text.range(of: #""notes":["#))
        let note = #"{"seconds":1,"text":"\#(hostile)","isWarning":true},"#
        // The list may have been empty.
        let spoilt = text.replacingCharacters(in: notes, with: #""notes":["# + note)
            .replacingOccurrences(of: "},]", with: "}]")
        try scratch.write(Array(spoilt.utf8), to: "page.html")

        let sight = try Sight(from: "saved.py", scratch, ["--name", "saved", "--into", Sight.folder, page])
        #expect(sight("first", "banner") as? String == "A saved page: the run is over.")
        let shown = sight("first", "notes") as? [String] ?? []
        #expect(shown.contains { $0.contains("<img src=x onerror=alert(1)></script>long") }, "\(shown)")
        #expect(sight.number("elements") == 0 && (sight("requests") as? [Any])?.isEmpty == true)
        #expect(sight("focus", "0", "id") as? String == "theme")
        #expect(sight("focus", "1", "question") as? String == "q6")
        for (index, question) in ["linear", "q1", "q6", "q1", "q6"].enumerated() {
            #expect(sight("walk", "\(index)", "question") as? String == question)
            #expect(sight("walk", "\(index)", "hasOutline") as? Bool == true)
        }
        #expect((sight("walk", "3", "title") as? String)?.hasPrefix("perceptron") == true)
        #expect(sight("walk", "4", "pictures", "0", "kind") as? String == "attention")
        #expect(sight.number("first", "sum", "points") == 7 && sight.number("first", "sum", "possible") == 7)
        #expect((sight("complaints") as? [Any])?.isEmpty == true, "\(sight("complaints") ?? "")")
        try expectReadable(sight)
    }

    private func watch(_ training: Training) throws -> Sight {
        let scratch = try Scratch()
        let options = ["--name", training.question, "--into", Sight.folder, "--speed", "\(training.speed)", "--"]
        let command =
            [Sight.coordinator, "--quiet", "--data", Program.data ?? scratch.data, "--dashboard", "127.0.0.1:0"]
            + ["--report", scratch.file("report.json")] + training.options + [training.question]
        _ = try Sight.run("watch.py", scratch, options + command)
        let report = try #require(try Coordinator(scratch: scratch).report("report.json").questions.first)
        return try Sight(file: "\(training.question).json", report: report)
    }

    /// Expects every view of the page to be free of what overlaps, is cut off or is too faint.
    private func expectReadable(_ sight: Sight) throws {
        let views = try #require(sight("layout") as? [String: [String: Any]])
        #expect(views.count == 4)
        for (view, layout) in views {
            #expect((layout["problems"] as? [String])?.isEmpty == true, "\(view): \(layout["problems"] ?? "")")
            #expect((layout["texts"] as? Int ?? 0) > 50, "\(view)")
        }
    }

    /// Expects the page to show every point of the curves that were there before it was loaded anew.
    private func expectNothingLost(_ sight: Sight) throws {
        let before = try #require(sight("before", "lossCurve", "values") as? [Double])
        let after = try #require(sight("after", "lossCurve", "values") as? [Double])
        let strides = ["before", "after"].map { sight.number($0, "lossCurve", "stride") ?? 0 }
        #expect(strides[0] > 0 && strides[1] >= strides[0])
        #expect(before.count >= 20)
        // Neighbours are joined when a curve is full; the last value is a mean that goes on.
        let joined = Int(strides[1] / max(1, strides[0]))
        let whole = before.dropLast()
        let expected = stride(from: 0, to: whole.count / joined * joined, by: joined).map { start in
            whole[start..<start + joined].reduce(0, +) / Double(joined)
        }
        try #require(after.count >= expected.count)
        for (index, value) in expected.enumerated() { expectClose(after[index], value) }
        #expect(sight("held", "lossCurve", "values") as? [Double] == before)
        let scores = ["before", "after"].map { sight($0, "scores") as? [[String: Any]] ?? [] }
        #expect(scores[1].count >= scores[0].count)
        for (one, other) in zip(scores[0], scores[1]) { #expect(NSDictionary(dictionary: one).isEqual(to: other)) }
        // And drawn, not only kept.
        #expect(sight.number("reloaded", "loss", "count").map { Int($0) >= expected.count } == true)
    }

    private func expectClose(_ one: Double?, _ other: Double?) {
        guard let one, let other else {
            #expect(one == nil && other == nil)
            return
        }
        #expect(abs(one - other) <= 1e-4 * max(1, abs(other)), "\(one) and \(other)")
    }
}
