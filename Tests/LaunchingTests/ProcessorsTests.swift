import Testing

@testable import Launching

@Suite struct ProcessorsTests {
    @Test func `There is at least one processor`() {
        #expect(Processors.available() >= 1)
        #expect(Set(Processors.features()).count == Processors.features().count)
    }

    @Test(
        arguments: [
            (["/a/b": "200000 100000"], 2), (["/a/b": "max 100000"], nil),
            (["/a/b": "150000 100000", "/a": "50000 100000"], 0.5),
            (["": "400000 100000", "/a": "max 100000"], 4), ([:], nil), (["/a/b": ""], nil), (["/a/b": "x y"], nil),
            (["/a/b": "1 0"], nil), (["/a/b": "-1 100000"], nil), (["/a/b": "nan 1"], nil), (["/a/b": "inf 1"], nil),
        ] as [([String: String], Double?)]) func `The smallest quota up to the root counts`(
            _ files: [String: String], _ expected: Double?
        )
    {
        let quota = Processors.quota { path in
            if path == "/proc/self/cgroup" { return "1:name=old:/x\n0::/a/b\n" }
            return files.first { path == "/sys/fs/cgroup\($0.key)/cpu.max" }?.value
        }
        #expect(quota == expected)
    }

    @Test(arguments: [nil, "", "1:cpu:/x\n"]) func `Without control groups of version 2 there is no quota`(
        _ text: String?
    ) {
        #expect(Processors.quota { $0 == "/proc/self/cgroup" ? text : "100000 100000" } == nil)
    }
}
