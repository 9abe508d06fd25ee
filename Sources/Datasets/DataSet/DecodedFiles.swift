import Diagnostics
import FoundationEssentials

/// Remembers which data set some files gave when they were decoded, so that the next run need not decode them again.
///
/// A version of a file is known by path, device, inode, size and time of modification.
struct DecodedFiles {
    let cache: DataSetCache

    /// The set that the files gave before, else the one that `decode` makes of them now.
    ///
    /// That the cache cannot be written is no failure: then decoding is done again next time.
    ///
    /// - Parameters:
    ///   - paths: the files.
    ///   - decoder: names the way of decoding, and its version.
    func load(_ paths: [String], decoder: String, decode: () throws -> DataSet) throws -> DataSet {
        guard let key = key(paths, decoder) else { return try decode() }
        let record = "\(cache.folder)/\(key).decoded"
        if let known = remembered(record) { return known }
        let set = try decode()
        // A file that changed meanwhile gave nobody knows which version.
        guard self.key(paths, decoder) == key, let hash = try? cache.store(set),
            let file = try? TemporaryFile(for: record)
        else { return set }
        let text = Array(hash.description.utf8)
        if (try? text.withUnsafeBytes { try file.append($0) }) != nil { try? file.publish() }
        return set
    }

    private func remembered(_ record: String) -> DataSet? {
        guard FileReader.identity(record) != nil, let memory = try? FileReader.read(record),
            let hash = memory.withBytes({ ContentHash(hexadecimal: String(decoding: $0, as: UTF8.self)) })
        else { return nil }
        return cache.load(hash)
    }

    private func key(_ paths: [String], _ decoder: String) -> ContentHash? {
        var text = decoder
        for path in paths {
            guard let file = FileReader.identity(path) else { return nil }
            let full = URL(filePath: path).standardizedFileURL.path
            text += "\n\(full)\n\(file.device) \(file.inode) \(file.byteCount) \(file.seconds) \(file.nanoseconds)"
        }
        return Array(text.utf8).withUnsafeBytes { ContentHash(of: $0) }
    }
}
