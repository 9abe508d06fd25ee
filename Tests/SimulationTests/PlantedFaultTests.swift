import Checkpoints
import Datasets
import Tensors
import Testing
import Training

@testable import Simulation

/// Faults put between the parts on purpose: a simulation that does not see them would see none.
@Suite struct PlantedFaultTests {
    /// Whether, among some seeds with a fault planted in each, one is found wrong with certain words.
    private func isFound(_ words: String, _ plant: Simulator.Plant, seeds: Range<UInt64> = 0..<480) throws -> Bool {
        let campaign = try Campaign()
        return seeds.contains { campaign.check($0, plant: plant).problem?.contains(words) == true }
    }

    @Test func aPlantedDoubleApplyIsCaught() throws {
        var plant = Simulator.Plant()
        plant.handler = { session, event, now in
            let stale = session.outcome.staleAnswers
            let actions = try session.handle(event, at: now)
            if session.outcome.staleAnswers > stale, case .answered(_, let result) = event,
                let gradient = result.partial.gradient
            {
                // What is stale goes into the parameters once more.
                let values = session.parameters.values
                for index in 0..<values.count { values.pointer[index] -= 0.05 * gradient.pointer[index] }
            }
            return actions
        }
        #expect(try isFound("did not end as the quiet run", plant))
    }

    @Test func aPlantedLostShardIsCaught() throws {
        var plant = Simulator.Plant()
        plant.handler = { session, event, now in
            guard case .answered(let worker, var result) = event, session.outcome.shardsReissued > 0,
                result.shards.lowerBound > 0, result.partial.gradient != nil
            else { return try session.handle(event, at: now) }
            // After a loss, what the upper shards found counts as nothing.
            result.partial.gradient = Storage(count: session.parameters.count)
            return try session.handle(.answered(worker, result), at: now)
        }
        #expect(try isFound("did not end as the quiet run", plant))
    }

    @Test func aPlantedEarlySuccessIsCaught() throws {
        var plant = Simulator.Plant()
        plant.handler = { session, event, now in
            let actions = try session.handle(event, at: now)
            return session.outcome.workersLost > 0 ? actions + [.finish] : actions
        }
        #expect(try isFound("did not end as the quiet run", plant))
    }

    @Test func aPlantedSuccessOfADivergedRunIsCaught() throws {
        var plant = Simulator.Plant()
        plant.handler = { session, event, now in
            do { return try session.handle(event, at: now) } catch { return [.finish] }
        }
        #expect(try isFound("it succeeded instead of", plant))
    }

    @Test func aPlantedDeafSessionHangs() throws {
        var plant = Simulator.Plant()
        plant.handler = { session, event, now in
            if case .answered = event { return [] }
            if case .tick = event { return [] }
            return try session.handle(event, at: .zero)
        }
        #expect(try isFound("hangs", plant, seeds: 1..<2))
    }

    @Test func aPlantedReaderThatAcceptsDamagedFilesIsCaught() throws {
        var plant = Simulator.Plant()
        plant.store = { PlantedStore($0, makesChecksumsRight: true) }
        #expect(try isFound("taken for a good one", plant))
    }

    @Test func aPlantedSynchronizationOfFilesThatIsNeverDoneIsCaught() throws {
        var plant = Simulator.Plant()
        plant.store = { PlantedStore($0, synchronizesFiles: false) }
        #expect(try isFound("said to be kept, was lost", plant))
    }

    @Test func aPlantedSynchronizationOfTheFolderThatIsNeverDoneIsCaught() throws {
        var plant = Simulator.Plant()
        plant.store = { PlantedStore($0, synchronizesNames: false) }
        #expect(try isFound("said to be kept, was lost", plant))
    }

    @Test func aPlantedDeafnessToAFullDiskIsCaught() throws {
        var plant = Simulator.Plant()
        plant.store = { PlantedStore($0, hearsFailures: false) }
        #expect(try isFound("said to be kept, was lost", plant))
    }
}

/// A store that leaves out what it should do.
private struct PlantedStore: CheckpointStore {
    let disk: SimulatedDisk
    let makesChecksumsRight: Bool
    let synchronizesFiles: Bool
    let synchronizesNames: Bool
    let hearsFailures: Bool

    init(
        _ disk: SimulatedDisk, makesChecksumsRight: Bool = false, synchronizesFiles: Bool = true,
        synchronizesNames: Bool = true, hearsFailures: Bool = true
    ) {
        self.disk = disk
        self.makesChecksumsRight = makesChecksumsRight
        self.synchronizesFiles = synchronizesFiles
        self.synchronizesNames = synchronizesNames
        self.hearsFailures = hearsFailures
    }

    var path: String { disk.path }
    func names() throws -> [String] { try disk.names() }
    func rename(_ name: String, to newName: String) throws { try disk.rename(name, to: newName) }
    func remove(_ name: String) throws { try disk.remove(name) }
    func synchronize() throws { if synchronizesNames { try disk.synchronize() } }

    func read(_ name: String) throws -> [UInt8] {
        var bytes = try disk.read(name)
        let digits = 8 + "{\"__metadata__\":{\"blake2b\":\"".utf8.count
        guard makesChecksumsRight, bytes.count >= digits + 64 else { return bytes }
        bytes.replaceSubrange(digits..<digits + 64, with: [UInt8](repeating: UInt8(ascii: "0"), count: 64))
        let hash = bytes.withUnsafeBytes { ContentHash(of: $0) }
        bytes.replaceSubrange(digits..<digits + 64, with: Array(hash.description.utf8))
        return bytes
    }

    func create(_ name: String) throws -> any CheckpointOutput {
        Output(store: self, file: try disk.create(name))
    }

    private struct Output: CheckpointOutput {
        let store: PlantedStore
        let file: any CheckpointOutput

        func write(_ bytes: [UInt8]) throws {
            if store.hearsFailures { try file.write(bytes) } else { try? file.write(bytes) }
        }

        func synchronize() throws { if store.synchronizesFiles { try file.synchronize() } }
    }
}
