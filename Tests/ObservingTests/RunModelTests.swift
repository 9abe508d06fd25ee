import Foundation
import Questions
import Testing
import Training

@testable import Observing

@Suite struct RunModelTests {
    private let clock = RunClock()

    private func model(_ wanted: [String] = ["q3"]) -> RunModel {
        RunModel(version: "1.2.3", seed: 7, wanted: wanted, clock: clock)
    }

    private func at(_ seconds: Double) -> Moment { Moment(seconds: seconds, unixTime: seconds) }

    @Test func theStateIsTheDocumentedJSON() throws {
        var model = model(["q3", "q1"])
        model.receive(.workerJoined(id: 1, host: "a", pid: 42), at: at(0.25))
        model.receive(.start("q3"), at: at(0.5))
        model.receive(
            .pieceAnswered(
                TrainingEvent.Piece(
                    worker: 1, kind: .gradient, round: 1, shards: 0..<2, examples: 64, assigned: clock.instant(1),
                    answered: clock.instant(1.5), computeSeconds: 0.25)), at: at(1.5))
        model.receive(.step(1, loss: 2.5), at: at(1.5))
        model.receive(.note("a \"quoted\" <word>"), at: at(1.5))
        model.receive(.pictured([.text("so")]), at: at(1.5))
        model.receive(
            .evaluated(step: 1, epoch: 0.02, split: .validation, metric: .accuracy, value: 0.125, threshold: 0.97),
            at: at(1.75))
        let state = try Page.object(model.state.json)
        let question = try #require((state["questions"] as? [[String: Any]])?.first)
        let expected = """
            {"name": "q3", "title": "title of q3", "metric": "accuracy", "threshold": 0.97, "workers": 2, "shards": 4,
            "batchSize": 128, "parameterCount": 10, "source": "made", "isSynthetic": true, "beganAt": 0.5,
            "seconds": 1.25, "isFinished": false, "step": 1, "totalSteps": 100, "epoch": 0.02, "loss": 2.5,
            "samplesPerSecond": 128, "secondsLeft": 99,
            "lossCurve": {"stride": 1, "first": 1, "from": 0, "values": [2.5]},
            "scores": [{"step": 1, "epoch": 0.02, "split": "validation", "value": 0.125}],
            "pictures": [{"kind": "text", "text": "so"}], "picturedAt": 1, "grade": null}
            """
        let expectedQuestion = try Page.object(Array(expected.utf8))
        #expect(Page.differences(question, expectedQuestion, at: "") == [])
        #expect(state["version"] as? String == "1.2.3" && state["seed"] as? Int == 7)
        #expect(state["seconds"] as? Double == 1.75 && state["isOver"] as? Bool == false)
        #expect(state["failure"] is NSNull && state["wanted"] as? [String] == ["q3", "q1"])
        #expect(abs((state["startedAt"] as? Double ?? 0) - Date().timeIntervalSince1970) < 3600)
        let worker = try #require((state["workers"] as? [[String: Any]])?.first)
        let told: [String: Any] = [
            "id": 1, "host": "a", "pid": 42, "state": "computing", "shards": 2, "losses": 0, "rejoins": 0,
            "reason": NSNull(),
        ]
        #expect(
            Set(worker.keys) == Set(told.keys).union(["samplesPerSecond", "compute", "exchange", "wait"]))
        #expect(Page.differences(worker.filter { told[$0.key] != nil }, told, at: "") == [])
        for key in ["compute", "exchange", "wait"] {
            #expect(abs((worker[key] as? Double ?? 0) - 1.0 / 3) < 0.01, "\(key)")
        }
        let step = try #require((state["timeline"] as? [[String: Any]])?.first)
        #expect(step["step"] as? Int == 1 && step["ended"] as? Double == 1.5)
        let piece = try #require((step["pieces"] as? [[String: Any]])?.first)
        #expect(piece["worker"] as? Int == 1 && piece["shards"] as? [Int] == [0, 2])
        #expect(piece["compute"] as? Double == 0.25)
        #expect(abs((piece["assigned"] as? Double ?? 0) - 1) < 0.01)
        let note = try #require((state["notes"] as? [[String: Any]])?.first)
        #expect(note["text"] as? String == "a \"quoted\" <word>" && note["isWarning"] as? Bool == false)
        #expect(!model.state.json.contains(UInt8(ascii: "<")), "the text can stand in a page's script")
    }

    @Test func aChangeHoldsWhatIsNew() throws {
        var model = model(["q3", "q1"])
        model.receive(.start("q3"), at: at(0))
        model.receive(.pictured([.text("so")]), at: at(0))
        model.receive(.step(1), at: at(0))
        model.receive(.note("one"), at: at(0))
        #expect(model.hasChanged)
        #expect(model.takeChange().questions.first?.pictures == [.text("so")])
        #expect(!model.hasChanged)
        #expect(model.takeChange().questions.isEmpty)
        model.receive(.step(2), at: at(1))
        model.receive(.warning("two"), at: at(1))
        let change = model.takeChange()
        #expect(change.questions.count == 1)
        #expect(change.questions.first?.pictures == nil)
        #expect(change.questions.first?.lossCurve.from == 1)
        #expect(change.questions.first?.lossCurve.values.count == 1)
        #expect(change.notes.map(\.text) == ["two"] && change.notes.map(\.isWarning) == [true])
        #expect(String(decoding: change.json, as: UTF8.self).contains("\"pictures\"") == false)
    }

    @Test(arguments: UInt64(0)..<30)
    func changesLeadFromAnyStateToTheLatest(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var events = RandomEvents(clock: clock, seed: seed)
        var model = model(["q1", "q2", "q3"])
        var pages = [try Page(model.state.json)]
        for round in 0..<40 {
            for _ in 0..<Int.random(in: 0...180, using: &generator) {
                let (event, moment) = events.next()
                model.receive(event, at: moment)
            }
            let change = model.takeChange().json
            for place in pages.indices { try pages[place].apply(change) }
            // A page that is opened late, or again.
            if round % 13 == 5 { pages.append(try Page(model.state.json)) }
        }
        model.end(at: events.moment, failure: "it broke")
        let change = model.takeChange().json
        for place in pages.indices {
            try pages[place].apply(change)
            #expect(try pages[place].differences(from: model.state.json).prefix(300) == "")
        }
        #expect(pages.first?.state["isOver"] as? Bool == true)
        #expect(pages.first?.state["failure"] as? String == "it broke")
    }

    @Test func itsMemoryIsBounded() throws {
        var model = model()
        model.receive(.start("q3"), at: at(0))
        let text = String(repeating: "long ", count: 10_000)
        for number in 1...20_000 {
            let moment = at(Double(number) / 100)
            model.receive(.workerJoined(id: number, host: text, pid: number), at: moment)
            for shard in 0..<4 {
                model.receive(
                    .pieceAnswered(
                        TrainingEvent.Piece(
                            worker: number, kind: .gradient, round: number, shards: shard..<shard + 1, examples: 1,
                            assigned: clock.instant(moment.seconds), answered: clock.instant(moment.seconds),
                            computeSeconds: 0)), at: moment)
            }
            model.receive(.workerLost(id: number, reason: text), at: moment)
            model.receive(.note(text), at: moment)
            model.receive(.step(number, total: nil), at: moment)
            model.receive(
                .evaluated(
                    step: number, epoch: 1, split: .validation, metric: .accuracy, value: 0.5, threshold: 0.97),
                at: moment)
        }
        let state = model.state
        #expect(state.workers.count == WorkerTable.lostCapacity)
        #expect(state.workers.last?.id == 20_000)
        #expect(state.notes.count == RunModel.noteCapacity)
        #expect(state.notes.allSatisfy { $0.text.count == RunModel.textCapacity })
        #expect(state.timeline.count == Timeline.capacity)
        #expect(state.questions[0].lossCurve.values.count <= LossCurve.capacity)
        #expect((1024...4096).contains(state.questions[0].scores.count))
    }

    @Test func aWorkerThatComesBackHasItsRowAgain() throws {
        var model = model()
        model.receive(.workerJoined(id: 1, host: "a", pid: 42), at: at(0))
        model.receive(.workerJoined(id: 2, host: "a", pid: 43), at: at(0))
        model.receive(.workerLost(id: 1, reason: "silent"), at: at(1))
        #expect(model.state.workers[0].condition == .lost && model.state.workers[0].reason == "silent")
        model.receive(.workerJoined(id: 3, host: "a", pid: 42), at: at(2))
        let workers = model.state.workers
        #expect(workers.map(\.id) == [3, 2])
        #expect(workers[0].losses == 1 && workers[0].rejoins == 1 && workers[0].reason == nil)
        #expect(workers[0].condition == .joined)
    }

    @Test func numbersThatAreNotFiniteAreNull() throws {
        var model = model()
        model.receive(.start("q3", threshold: .infinity), at: at(0))
        for (step, loss) in [1.0, .nan, .infinity, 2].enumerated() {
            model.receive(.step(step + 1, loss: loss), at: at(Double(step)))
        }
        model.receive(.grade("q3", validation: .nan), at: at(4))
        model.receive(.pictured([.attention(size: 1, weights: [.nan])]), at: at(4))
        let question = try #require(
            (try Page.object(model.state.json)["questions"] as? [[String: Any]])?.first)
        let values = try #require((question["lossCurve"] as? [String: Any])?["values"] as? [Any])
        #expect(values.map { $0 as? Double } == [1, nil, nil, 2])
        #expect(question["threshold"] is NSNull)
        #expect((question["grade"] as? [String: Any])?["validation"] is NSNull)
    }
}
