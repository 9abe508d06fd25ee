import Diagnostics
import Exchange
import FoundationEssentials
import Launching
import Observing
import Questions

/// Runs Lockstep and its peers in turns, so that all share the machine's moods, and compares what they answer.
struct PeerContest {
    /// Two programs did not train the same.
    struct Disagreement: Error {
        /// Which, and where.
        let line: String
    }

    /// What was asked for.
    let options: PeersOptions
    /// Where the peers are.
    let tools: PeerTools
    /// What runs them.
    let runner: PeerProcess.Runner

    /// How long one run may take.
    static let limit = Duration.seconds(1800)

    /// Compares all programs on a recipe.
    ///
    /// - Throws: `Failure`, `Interrupted`, or `Disagreement`.
    func compare(_ recipe: PeerRecipe, _ subject: BenchmarkSubject) throws -> PeersReport.Comparison {
        guard case .gradientDescent(let training) = subject.question.method else {
            preconditionFailure("\(recipe.name) is not trained in steps")
        }
        let job = try PeerJob(subject)
        let peers = Peer.all(workers: options.workers)
        var answers: [[PeerAnswer]] = peers.map { _ in [] }
        for round in 1...options.rounds {
            for (index, peer) in peers.enumerated() {
                let answer = try self.answer(of: peer, recipe, subject, job)
                if let first = answers[0].first, let difference = PeerAgreement.difference(first.losses, answer.losses)
                {
                    throw Disagreement(
                        line: "\(recipe.name): the losses of \(peers[0].name) and \(peer.name) disagree, so nothing is "
                            + "compared: \(difference)")
                }
                answers[index].append(answer)
                try StandardStream.error.write(
                    "\(recipe.name), round \(round) of \(options.rounds), \(peer.name): "
                        + "\(Decimals.text(answer.millisecondsPerStep, places: 2)) ms a step\n")
            }
        }
        return PeersReport.Comparison(
            recipe: recipe.name, title: recipe.title, unit: "ms a step", steps: subject.steps,
            batchSize: training.batchSize, data: subject.data.isSynthetic ? "synthetic data" : subject.data.source,
            zip(peers, answers).map { peer, answers in
                (peer.name, peer.isOurs, answers.map { ($0.program, $0.millisecondsPerStep, $0.peakBytes) })
            })
    }

    private func answer(
        of peer: Peer, _ recipe: PeerRecipe, _ subject: BenchmarkSubject, _ job: PeerJob
    ) throws -> PeerAnswer {
        let file = job.folder.file("answer.json")
        _ = try? FileManager.default.removeItem(atPath: file)
        if let script = peer.script(job: job.folder.path) {
            try runner.run(
                tools.python, [tools.script(script[0])] + script.dropFirst() + ["--answer", file], within: Self.limit)
            return try PeerAnswer(json: Self.content(of: file, peer.name), steps: subject.steps, peer: peer.name)
        }
        guard case .lockstep(let workers) = peer else { preconditionFailure("a peer without a script") }
        // The recipe goes as it is in the job, so that both sides have the same; JSON is JSON5.
        let configuration = job.folder.file("recipe.json5")
        try OutputFile(configuration, for: "recipe").write(subject.configuration.canonicalJSON())
        try runner.run(
            LocalLauncher.ownExecutable,
            [
                "step", "--workers", "\(workers)", "--rounds", "1", "--steps", "\(subject.steps)", "--seed",
                "\(options.seed)", "--config", configuration, "--report", file,
            ] + (options.dataFolder.map { ["--data", $0] } ?? []) + [recipe.question], within: Self.limit)
        let json = try Self.content(of: file, peer.name)
        guard let report = try? JSONDecoder().decode(BenchmarkReport.self, from: Data(json)) else {
            throw Failure(.data, "cannot read the answer", at: peer.name, because: "it is no report of this version")
        }
        return try PeerAnswer(ours: report)
    }

    /// What a program wrote.
    static func content(of file: String, _ name: String) throws -> [UInt8] {
        guard let data = try? Data(contentsOf: URL(filePath: file)) else {
            throw Failure(.data, "cannot read the answer", at: name, because: "it wrote none")
        }
        return Array(data)
    }
}
