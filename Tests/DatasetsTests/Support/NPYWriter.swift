/// `.npy` and `.npz` files made by hand.
enum NPYWriter {
    /// A file with a header as NumPy writes it.
    static func file(
        _ type: String, _ shape: [Int], _ content: [UInt8], isColumnMajor: Bool = false, version: UInt8 = 1
    ) -> [UInt8] {
        let extents = shape.map { "\($0)," }.joined(separator: " ")
        let order = isColumnMajor ? "True" : "False"
        return file(
            "{'descr': '\(type)', 'fortran_order': \(order), 'shape': (\(extents)), }", content, version: version)
    }

    /// A file with any text for a header.
    static func file(_ header: String, _ content: [UInt8], version: UInt8 = 1) -> [UInt8] {
        let prefix = version == 1 ? 10 : 12
        var text = Array(header.utf8)
        text += [UInt8](repeating: 0x20, count: (64 - (prefix + text.count + 1) % 64) % 64) + [0x0A]
        let length = version == 1 ? little(UInt16(text.count)) : little(UInt32(text.count))
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + content
    }

    /// An archive of arrays, stored.
    static func archive(_ arrays: [(String, [UInt8])]) -> [UInt8] {
        ZipWriter.archive(arrays.map { ZipWriter.File(name: $0.0 + ".npy", content: $0.1) })
    }

    static func int64s(_ values: [Int], _ shape: [Int]) -> [UInt8] {
        file("<i8", shape, values.flatMap { little(Int64($0)) })
    }

    static func floats(_ values: [Float], _ shape: [Int]) -> [UInt8] {
        file("<f4", shape, values.flatMap { little($0.bitPattern) })
    }

    /// Texts of at most `width` characters.
    static func strings(_ values: [String], width: Int) -> [UInt8] {
        file(
            "<U\(width)", [values.count],
            values.flatMap { text in
                let scalars = text.unicodeScalars.map(\.value)
                return (scalars + [UInt32](repeating: 0, count: width - scalars.count)).flatMap { little($0) }
            })
    }
}
