import Diagnostics

/// Reads IDX files, the format in which MNIST is published, packed by gzip or not.
///
/// Format: Yann LeCun's page on MNIST, "The IDX file format".
enum IDX {
    private static let maximumByteCount = 4 << 30

    /// Reads the array in the content of a file.
    ///
    /// - Parameter shape: the extent every axis must have, nil where any will do; checked before anything is unpacked.
    /// - Throws: `Failure` of category data that names the file, if it is damaged or of another shape.
    static func array(_ file: DataMemory, shape: [Int?], path: String) throws -> SourceArray {
        guard file.byteCount >= 2, file.bytes[0] == 0x1F, file.bytes[1] == 0x8B else {
            let header = try Header(file.bytes, shape: shape, path: path)
            guard file.byteCount == header.byteCount + header.contentByteCount else {
                throw failure(path, "it has \(file.byteCount - header.byteCount) bytes for the shape \(header.shape)")
            }
            return SourceArray(file, offset: header.byteCount, shape: header.shape, format: header.format, place: path)
        }
        var inflater = Inflater(file.bytes, wrapping: .gzip, path: path)
        let start = try DataMemory(byteCount: 4 + 4 * shape.count) { target in
            let count = try inflater.read(into: target)
            guard count == target.count else { throw failure(path, "it unpacks to \(count) bytes, less than a header") }
        }
        let header = try start.withBytes { try Header($0, shape: shape, path: path) }
        guard header.contentByteCount / Inflater.maximumGrowth <= file.byteCount else {
            throw failure(path, "\(file.byteCount) bytes cannot unpack to the shape \(header.shape)")
        }
        let content = try DataMemory(byteCount: header.contentByteCount) { target in
            let count = try inflater.read(into: target)
            guard count == target.count else {
                throw failure(path, "it has \(count) bytes for the shape \(header.shape)")
            }
            try inflater.expectEnd()
        }
        return SourceArray(content, offset: 0, shape: header.shape, format: header.format, place: path)
    }

    private struct Header {
        let format: ElementFormat
        let shape: [Int]
        let byteCount: Int
        let contentByteCount: Int

        init(_ bytes: UnsafeRawBufferPointer, shape wanted: [Int?], path: String) throws {
            var cursor = ByteCursor(bytes)
            guard cursor.little(UInt16.self) == 0, let code = cursor.little(UInt8.self),
                let rank = cursor.little(UInt8.self)
            else { throw failure(path, "it does not begin as an IDX file") }
            guard let format = Self.format(code) else { throw failure(path, "its element type \(code) is unknown") }
            guard Int(rank) == wanted.count else { throw failure(path, "it has \(rank) axes, not \(wanted.count)") }
            var shape: [Int] = []
            for axis in 0..<Int(rank) {
                guard let extent = cursor.big(UInt32.self) else { throw failure(path, "its header is cut short") }
                if let needed = wanted[axis], needed != Int(extent) {
                    throw failure(path, "its axis \(axis) has the extent \(extent), not \(needed)")
                }
                shape.append(Int(extent))
            }
            guard let size = Datasets.byteCount(ofShape: shape, elementByteCount: format.byteCount),
                size <= maximumByteCount
            else { throw failure(path, "its shape \(shape) is larger than 4 GiB") }
            self.format = format
            self.shape = shape
            byteCount = cursor.offset
            contentByteCount = size
        }

        private static func format(_ code: UInt8) -> ElementFormat? {
            let (kind, byteCount): (ElementFormat.Kind, Int)
            switch code {
            case 0x08: (kind, byteCount) = (.unsigned, 1)
            case 0x09: (kind, byteCount) = (.signed, 1)
            case 0x0B: (kind, byteCount) = (.signed, 2)
            case 0x0C: (kind, byteCount) = (.signed, 4)
            case 0x0D: (kind, byteCount) = (.float, 4)
            case 0x0E: (kind, byteCount) = (.float, 8)
            default: return nil
            }
            return ElementFormat(kind: kind, byteCount: byteCount, isBigEndian: true)
        }
    }

    private static func failure(_ path: String, _ cause: String) -> Failure {
        Failure(.data, "cannot read IDX file", at: path, because: cause, remedy: "fetch it again")
    }
}
