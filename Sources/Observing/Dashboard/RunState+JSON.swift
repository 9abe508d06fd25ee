import Questions
import Training

extension RunState: JSONValue {
    func write(to json: inout JSONText) {
        json.object { json in
            json.field("version", version)
            json.field("seed", seed)
            json.field("seconds", seconds.microseconds)
            json.field("startedAt", startedAt.microseconds)
            json.field("isOver", isOver)
            json.field("failure", failure)
            json.field("wanted", wanted)
            json.field("questions", questions)
            json.field("workers", workers)
            json.field("timeline", timeline)
            json.field("notes", notes)
        }
    }
}

extension RunState.Question: JSONValue {
    func write(to json: inout JSONText) {
        json.object { json in
            json.field("name", start.question)
            json.field("title", start.title)
            json.field("metric", start.metric.rawValue)
            json.field("threshold", start.threshold)
            json.field("workers", start.workers)
            json.field("shards", start.shards)
            json.field("batchSize", start.batchSize)
            json.field("parameterCount", start.parameterCount)
            json.field("source", start.dataSource)
            json.field("isSynthetic", start.isSynthetic)
            json.field("beganAt", beganAt.microseconds)
            json.field("seconds", seconds.microseconds)
            json.field("isFinished", isFinished)
            json.field("step", step)
            json.field("totalSteps", totalSteps)
            json.field("epoch", epoch)
            json.field("loss", loss)
            json.field("samplesPerSecond", samplesPerSecond)
            json.field("secondsLeft", secondsLeft)
            json.field("lossCurve", lossCurve)
            json.field("scores", scores)
            json.field("pictures", ifPresent: pictures)
            json.field("picturedAt", picturedAt)
            json.field("grade", grade)
        }
    }
}

extension RunState.Curve: JSONValue {
    func write(to json: inout JSONText) {
        json.object { json in
            json.field("stride", stride)
            json.field("first", first)
            json.field("from", from)
            // As many digits as a person can see are enough.
            json.field("values") { $0.array(values) { Float($1).write(to: &$0) } }
        }
    }
}

extension RunState.Score: JSONValue {
    func write(to json: inout JSONText) {
        json.object { json in
            json.field("step", step)
            json.field("epoch", epoch)
            json.field("split", "\(split)")
            json.field("value", value)
        }
    }
}

extension RunState.Worker: JSONValue {
    func write(to json: inout JSONText) {
        json.object { json in
            json.field("id", id)
            json.field("host", host)
            json.field("pid", pid)
            json.field("state", condition.rawValue)
            json.field("shards", shards)
            json.field("samplesPerSecond", samplesPerSecond)
            json.field("compute", compute?.microseconds)
            json.field("exchange", exchange?.microseconds)
            json.field("wait", wait?.microseconds)
            json.field("losses", losses)
            json.field("rejoins", rejoins)
            json.field("reason", reason)
        }
    }
}

extension RunState.Step: JSONValue {
    func write(to json: inout JSONText) {
        json.object { json in
            json.field("step", step)
            json.field("began", began.microseconds)
            json.field("ended", ended.microseconds)
            json.field("pieces", pieces)
        }
    }
}

extension RunState.Piece: JSONValue {
    func write(to json: inout JSONText) {
        json.object { json in
            json.field("worker", worker)
            json.field("shards", [shards.lowerBound, shards.upperBound])
            json.field("assigned", assigned.microseconds)
            json.field("answered", answered.microseconds)
            json.field("compute", compute.microseconds)
        }
    }
}

extension RunState.Note: JSONValue {
    func write(to json: inout JSONText) {
        json.object { json in
            json.field("seconds", seconds.microseconds)
            json.field("text", text)
            json.field("isWarning", isWarning)
        }
    }
}

extension TrainingEvent.Grade: JSONValue {
    func write(to json: inout JSONText) {
        json.object { json in
            json.field("question", question)
            json.field("passed", passed)
            json.field("points", points)
            json.field("possiblePoints", possiblePoints)
            json.field("metric", metric.rawValue)
            json.field("threshold", threshold)
            json.field("validation", validation)
            json.field("test", test)
            json.field("seconds", seconds.microseconds)
            json.field("parametersSHA256", parametersSHA256)
        }
    }
}

extension Double {
    /// The number without what is smaller than a millionth, so that it is short.
    fileprivate var microseconds: Double { (self * 1e6).rounded() / 1e6 }
}
