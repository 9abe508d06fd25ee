import Diagnostics

/// Arrays by name, as NumPy's `savez` and `savez_compressed` write them: `.npy` files in a zip archive.
///
/// Reading from several threads is safe.
struct NPZ {
    private let archive: ZipArchive
    private let path: String

    /// Reads the directory of a file.
    ///
    /// - Throws: `Failure` of category data that names the file, if it is no archive or damaged.
    init(contentsOf path: String) throws {
        archive = try ZipArchive(contentsOf: path)
        self.path = path
    }

    /// The names of the arrays, in the order of the file.
    var names: [String] {
        archive.entries.map { $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : $0.name }
    }

    /// The SHA-256 of the whole file.
    func fileSHA256() -> String { archive.memory.sha256() }

    /// The header of an array, found without unpacking the rest.
    ///
    /// - Throws: `Failure` of category data, if there is no such array, or it is damaged or not supported.
    func header(_ name: String) throws -> NPYHeader {
        try header(name, entry(name))
    }

    /// Unpacks an array.
    ///
    /// - Parameters:
    ///   - shape: the extent every axis must have, nil where any will do; it is checked before anything is unpacked.
    ///   - maximumCount: the most elements that are unpacked.
    /// - Throws: `Failure` of category data, if there is no such array, or it is damaged, not supported, too large or
    ///   of another shape.
    func array(_ name: String, shape: [Int?]? = nil, maximumCount: Int = .max) throws -> SourceArray {
        let entry = try entry(name)
        let header = try header(name, entry)
        if let shape {
            guard header.shape.count == shape.count, zip(header.shape, shape).allSatisfy({ $1 == nil || $0 == $1 })
            else {
                let wanted = shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
                throw failure(name, "its shape is \(header.shape), not [\(wanted)]")
            }
        }
        guard header.contentByteCount / header.format.byteCount <= maximumCount else {
            throw failure(name, "its shape \(header.shape) has more than \(maximumCount) elements")
        }
        let content = try archive.content(of: entry)
        // The header that was checked above must be the one whose checksum has been verified.
        guard try content.withBytes({ try NPYHeader($0, place: place(name)) }) == header else {
            throw failure(name, "it is damaged")
        }
        return SourceArray(
            content, offset: header.byteCount, shape: header.shape, format: header.format,
            isColumnMajor: header.isColumnMajor, place: place(name))
    }

    private func header(_ name: String, _ entry: ZipEntry) throws -> NPYHeader {
        let start = try archive.prefix(of: entry, byteCount: NPYHeader.maximumByteCount + 12)
        let header = try start.withBytes { try NPYHeader($0, place: place(name)) }
        guard header.contentByteCount == entry.byteCount - header.byteCount else {
            throw failure(
                name,
                "\(entry.byteCount - header.byteCount) bytes do not make the shape \(header.shape) of \(header.format.name)"
            )
        }
        return header
    }

    private func entry(_ name: String) throws -> ZipEntry {
        guard let entry = archive.entries.first(where: { $0.name == name + ".npy" || $0.name == name }) else {
            throw Failure(
                .data, "cannot use data file", at: path, because: "it has no array '\(name)'",
                remedy: "its arrays are \(names.joined(separator: ", "))")
        }
        return entry
    }

    private func place(_ name: String) -> String { "\(path), array '\(name)'" }

    private func failure(_ name: String, _ cause: String) -> Failure {
        Failure(.data, "cannot use data file", at: place(name), because: cause, remedy: "fetch it again")
    }
}
