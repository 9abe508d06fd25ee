import Datasets
import Diagnostics
import Messaging
import Questions
import Tensors
import Training

/// The first words of a worker.
struct Hello {
    var version: String
    var architecture: String
    var host: String
    var pid: Int32
    var cores: UInt16
    var secret: [UInt8]
    /// Its seat at the memory shared with the coordinator; nil if it has none.
    var seat: UInt16?

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(version)
        writer.write(architecture)
        writer.write(host)
        writer.write(pid)
        writer.write(cores)
        writer.write(secret)
        writer.write(seat ?? .max)
        return writer.bytes
    }

    init(
        version: String, architecture: String, host: String, pid: Int32, cores: UInt16, secret: [UInt8],
        seat: UInt16? = nil
    ) {
        self.version = version
        self.architecture = architecture
        self.host = host
        self.pid = pid
        self.cores = cores
        self.secret = secret
        self.seat = seat
    }

    init(_ frame: Frame) throws {
        self = try frame.decode { reader in
            Hello(
                version: try reader.readString(maximum: 64), architecture: try reader.readString(maximum: 64),
                host: try reader.readString(maximum: 256), pid: try reader.read(), cores: try reader.read(),
                secret: try reader.readBytes(maximum: 64), seat: try reader.read())
        }
        if seat == .max { seat = nil }
    }
}

/// A question to prepare for.
struct Prepare {
    var question: String
    var configuration: [UInt8]
    var seed: UInt64
    var dataHash: ContentHash
    var dataSize: UInt64

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(question)
        writer.write(configuration)
        writer.write(seed)
        writer.write(dataHash.bytes)
        writer.write(dataSize)
        return writer.bytes
    }

    init(question: String, configuration: [UInt8], seed: UInt64, dataHash: ContentHash, dataSize: UInt64) {
        self.question = question
        self.configuration = configuration
        self.seed = seed
        self.dataHash = dataHash
        self.dataSize = dataSize
    }

    init(_ frame: Frame) throws {
        self = try frame.decode { reader in
            Prepare(
                question: try reader.readString(maximum: 64), configuration: try reader.readBytes(maximum: 65_536),
                seed: try reader.read(), dataHash: try ContentHash.read(&reader), dataSize: try reader.read())
        }
    }
}

/// Why somebody cannot go on, as the line a person will read, and its exit code.
struct Complaint {
    var category: Int32
    var line: String

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(category)
        writer.write(String(line.prefix(1000)))
        return writer.bytes
    }

    init(category: Int32, line: String) {
        self.category = category
        self.line = line
    }

    init(_ error: any Error) {
        let failure = error as? Failure
        category = (failure?.category ?? .workers).rawValue
        line = failure?.description ?? "\(error)"
    }

    init(_ frame: Frame) throws {
        self = try frame.decode { reader in
            // It is shown to people, so it may neither break lines nor steer a terminal.
            let category: Int32 = try reader.read()
            let scalars = try reader.readString(maximum: 4096).unicodeScalars
            let line = String.UnicodeScalarView(scalars.map { $0.properties.generalCategory == .control ? " " : $0 })
            return Complaint(category: category, line: String(line))
        }
    }
}

extension Work {
    /// The body of a message; round and shards travel in the header.
    func encodedBody() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(kind.rawValue)
        writer.write(split.rawValue)
        writer.write(generation)
        writer.write(step)
        writer.write(bounds) { $0.write($1) }
        writer.write(examples) { $0.write($1) }
        return writer.bytes
    }

    /// Reads a body, checking that the shards' bounds and the examples fit together.
    init(_ frame: Frame, round: UInt64, shards: Range<Int>) throws {
        self = try frame.decode { reader in
            let kind = Kind(rawValue: try reader.read())
            let split = Split(rawValue: try reader.read())
            let generation: UInt64 = try reader.read()
            let step: UInt64 = try reader.read()
            let bounds: [Int32] = try reader.readArray(maximum: shards.count + 1) { try $0.read() }
            let examples: [Int32] = try reader.readArray(maximum: 1 << 26) { try $0.read() }
            guard let kind, let split, bounds.count == shards.count + 1, bounds.first == 0,
                bounds.last.map(Int.init) == examples.count, zip(bounds, bounds.dropFirst()).allSatisfy({ $0 <= $1 })
            else { throw Failure(.workers, "malformed message", because: "a piece of work contradicts itself") }
            return Work(
                kind: kind, round: round, generation: generation, step: step, split: split, shards: shards,
                bounds: bounds, examples: examples[...])
        }
    }
}

/// The numbers of an answer; round and shards travel in the header, the gradient in a frame of its own.
struct ResultBody {
    var loss: Double
    var terms: Int64
    var correct: Int64
    /// -1 for none.
    var mistake: Int64
    var computeSeconds: Double

    init(loss: Double, terms: Int64, correct: Int64, mistake: Int64, computeSeconds: Double) {
        self.loss = loss
        self.terms = terms
        self.correct = correct
        self.mistake = mistake
        self.computeSeconds = computeSeconds
    }

    init(_ result: WorkResult, computeSeconds: Double) {
        loss = result.partial.loss
        terms = Int64(result.partial.terms)
        correct = Int64(result.partial.correct)
        mistake = result.mistake.map(Int64.init) ?? -1
        self.computeSeconds = computeSeconds
    }

    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(loss)
        writer.write(terms)
        writer.write(correct)
        writer.write(mistake)
        writer.write(computeSeconds)
        return writer.bytes
    }

    init(_ frame: Frame) throws {
        (loss, terms, correct, mistake, computeSeconds) = try frame.decode { reader in
            (
                try reader.readDouble(), try reader.read(), try reader.read(), try reader.read(),
                try reader.readDouble()
            )
        }
        try check()
    }

    /// Sees that the numbers are possible at all.
    func check() throws {
        guard (0..<1 << 48).contains(terms), (0...terms).contains(correct), (-1..<1 << 31).contains(mistake),
            computeSeconds >= 0, computeSeconds < 1e9
        else { throw Failure(.workers, "malformed message", because: "an answer with impossible counts") }
    }

    /// The answer to the work on some shards of a round.
    func result(round: UInt64, shards: Range<Int>, gradient: Storage?) -> WorkResult {
        WorkResult(
            round: round, shards: shards,
            partial: Partial(loss: loss, terms: Int(terms), correct: Int(correct), gradient: gradient),
            mistake: mistake < 0 ? nil : Int(mistake), computeSeconds: computeSeconds)
    }
}

extension ContentHash {
    static func read(_ reader: inout ByteReader) throws -> ContentHash {
        guard let hash = ContentHash(bytes: try reader.readBytes(maximum: byteCount)) else {
            throw Failure(.workers, "malformed message", because: "a content hash of the wrong length")
        }
        return hash
    }
}
