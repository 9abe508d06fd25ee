import Training

extension TensorBoardWriter {
    /// What is trained, and with what, as Markdown.
    func text(of start: TrainingEvent.Start) -> String {
        let configuration = run.questions.first { $0.name == start.question }?.configuration ?? "{}"
        return Self.table([
            ("question", "\(start.question): \(start.title)"), ("version", run.version), ("seed", "\(run.seed)"),
            ("workers", "\(start.workers)"), ("shards", "\(start.shards)"),
            ("batch size", start.batchSize.map { "\($0)" } ?? "none"), ("parameters", "\(start.parameterCount)"),
            ("data", start.isSynthetic ? "\(start.dataSource) (synthetic)" : start.dataSource),
            ("metric", start.metric.rawValue), ("threshold", start.threshold.map { "\($0)" } ?? "none"),
        ]) + "\n\n    \(configuration)"
    }

    /// What came of it, as Markdown.
    static func text(of grade: TrainingEvent.Grade) -> String {
        table([
            ("passed", grade.passed ? "yes" : "no"), ("points", "\(grade.points) of \(grade.possiblePoints)"),
            ("validation", grade.validation.map { "\($0)" } ?? "none"), ("test", grade.test.map { "\($0)" } ?? "none"),
            ("seconds", Decimals.text(grade.seconds, places: 3)), ("SHA-256 of the parameters", grade.parametersSHA256),
        ])
    }

    private static func table(_ rows: [(String, String)]) -> String {
        (["| | |", "| --- | --- |"] + rows.map { "| \($0) | \($1) |" }).joined(separator: "\n")
    }
}
