import Diagnostics

/// One file in a zip archive, as its central directory describes it.
struct ZipEntry {
    /// How the content is packed.
    enum Method: UInt16 {
        case stored = 0
        case deflated = 8
    }

    let name: String
    let method: Method
    let checksum: UInt32
    let packedByteCount: Int
    let byteCount: Int
    /// Where the local header begins.
    let headerOffset: Int
}

extension ZipEntry {
    /// Reads the next entry of a central directory.
    ///
    /// Format: PKWARE APPNOTE 6.3, sections 4.3.12 and 4.5.3.
    init(_ cursor: inout ByteCursor, path: String) throws {
        func failure(_ cause: String) -> Failure { ZipArchive.failure(path, cause) }
        guard cursor.little(UInt32.self) == 0x0201_4B50, cursor.skip(4) != nil,
            let flags = cursor.little(UInt16.self), let rawMethod = cursor.little(UInt16.self), cursor.skip(4) != nil,
            let checksum = cursor.little(UInt32.self), let packed = cursor.little(UInt32.self),
            let unpacked = cursor.little(UInt32.self), let nameLength = cursor.little(UInt16.self),
            let extraLength = cursor.little(UInt16.self), let commentLength = cursor.little(UInt16.self),
            cursor.skip(8) != nil, let offset = cursor.little(UInt32.self),
            let nameBytes = cursor.take(Int(nameLength)),
            let extra = cursor.take(Int(extraLength)), cursor.skip(Int(commentLength)) != nil
        else { throw failure("its directory is damaged") }
        guard let name = String(validating: nameBytes, as: UTF8.self) else {
            throw failure("the name of an entry is not UTF-8")
        }
        guard flags & 1 == 0 else { throw failure("entry '\(name)' is encrypted") }
        guard let method = Method(rawValue: rawMethod) else {
            throw failure("entry '\(name)' is packed by method \(rawMethod), neither stored nor deflated")
        }
        var wide = Zip64Field(extra)
        guard let byteCount = wide.widened(unpacked), let packedByteCount = wide.widened(packed),
            let headerOffset = wide.widened(offset)
        else { throw failure("the sizes of entry '\(name)' are damaged") }
        if method == .stored && packedByteCount != byteCount {
            throw failure("the sizes of entry '\(name)' contradict each other")
        }
        self.init(
            name: name, method: method, checksum: checksum, packedByteCount: packedByteCount, byteCount: byteCount,
            headerOffset: headerOffset)
    }
}

/// The zip64 extra field, which holds, in order, those numbers of an entry that do not fit 32 bits.
private struct Zip64Field {
    private var cursor: ByteCursor

    init(_ extra: UnsafeRawBufferPointer) {
        var fields = ByteCursor(extra)
        cursor = ByteCursor(UnsafeRawBufferPointer(start: nil, count: 0))
        while let kind = fields.little(UInt16.self), let length = fields.little(UInt16.self),
            let content = fields.take(Int(length))
        {
            if kind == 1 {
                cursor = ByteCursor(content)
                return
            }
        }
    }

    /// A number that stands in the entry itself, or if that is the mark for "too wide", the next one of this field.
    mutating func widened(_ narrow: UInt32) -> Int? {
        guard narrow == .max else { return Int(narrow) }
        return cursor.little(UInt64.self).flatMap(Int.init(exactly:))
    }
}
