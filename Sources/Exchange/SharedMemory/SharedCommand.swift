import Diagnostics
import Questions
import Training

/// A piece of work on the board.
///
///     0 sequence u32   4 epoch u32   8 kind u8   9 split u8   12 first shard u32   16 shards u32   20 examples u32
///     24 round u64   32 generation u64   40 step u64   64 bounds i32, one more than shards   512 examples i32
enum SharedCommand {
    private static let bounds = 64
    private static let examples = 512
    private static let mostShards = (examples - bounds) / 4 - 1
    private static let mostExamples = (BoardLayout.commandByteCount - examples) / 4

    /// Writes a piece of work; false if it is too large.
    static func write(
        _ work: Work, epoch: UInt32, sequence: UInt32, to memory: UnsafeMutableRawPointer
    ) -> Bool {
        guard work.shards.count <= mostShards, work.examples.count <= mostExamples,
            work.bounds.count == work.shards.count + 1, work.shards.upperBound <= 1 << 31
        else { return false }
        memory.storeBytes(of: sequence, toByteOffset: 0, as: UInt32.self)
        memory.storeBytes(of: epoch, toByteOffset: 4, as: UInt32.self)
        memory.storeBytes(of: work.kind.rawValue, toByteOffset: 8, as: UInt8.self)
        memory.storeBytes(of: work.split.rawValue, toByteOffset: 9, as: UInt8.self)
        memory.storeBytes(of: UInt32(work.shards.lowerBound), toByteOffset: 12, as: UInt32.self)
        memory.storeBytes(of: UInt32(work.shards.count), toByteOffset: 16, as: UInt32.self)
        memory.storeBytes(of: UInt32(work.examples.count), toByteOffset: 20, as: UInt32.self)
        memory.storeBytes(of: work.round, toByteOffset: 24, as: UInt64.self)
        memory.storeBytes(of: work.generation, toByteOffset: 32, as: UInt64.self)
        memory.storeBytes(of: work.step, toByteOffset: 40, as: UInt64.self)
        copy(work.bounds, to: memory + bounds)
        copy(work.examples, to: memory + examples)
        return true
    }

    /// Reads a piece of work, checking every number.
    ///
    /// - Parameters:
    ///   - boundsBuffer: memory for its bounds, used again from piece to piece.
    ///   - examplesBuffer: memory for its examples.
    /// - Throws: `Failure(.workers)` if it is not the one of the sequence, or contradicts itself.
    static func read(
        from memory: UnsafeRawPointer, sequence: UInt32, boundsBuffer: inout [Int32], examplesBuffer: inout [Int32]
    ) throws -> (epoch: UInt32, work: Work) {
        let start = Int(memory.load(fromByteOffset: 12, as: UInt32.self))
        let shards = Int(memory.load(fromByteOffset: 16, as: UInt32.self))
        let count = Int(memory.load(fromByteOffset: 20, as: UInt32.self))
        guard memory.load(as: UInt32.self) == sequence, (1...mostShards).contains(shards), count <= mostExamples,
            let kind = Work.Kind(rawValue: memory.load(fromByteOffset: 8, as: UInt8.self)),
            let split = Split(rawValue: memory.load(fromByteOffset: 9, as: UInt8.self))
        else { throw malformed }
        fill(&boundsBuffer, from: memory + bounds, count: shards + 1)
        fill(&examplesBuffer, from: memory + examples, count: count)
        guard boundsBuffer[0] == 0, Int(boundsBuffer[shards]) == count,
            (0..<shards).allSatisfy({ boundsBuffer[$0] <= boundsBuffer[$0 + 1] })
        else { throw malformed }
        let work = Work(
            kind: kind, round: memory.load(fromByteOffset: 24, as: UInt64.self),
            generation: memory.load(fromByteOffset: 32, as: UInt64.self),
            step: memory.load(fromByteOffset: 40, as: UInt64.self), split: split, shards: start..<start + shards,
            bounds: boundsBuffer, examples: examplesBuffer[...])
        return (memory.load(fromByteOffset: 4, as: UInt32.self), work)
    }

    private static var malformed: Failure {
        Failure(.workers, "malformed command in shared memory", because: "a piece of work contradicts itself")
    }

    private static func copy(_ numbers: some Collection<Int32>, to memory: UnsafeMutableRawPointer) {
        numbers.withContiguousStorageIfAvailable { source in
            guard let start = source.baseAddress else { return }
            memory.copyMemory(from: start, byteCount: 4 * source.count)
        }
    }

    private static func fill(_ buffer: inout [Int32], from memory: UnsafeRawPointer, count: Int) {
        buffer.removeAll(keepingCapacity: true)
        buffer.append(
            contentsOf: UnsafeBufferPointer(start: memory.assumingMemoryBound(to: Int32.self), count: count))
    }
}
