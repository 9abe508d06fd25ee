import Datasets
import Diagnostics
import FoundationEssentials
import Questions
import Training

// A checkpoint is one safetensors file. Its arrays are the parameters and the optimizer's moments; everything else
// stands as text in the header's metadata. It holds numbers and texts only: reading it runs no code.

extension Checkpoint {
    private static let format = "lockstep-checkpoint-1"

    /// The bytes of the file.
    ///
    /// - Parameter path: where they will be written, for messages.
    /// - Throws: `Failure(.data)` if the header becomes longer than what is ever read.
    func bytes(for path: String) throws -> [UInt8] {
        var arrays = ParameterArrays.arrays(snapshot.layout, values: snapshot.parameters)
        for (index, moment) in snapshot.moments.enumerated() {
            arrays[ParameterArrays.momentPrefix + String(index)] = DataArray(moment, shape: [moment.count])
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let record = try? encoder.encode(CheckpointRecord(self)) else {
            preconditionFailure("plain numbers and words can always be encoded")
        }
        return try ArrayFile(
            arrays: arrays,
            metadata: [
                "format": Self.format, "question": identity.question, "seed": String(identity.seed),
                "data": identity.dataHash.description,
                "configuration": String(decoding: identity.configuration.canonicalJSON(), as: UTF8.self),
                "state": String(decoding: record, as: UTF8.self),
            ]
        ).bytes(for: path)
    }

    /// Reads the bytes of a file, and believes none of its numbers.
    ///
    /// - Throws: `Failure(.data)` that names the file, if it is damaged or no checkpoint.
    init(_ bytes: [UInt8], path: String) throws {
        func damaged(_ cause: String) -> Failure {
            Failure(.data, "cannot read checkpoint", at: path, because: cause)
        }
        let file = try ArrayFile(bytes, path: path, what: "checkpoint", needsChecksum: true)
        let texts = file.metadata
        guard texts["format"] == Self.format else { throw damaged("it is of another format than \(Self.format)") }
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let question = texts["question"], let seed = texts["seed"].flatMap({ UInt64($0) }),
            let hash = texts["data"].flatMap({ ContentHash(hexadecimal: $0) }),
            let configuration = texts["configuration"].flatMap({ try? Configuration(canonicalJSON: Array($0.utf8)) }),
            let record = texts["state"].flatMap({
                try? decoder.decode(CheckpointRecord.self, from: Data($0.utf8))
            }),
            let place = record.snapshotPlace, let outcome = record.outcome
        else { throw damaged("its header does not describe a training") }
        guard let (layout, values) = ParameterArrays.read(file.arrays) else {
            throw damaged("its arrays are not the parameters of a model")
        }
        var moments: [[Float]] = []
        while let array = file.arrays[ParameterArrays.momentPrefix + String(moments.count)],
            array.elementType == .float32
        {
            moments.append(Array(array.floats))
        }
        guard moments.count + layout.count == file.arrays.count else { throw damaged("it holds unknown arrays") }
        self.init(
            identity: TrainingIdentity(
                question: question, configuration: configuration, seed: seed, dataHash: hash),
            snapshot: Snapshot(
                place: place, round: record.round, generation: record.generation, outcome: outcome, layout: layout,
                parameters: values, moments: moments, optimizerSteps: record.optimizerSteps),
            seconds: record.seconds, secondsToThreshold: record.secondsToThreshold)
    }
}
