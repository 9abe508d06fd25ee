import Glibc

@testable import Datasets

extension DataSet {
    /// The bytes of an array, copied.
    func bytes(_ name: String) throws -> [UInt8] {
        let array = try self[name]
        return withExtendedLifetime(array) { Array(array.bytes) }
    }

    /// The integers of an array, copied.
    func int32s(_ name: String) throws -> [Int32] {
        let array = try self[name]
        return withExtendedLifetime(array) { Array(array.int32s) }
    }

    /// The floats of an array, copied.
    func floats(_ name: String) throws -> [Float] {
        let array = try self[name]
        return withExtendedLifetime(array) { Array(array.floats) }
    }
}

/// The content of a file.
func content(of path: String) throws -> [UInt8] {
    try FileReader.read(path).withBytes { Array($0) }
}

/// Whether two arrays hold the same bytes.
func isSame(_ left: DataArray, _ right: DataArray) -> Bool {
    withExtendedLifetime((left, right)) {
        let (one, other) = (left.rawBytes, right.rawBytes)
        guard one.count == other.count, let start = one.baseAddress, let otherStart = other.baseAddress else {
            return one.count == other.count
        }
        return memcmp(start, otherStart, one.count) == 0
    }
}
