import Testing

@testable import Launching

@Suite struct FreeMemoryTests {
    @Test func `There is some`() throws {
        #expect(try #require(FreeMemory.bytes()) > 1 << 20)
    }

    @Test(
        arguments: [
            ([:], 3 << 20), (["/a/b": "max\n"], 3 << 20), (["/a/b": "1048576\n"], 1 << 20),
            (["/a/b": "max\n", "/a": "2097152\n"], 2 << 20), (["/a/b": "1048576", "": "2097152"], 1 << 20),
            (["": "x\n"], 3 << 20), (["/a": "9999999999"], 3 << 20),
        ] as [([String: String], Int)]) func `The smallest limit up to the root counts`(
            _ files: [String: String], _ expected: Int
        )
    {
        let bytes = FreeMemory.bytes { path in
            switch path {
            case "/proc/self/cgroup": "0::/a/b\n"
            case "/proc/meminfo": "MemTotal: 9 kB\nMemFree: 8 kB\nMemAvailable:    3072 kB\n"
            default: files.first { path == "/sys/fs/cgroup\($0.key)/memory.max" }?.value
            }
        }
        #expect(bytes == expected)
    }

    @Test(arguments: [nil, "", "MemAvailable: x kB\n", "MemAvailable: 5 MB\n", "MemAvailable: -1 kB\n"])
    func `What is not told is not known`(_ text: String?) {
        #expect(FreeMemory.bytes { $0 == "/proc/meminfo" ? text : nil } == nil)
    }
}
