import Questions

extension QuestionResult {
    /// The result as the report says it.
    var report: QuestionReport {
        let goal = question.goal
        var batchSize = 0
        if case .gradientDescent(let recipe) = question.method { batchSize = recipe.batchSize }
        return QuestionReport(
            question: question.name, passed: passed, points: points, possiblePoints: possiblePoints,
            metric: QuestionReport.Metric(goal.metric), threshold: goal.metric == .checks ? nil : goal.threshold,
            validation: outcome.scores[goal.validation], test: outcome.scores[goal.test],
            unseen: outcome.scores[.unseen], trainLoss: outcome.trainLoss,
            checks: checks.map { QuestionReport.CheckReport(name: $0.name, passed: $0.passed) },
            epochs: outcome.epochs, steps: outcome.steps, seconds: seconds, secondsToThreshold: secondsToThreshold,
            samplesPerSecond: samplesPerSecond, workers: workers, shards: question.method.shards,
            batchSize: batchSize, parameterCount: parameterCount, parametersSHA256: parametersSHA256,
            data: QuestionReport.DataReport(source: dataSource, sha256: dataSHA256, synthetic: isSynthetic),
            time: QuestionReport.TimeReport(
                compute: time.compute, exchange: time.exchange, wait: time.wait, reduce: time.reduce),
            faults: QuestionReport.FaultReport(
                workersLost: outcome.workersLost, shardsReissued: outcome.shardsReissued,
                staleAnswers: outcome.staleAnswers, skippedSteps: outcome.skippedSteps))
    }
}

extension QuestionReport.Metric {
    /// The report's word for what a goal measures.
    init(_ metric: Goal.Metric) {
        switch metric {
        case .accuracy: self = .accuracy
        case .loss: self = .loss
        case .checks: self = .checks
        }
    }
}
