import Foundation
import Testing

/// A step allocates nothing, neither in the coordinator nor in its workers: counted, with every thread.
@Suite(.serialized, .timeLimit(.minutes(5))) struct AllocationTests {
    /// The allocations a step of a run of q3, counted behind the first ten steps.
    private func allocations(_ scratch: Scratch, workers: Int, counted: Bool = true) throws -> Double? {
        var environment = scratch.environment
        if counted {
            environment["LD_PRELOAD"] = Program.folder.appendingPathComponent("libAllocationCounter.so").path
        }
        let report = scratch.file("report.json")
        let result = try Program.run(
            "benchmark",
            [
                "scaling", "--data", scratch.data, "--workers", "\(workers)", "--steps", "100", "--rounds", "1",
                "--set",
                "batchSize=64", "--report", report, "q3",
            ], environment: environment)
        try #require(result.status == 0, "\(result.errors)")
        let data = try Data(contentsOf: URL(fileURLWithPath: report))
        let whole = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let run = try #require((whole["runs"] as? [[String: Any]])?.first { $0["workers"] as? Int == workers })
        return run["allocations"] as? Double
    }

    @Test(arguments: 1...4) func `After the first steps a step allocates nothing`(_ workers: Int) throws {
        let scratch = try Scratch()
        var counts: [Double] = []
        // Once a second a heartbeat comes by message, which allocates; of some short runs one is without.
        repeat {
            counts.append(try #require(try allocations(scratch, workers: workers)))
        } while counts.last != 0 && counts.count < 8
        #expect(counts.last == 0, "\(counts)")
    }

    @Test func `Nobody counts unless asked`() throws {
        #expect(try allocations(try Scratch(), workers: 1, counted: false) == nil)
    }
}
