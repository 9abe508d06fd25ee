import Diagnostics

/// A zip archive in memory: its directory, and the content of its entries.
///
/// Format: PKWARE APPNOTE 6.3. Entries may be stored or deflated, and zip64; archives in several parts, encrypted
/// entries and entries that overlap are refused. Reading from several threads is safe.
struct ZipArchive {
    /// The largest entry that is unpacked.
    static let maximumByteCount = 4 << 30

    /// The entries in the order of the directory.
    let entries: [ZipEntry]
    /// The whole archive.
    let memory: DataMemory
    private let path: String
    private let directoryOffset: Int

    /// Reads the directory of an archive.
    ///
    /// - Throws: `Failure` of category data that names the file, if it is no archive or damaged.
    init(contentsOf path: String) throws {
        let memory = try FileReader.read(path)
        let directory = try ZipDirectory(memory.bytes, path: path)
        var cursor = ByteCursor(memory.bytes, at: directory.offset)
        var entries: [ZipEntry] = []
        for _ in 0..<directory.entryCount {
            entries.append(try ZipEntry(&cursor, path: path))
        }
        guard cursor.offset == directory.offset + directory.byteCount else {
            throw Self.failure(path, "its directory is damaged")
        }
        self.entries = entries
        self.memory = memory
        self.path = path
        directoryOffset = directory.offset
        try refuseOverlaps()
    }

    /// Unpacks the first bytes of an entry, without a check of the checksum.
    func prefix(of entry: ZipEntry, byteCount: Int) throws -> DataMemory {
        try unpack(entry, byteCount: min(byteCount, entry.byteCount))
    }

    /// Unpacks an entry and verifies its checksum.
    ///
    /// - Throws: `Failure` of category data that names archive and entry, if it is damaged or too large.
    func content(of entry: ZipEntry) throws -> DataMemory {
        let content = try unpack(entry, byteCount: entry.byteCount)
        guard content.withBytes(crc32) == entry.checksum else {
            throw failure(entry, "its content does not have the checksum that the archive gives")
        }
        return content
    }

    private func unpack(_ entry: ZipEntry, byteCount: Int) throws -> DataMemory {
        let packed = try packedBytes(of: entry)
        // Checked before any memory is taken: what a packed entry declares must be possible.
        guard entry.byteCount <= Self.maximumByteCount else { throw failure(entry, "it unpacks to more than 4 GiB") }
        guard entry.byteCount / Inflater.maximumGrowth <= entry.packedByteCount else {
            throw failure(entry, "\(entry.packedByteCount) bytes cannot unpack to \(entry.byteCount)")
        }
        return try DataMemory(byteCount: byteCount) { target in
            switch entry.method {
            case .stored: target.copyMemory(from: UnsafeRawBufferPointer(rebasing: packed[..<byteCount]))
            case .deflated:
                var inflater = Inflater(packed, wrapping: .none, path: "\(path), entry '\(entry.name)'")
                let count = try inflater.read(into: target)
                guard count == byteCount else {
                    throw failure(entry, "it unpacks to \(count) bytes, not to \(entry.byteCount)")
                }
                if byteCount == entry.byteCount { try inflater.expectEnd() }
            }
        }
    }

    private func packedBytes(of entry: ZipEntry) throws -> UnsafeRawBufferPointer {
        var cursor = ByteCursor(memory.bytes, at: entry.headerOffset)
        guard cursor.little(UInt32.self) == 0x0403_4B50, cursor.skip(4) != nil,
            cursor.little(UInt16.self) == entry.method.rawValue, cursor.skip(16) != nil,
            let nameLength = cursor.little(UInt16.self), let extraLength = cursor.little(UInt16.self),
            let name = cursor.take(Int(nameLength)), name.elementsEqual(entry.name.utf8),
            cursor.skip(Int(extraLength)) != nil, let packed = cursor.take(entry.packedByteCount),
            cursor.offset <= directoryOffset
        else { throw failure(entry, "the archive is damaged or cut short there") }
        return packed
    }

    /// Entries that share bytes are the mark of an archive made to unpack to far more than its size.
    private func refuseOverlaps() throws {
        var end = 0
        for entry in entries.sorted(by: { $0.headerOffset < $1.headerOffset }) {
            let (next, overflows) = entry.headerOffset.addingReportingOverflow(entry.packedByteCount)
            guard entry.headerOffset >= end, !overflows, next <= directoryOffset else {
                throw failure(entry, "it overlaps another part of the archive")
            }
            end = next
        }
        guard Set(entries.map(\.name)).count == entries.count else {
            throw Self.failure(path, "two entries have the same name")
        }
    }

    private func failure(_ entry: ZipEntry, _ cause: String) -> Failure {
        Self.failure("\(path), entry '\(entry.name)'", cause)
    }

    static func failure(_ place: String, _ cause: String) -> Failure {
        Failure(.data, "cannot read zip archive", at: place, because: cause, remedy: "fetch it again")
    }
}
