extension TraceWriter {
    /// The process that stands for the coordinator in the file, and the one whose threads are the workers.
    private static let processes = (coordinator: 1, workers: 2)
    /// The number of the coordinator's thread; those of workers follow.
    private static let firstThread = 10

    /// Everything recorded, in Chrome's trace event format.
    ///
    /// Source: "Trace Event Format" of the Chromium project: `M` names, `X` stretches, `C` counters, `i` moments, in
    /// microseconds.
    func json() -> [UInt8] {
        var file = Array("{\"displayTimeUnit\":\"ms\",\"otherData\":".utf8)
        var line = JSONText()
        line.beginLine()
        line.field("version", run.version)
        line.field("seed", Int(clamping: run.seed))
        line.field("clock", "microseconds since the start of the run")
        line.field("stepStride", spans.stride)
        line.field("evaluationStride", spans.evaluationStride)
        line.field("marksLeftOut", lostMarks)
        line.endLine()
        file += line.bytes
        file += Array(",\"traceEvents\":[\n".utf8)
        file.reserveCapacity(spans.kept.count * 96)
        var isFirst = true
        func add(_ body: (inout JSONText) -> Void) {
            line.beginLine()
            body(&line)
            line.endLine()
            if !isFirst { file.append(UInt8(ascii: ",")) }
            isFirst = false
            file += line.bytes
        }
        func name(_ what: String, _ process: Int, _ thread: Int, _ name: String) {
            add {
                $0.field("name", what)
                $0.field("ph", "M")
                $0.field("pid", process)
                $0.field("tid", thread)
                $0.field("args") { $0.object { $0.field("name", name) } }
            }
        }
        name("process_name", Self.processes.coordinator, Self.firstThread, "coordinator")
        name("thread_name", Self.processes.coordinator, Self.firstThread, "steps")
        name("process_name", Self.processes.workers, Self.firstThread + 1, "workers")
        for (id, track) in tracks.sorted(by: { $0.key < $1.key }) {
            name(
                "thread_name", Self.processes.workers, Self.firstThread + id,
                "worker \(id): \(track.host), process \(track.pid)")
        }
        for span in spans.kept {
            add { span.kind.isCounter ? Self.write(counter: span, to: &$0) : Self.write(span, to: &$0) }
        }
        for mark in marks { add { Self.write(mark, to: &$0) } }
        file += Array("]}\n".utf8)
        return file
    }

    private static func write(_ span: TraceSpan, to line: inout JSONText) {
        line.field("name", span.kind.rawValue)
        line.field("ph", "X")
        place(Int(span.track), &line)
        // Ends are rounded like beginnings, so that what touches does not overlap.
        let start = nanoseconds(span.start)
        line.field("ts", nanoseconds: start)
        line.field("dur", nanoseconds: max(0, nanoseconds(span.end) - start))
        line.field("args") { $0.object { $0.field(span.round == .step ? "step" : "evaluation", span.number + 1) } }
    }

    private static func write(counter span: TraceSpan, to line: inout JSONText) {
        line.field("name", span.kind.rawValue)
        line.field("ph", "C")
        place(0, &line)
        line.field("ts", nanoseconds: nanoseconds(span.start))
        line.field("args") { $0.object { $0.field("value", span.end) } }
    }

    private static func write(_ mark: Mark, to line: inout JSONText) {
        line.field("name", mark.name)
        line.field("ph", "i")
        line.field("s", "t")
        place(mark.track, &line)
        line.field("ts", nanoseconds: nanoseconds(mark.seconds))
    }

    private static func place(_ track: Int, _ line: inout JSONText) {
        line.field("pid", track == 0 ? processes.coordinator : processes.workers)
        line.field("tid", firstThread + track)
    }

    private static func nanoseconds(_ seconds: Double) -> Int {
        Int(exactly: (seconds * 1e9).rounded()).map { max(0, $0) } ?? 0
    }
}
