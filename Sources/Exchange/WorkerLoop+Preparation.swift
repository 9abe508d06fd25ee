import Datasets
import Diagnostics
import Messaging
import Questions
import Training

// How a worker prepares for a question.
extension WorkerLoop {
    /// Builds the question, from the cached data set or after asking for it.
    func prepare(_ prepare: Prepare, epoch: UInt32) throws {
        self.epoch = epoch
        seed = prepare.seed
        runner = nil
        parameters = nil
        gradient = nil
        download = nil
        guard let type = QuestionCatalog.named(prepare.question) else {
            throw Failure(
                .workers, "unknown question", at: prepare.question, because: "this worker's build does not have it",
                remedy: "build the same sources on every host")
        }
        question = try QuestionCatalog.make(type, Configuration(canonicalJSON: prepare.configuration))
        // Who shares memory with the coordinator shares the file that it has just verified, too.
        if let data = cache.load(prepare.dataHash, isVerified: seat != nil) { return try start(with: data) }
        guard let size = Int(exactly: prepare.dataSize) else {
            throw Failure(.workers, "malformed message", because: "a data set of \(prepare.dataSize) bytes")
        }
        download = try DataSetReceiver(prepare.dataHash, byteCount: size, into: cache)
        requested = 0
        dataSize = size
        // Several requests under way hide the time a piece travels.
        for _ in 0..<8 { try requestNextPiece() }
    }

    private func requestNextPiece() throws {
        guard requested < dataSize else { return }
        try send(.dataRequest, step: UInt64(requested))
        requested += DataFile.pieceSize
    }

    func append(_ piece: Frame) throws {
        guard let download else { return }
        try piece.withBytes { try download.append($0) }
        if download.missingByteCount == 0 {
            self.download = nil
            try start(with: download.finish())
        } else {
            try requestNextPiece()
        }
    }

    private func start(with data: DataSet) throws {
        guard let question else { return }
        self.data = data
        exampleCounts = [:]
        let runner = try ShardRunner(question, data: data, seed: seed, crew: crew)
        self.runner = runner
        try seat?.prepare(parameterCount: runner.parameterCount)
        try send(.ready, step: UInt64(runner.parameterCount))
    }
}
