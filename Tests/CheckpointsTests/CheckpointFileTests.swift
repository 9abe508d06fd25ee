import Diagnostics
import Testing
import Training

@testable import Checkpoints

/// A checkpoint as bytes: the same after reading, and never believed when damaged.
@Suite struct CheckpointFileTests {
    private static let places: [Snapshot.Place] = [
        .start, .finished, .training(Snapshot.Position(epoch: 1, batch: 2, lossOfEpoch: 1e-300, termsOfEpoch: 4)),
        .validating(Snapshot.Position(epoch: 1, batch: 0, lossOfEpoch: -.infinity)), .scoring([.test, .unseen]),
        .searching(Snapshot.SearchPosition(epoch: 3, next: 5, mistakesInEpoch: 2)),
    ]

    @Test(arguments: places) func whatIsReadIsWhatWasWritten(place: Snapshot.Place) throws {
        let checkpoint = try Sample.checkpoint(place)
        let read = try Checkpoint(checkpoint.bytes(for: "x"), path: "x")
        #expect(read == checkpoint)
        #expect(read.snapshot.parameters.map(\.bitPattern) == checkpoint.snapshot.parameters.map(\.bitPattern))
    }

    @Test func truncationIsFoundAtEveryByte() throws {
        let bytes = try Sample.checkpoint().bytes(for: "x")
        for count in 0..<bytes.count {
            let failure = #expect(throws: Failure.self) { _ = try Checkpoint(Array(bytes.prefix(count)), path: "x") }
            #expect(failure?.category == .data)
        }
        #expect(throws: Failure.self) { _ = try Checkpoint(bytes + [0], path: "x") }
    }

    @Test func aFlippedBitIsFoundAtEveryByte() throws {
        let bytes = try Sample.checkpoint().bytes(for: "x")
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << bit
                let failure = #expect(throws: Failure.self) { _ = try Checkpoint(damaged, path: "x") }
                #expect(failure?.description.contains("x") == true)
            }
        }
    }

    /// Lies whose checksum is right: refused by reading, or left to the session, but never a trap.
    @Test(arguments: [
        ("\"round\\\":12", "\"round\\\":-2"), ("\"round\\\":12", "\"round\\\":1.5"),
        ("\"steps\\\":11", "\"steps\\\":1e99"), ("\"place\\\":\\\"training", "\"place\\\":\\\"trainink"),
        ("validation", "validatiom"), ("lockstep-checkpoint-1", "lockstep-checkpoint-2"),
        ("18446744073709551615", "18446744073709551616"), ("[2,1]", "[9,1]"), ("[2,1]", "[-2,-1]"),
        ("000.a.weight", "001.a.weight"), ("001.b.bias", "002.b.bias"), ("001.b.bias", "01.bb.bias"),
        ("moments.1", "moments.2"), ("\"epoch\\\":2", "\"epocc\\\":2"),
    ])
    func aLieWithARightChecksumIsRefused(truth: String, lie: String) throws {
        let bytes = try Sample.checkpoint().bytes(for: "x")
        let lied = try Forgery.replace(truth, by: lie, in: bytes)
        #expect(throws: Failure.self) { _ = try Checkpoint(lied, path: "x") }
    }

    @Test func theForgeryItselfHasARightChecksum() throws {
        let bytes = try Sample.checkpoint().bytes(for: "x")
        let read = try Checkpoint(Forgery.replace("\"round\\\":12", by: "\"round\\\":13", in: bytes), path: "x")
        #expect(read.snapshot.round == 13)
    }

    /// Builds before did not keep what they had skipped.
    @Test func aFileWithoutSkippedStepsIsRead() throws {
        var bytes = try Sample.checkpoint().bytes(for: "x")
        bytes = try Forgery.replace("\"skippedInARow\\\":1,\\", by: "", in: bytes)
        bytes = try Forgery.replace("\"skippedSteps\\\":4,\\", by: "", in: bytes)
        let read = try Checkpoint(bytes, path: "x").snapshot
        #expect(read.outcome.skippedSteps == 0)
        guard case .training(let position) = read.place else { throw Failure(.data, "read another place") }
        #expect(position.skippedInARow == 0 && position.termsOfEpoch == 9)
    }

    @Test func theSameCheckpointGivesTheSameBytes() throws {
        #expect(try Sample.checkpoint().bytes(for: "x") == Sample.checkpoint().bytes(for: "y"))
    }

    @Test(arguments: [
        (["batchSize=9"], "had batchSize=8, not 9"), (["extra=1"], "had no extra, not 1"),
        (["name=b"], "had name=\"a \\\" b\", not \"b\""),
    ])
    func anotherRecipeIsNamed(settings: [String], difference: String) throws {
        let failure = #expect(throws: Failure.self) {
            try Sample.checkpoint().check(belongsTo: Sample.identity(settings), path: "file")
        }
        #expect(failure?.category == .data)
        #expect(failure?.description.contains(difference) == true, "\(failure?.description ?? "")")
    }

    @Test func anotherSeedDataSetOrQuestionIsNamed() throws {
        let checkpoint = try Sample.checkpoint()
        var identity = try Sample.identity()
        try checkpoint.check(belongsTo: identity, path: "file")
        identity.seed = 5
        identity.dataHash = [1].withUnsafeBytes { .init(of: $0) }
        let failure = #expect(throws: Failure.self) { try checkpoint.check(belongsTo: identity, path: "file") }
        #expect(
            failure?.cause == "its training had seed 18446744073709551615, not 5, and had another data set")
        identity.question = "q4"
        let other = #expect(throws: Failure.self) { try checkpoint.check(belongsTo: identity, path: "file") }
        #expect(other?.cause == "it is of q3")
    }
}
