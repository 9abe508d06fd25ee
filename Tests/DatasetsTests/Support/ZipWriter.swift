/// Zip archives made by hand.
struct ZipWriter {
    /// A file to be put into an archive.
    struct File {
        var name: String
        var content: [UInt8]
        /// The content as it lies in the archive; nil if it is stored.
        var deflated: [UInt8]?
        /// What the archive says of the size; nil if the truth.
        var declaredByteCount: Int?
        var flags: UInt16 = 0
        var method: UInt16?
    }

    /// The bytes of an archive.
    static func archive(_ files: [File], isZip64: Bool = false, comment: [UInt8] = []) -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for file in files {
            let packed = file.deflated ?? file.content
            let size = file.declaredByteCount ?? file.content.count
            let method = file.method ?? (file.deflated == nil ? 0 : 8)
            let name = Array(file.name.utf8)
            let offset = bytes.count
            let wide = little(UInt64(size)) + little(UInt64(packed.count))
            let narrow =
                isZip64 ? little(UInt32.max) + little(UInt32.max) : little(UInt32(packed.count)) + little(UInt32(size))
            let common = little(UInt16(20)) + little(file.flags) + little(method) + [0, 0, 0, 0]
            let description = common + little(checksum(file.content)) + narrow + little(UInt16(name.count))
            let localExtra = isZip64 ? little(UInt16(1)) + little(UInt16(16)) + wide : []
            // Another field before the one that matters.
            let extra =
                isZip64
                ? little(UInt16(0x5455)) + little(UInt16(1)) + [0] + little(UInt16(1)) + little(UInt16(24)) + wide
                    + little(UInt64(offset)) : []
            bytes += [0x50, 0x4B, 3, 4] + description + little(UInt16(localExtra.count)) + name + localExtra + packed
            directory += [0x50, 0x4B, 1, 2, 20, 0] + description + little(UInt16(extra.count)) + [0, 0]
            directory += [0, 0, 0, 0, 0, 0, 0, 0]
            directory += (isZip64 ? little(UInt32.max) : little(UInt32(offset))) + name + extra
        }
        let start = bytes.count
        bytes += directory
        if isZip64 {
            let end = bytes.count
            bytes += [0x50, 0x4B, 6, 6] + little(UInt64(44)) + little(UInt16(45)) + little(UInt16(45))
            bytes += little(UInt32(0)) + little(UInt32(0)) + little(UInt64(files.count)) + little(UInt64(files.count))
            bytes += little(UInt64(directory.count)) + little(UInt64(start))
            bytes += [0x50, 0x4B, 6, 7] + little(UInt32(0)) + little(UInt64(end)) + little(UInt32(1))
        }
        let count = isZip64 ? UInt16.max : UInt16(files.count)
        bytes += [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + little(count) + little(count)
        bytes += little(isZip64 ? UInt32.max : UInt32(directory.count)) + little(isZip64 ? UInt32.max : UInt32(start))
        return bytes + little(UInt16(comment.count)) + comment
    }
}
