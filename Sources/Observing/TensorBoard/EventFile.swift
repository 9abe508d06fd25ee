import Diagnostics
import Glibc

/// A file of events as TensorBoard reads it: records (length and checksum, message and checksum) of `Event` messages.
///
/// Source: TensorBoard's `event.proto`, `summary.proto` and `tensor.proto`, and TensorFlow's TFRecord format.
struct EventFile {
    private let file: BackgroundFile
    private var message = ProtobufWriter()
    private var record: [UInt8] = []

    /// Begins a file in a folder, whose name tells of time, host and process, so that none takes the place of another.
    ///
    /// - Throws: `Failure` (data) if it cannot be created.
    init(in folder: String, at moment: Moment) throws {
        let name = "events.out.tfevents.\(Int(moment.unixTime)).\(Self.host).\(getpid())"
        file = try BackgroundFile("\(folder)/\(name)", for: "events for TensorBoard")
        add(step: 0, at: moment) { $0.add(3, "brain.Event:2") }
    }

    /// Why nothing is written any more, the first time somebody asks; nil at other times.
    func newFailure() -> Failure? { file.newFailure() }

    /// Waits until everything is written.
    ///
    /// - Throws: `Failure` (data) for the first thing that could not be written.
    func finish() throws { try file.finish() }

    /// Writes numbers of a step, each under its tag.
    mutating func add(_ scalars: [(tag: String, value: Double)], step: Int, at moment: Moment) {
        addSummary(step: step, at: moment) { summary in
            for (tag, value) in scalars {
                summary.add(1) {
                    $0.add(1, tag)
                    $0.add(2, Float(value))
                }
            }
        }
    }

    /// Writes a text, which TensorBoard shows as Markdown.
    mutating func add(_ tag: String, text: String, step: Int, at moment: Moment) {
        addSummary(step: step, at: moment) { summary in
            summary.add(1) { value in
                value.add(1, tag)
                value.add(9) { $0.add(1) { $0.add(1, "text") } }
                value.add(8) { tensor in
                    tensor.add(1, 7)  // of strings
                    tensor.add(2) { $0.add(2) { $0.add(1, 1) } }
                    tensor.add(8, text)
                }
            }
        }
    }

    /// Writes an image.
    mutating func add(_ tag: String, image: Raster, step: Int, at moment: Moment) {
        addSummary(step: step, at: moment) { summary in
            summary.add(1) { value in
                value.add(1, tag)
                value.add(4) {
                    $0.add(1, image.height)
                    $0.add(2, image.width)
                    $0.add(3, 3)  // red, green and blue
                    $0.add(4, image.png())
                }
            }
        }
    }

    private mutating func addSummary(step: Int, at moment: Moment, _ body: (inout ProtobufWriter) -> Void) {
        add(step: step, at: moment) { $0.add(5, body) }
    }

    private mutating func add(step: Int, at moment: Moment, _ body: (inout ProtobufWriter) -> Void) {
        message.removeAll()
        message.add(1, moment.unixTime)
        message.add(2, step)
        body(&message)
        record.removeAll(keepingCapacity: true)
        let length = withUnsafeBytes(of: UInt64(message.bytes.count).littleEndian, Array.init)
        append(length)
        append(message.bytes)
        file.append(record)
    }

    /// Appends bytes to the record, and their checksum.
    private mutating func append(_ bytes: [UInt8]) {
        record += bytes
        withUnsafeBytes(of: CRC32C.masked(bytes).littleEndian) { record += $0 }
    }

    /// The name of this machine, with nothing in it that a path could misread.
    private static var host: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        let name = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let clean = String(decoding: name, as: UTF8.self).map { $0 == "/" || $0.isWhitespace ? "-" : $0 }
        return clean.isEmpty ? "unknown" : String(clean)
    }
}
