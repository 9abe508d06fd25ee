import Diagnostics

/// Where the central directory of a zip archive lies.
struct ZipDirectory {
    let offset: Int
    let byteCount: Int
    let entryCount: Int

    private static let endByteCount = 22
    private static let locatorByteCount = 20

    /// Finds the directory by the record at the end of the archive.
    ///
    /// Format: PKWARE APPNOTE 6.3, sections 4.3.14 to 4.3.16.
    init(_ bytes: UnsafeRawBufferPointer, path: String) throws {
        guard let end = Self.endRecord(bytes) else {
            throw ZipArchive.failure(path, "it is no zip archive, or its end is missing")
        }
        let damaged = ZipArchive.failure(path, "the record at its end is damaged")
        var cursor = ByteCursor(bytes, at: end + 4)
        guard cursor.little(UInt32.self) == 0, let here = cursor.little(UInt16.self),
            let count = cursor.little(UInt16.self), let size = cursor.little(UInt32.self),
            let start = cursor.little(UInt32.self), here == count
        else { throw damaged }
        if count == .max || size == .max || start == .max {
            guard let wide = Self.wideRecord(bytes, before: end) else { throw damaged }
            self = wide
        } else {
            self.init(offset: Int(start), byteCount: Int(size), entryCount: Int(count))
        }
        guard offset >= 0, byteCount >= 0, byteCount <= end, offset <= end - byteCount, entryCount <= byteCount / 46
        else { throw damaged }
    }

    private init(offset: Int, byteCount: Int, entryCount: Int) {
        self.offset = offset
        self.byteCount = byteCount
        self.entryCount = entryCount
    }

    /// The offset of the end record: the last place where one stands, followed by its comment and nothing more.
    private static func endRecord(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= endByteCount else { return nil }
        let last = bytes.count - endByteCount
        for offset in stride(from: last, through: max(0, last - Int(UInt16.max)), by: -1) {
            var cursor = ByteCursor(bytes, at: offset)
            guard cursor.little(UInt32.self) == 0x0605_4B50, cursor.skip(16) != nil else { continue }
            if let comment = cursor.little(UInt16.self), Int(comment) == cursor.remainingCount { return offset }
        }
        return nil
    }

    /// The directory as the zip64 end record gives it, whose place the locator before the end record tells.
    private static func wideRecord(_ bytes: UnsafeRawBufferPointer, before end: Int) -> ZipDirectory? {
        guard end >= locatorByteCount else { return nil }
        var locator = ByteCursor(bytes, at: end - locatorByteCount)
        guard locator.little(UInt32.self) == 0x0706_4B50, locator.little(UInt32.self) == 0,
            let place = locator.little(UInt64.self).flatMap(Int.init(exactly:)), locator.little(UInt32.self) == 1,
            place >= 0, place <= end - locatorByteCount
        else { return nil }
        var cursor = ByteCursor(bytes, at: place)
        guard cursor.little(UInt32.self) == 0x0606_4B50, cursor.skip(12) != nil, cursor.little(UInt64.self) == 0,
            let here = cursor.little(UInt64.self), let count = cursor.little(UInt64.self), here == count,
            let size = cursor.little(UInt64.self).flatMap(Int.init(exactly:)),
            let start = cursor.little(UInt64.self).flatMap(Int.init(exactly:)), let entries = Int(exactly: count)
        else { return nil }
        return ZipDirectory(offset: start, byteCount: size, entryCount: entries)
    }
}
