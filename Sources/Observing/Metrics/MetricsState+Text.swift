import Questions

extension MetricsState {
    /// Everything, as Prometheus reads it.
    var text: String {
        var text = PrometheusText()
        writeRun(to: &text)
        writeQuestions(to: &text)
        writeWorkers(to: &text)
        return text.text
    }

    private func writeRun(to text: inout PrometheusText) {
        text.begin("lockstep_info", .gauge, "The version of Lockstep.")
        text.add("lockstep_info", [("version", version)], 1)
        text.begin("lockstep_start_time_seconds", .gauge, "When the run began, in seconds since 1970.")
        text.add("lockstep_start_time_seconds", [], started)
        text.begin("lockstep_warnings_total", .counter, "Warnings given.")
        text.add("lockstep_warnings_total", [], Double(warnings))
    }

    private func writeQuestions(to text: inout PrometheusText) {
        /// Writes a family of one value a question; those that have none yet are left out.
        func write(
            _ name: String, _ kind: PrometheusText.Kind, _ help: String, _ value: (Question) -> Double?
        ) {
            text.begin(name, kind, help)
            for question in questions {
                if let value = value(question) { text.add(name, [("question", question.start.question)], value) }
            }
        }
        write("lockstep_steps_total", .counter, "Updates of the parameters.") { Double($0.steps) }
        write("lockstep_examples_total", .counter, "Training examples computed.") { Double($0.examples) }
        write("lockstep_epochs", .gauge, "Passes over the training examples.") { $0.epochs }
        write("lockstep_loss", .gauge, "Mean loss of the examples of the last step.") { $0.loss }
        write("lockstep_threshold", .gauge, "The score that passes.") { $0.start.threshold }
        write("lockstep_parameters", .gauge, "Parameters of the model.") { Double($0.start.parameterCount) }
        write("lockstep_passed", .gauge, "Whether the question was passed, once it is graded.") {
            $0.passed.map { $0 ? 1 : 0 }
        }
        text.begin("lockstep_score", .gauge, "The last score of a split: an accuracy, or a loss.")
        for question in questions {
            for split in Split.allCases {
                guard let score = question.scores[split] else { continue }
                text.add(
                    "lockstep_score",
                    [
                        ("question", question.start.question), ("split", "\(split)"),
                        ("metric", question.start.metric.rawValue),
                    ], score)
            }
        }
        let duration = "lockstep_step_duration_seconds"
        text.begin(duration, .histogram, "From the first piece of work handed out to the updated parameters.")
        for question in questions {
            text.add(duration, [("question", question.start.question)], question.durations)
        }
    }

    private func writeWorkers(to text: inout PrometheusText) {
        text.begin("lockstep_workers", .gauge, "Workers that take part.")
        text.add("lockstep_workers", [], Double(workers.count))
        text.begin("lockstep_workers_joined_total", .counter, "Workers admitted.")
        text.add("lockstep_workers_joined_total", [], Double(joined))
        text.begin("lockstep_workers_lost_total", .counter, "Workers lost.")
        text.add("lockstep_workers_lost_total", [], Double(lost))
        let present = workers.sorted { $0.key < $1.key }
        let examples = "lockstep_worker_examples_total"
        text.begin(examples, .counter, "Examples a worker has computed.")
        for (id, worker) in present { text.add(examples, labels(id, worker), Double(worker.examples)) }
        let seconds = "lockstep_worker_seconds_total"
        text.begin(seconds, .counter, "Where the time of a worker went: computing, exchanging, waiting.")
        for (id, worker) in present {
            for (activity, value) in [
                ("compute", worker.compute), ("exchange", worker.exchange), ("wait", worker.wait),
            ] {
                text.add(seconds, labels(id, worker) + [("activity", activity)], value)
            }
        }
    }

    private func labels(_ id: Int, _ worker: Worker) -> [PrometheusText.Label] {
        [("worker", String(id)), ("host", worker.host)]
    }
}
