import Foundation

/// A folder of its own; gone with the object.
final class TestFolder: Sendable {
    let path = NSTemporaryDirectory() + "lockstep-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func content(_ name: String) -> [UInt8] { FileManager.default.contents(atPath: file(name)).map(Array.init) ?? [] }
}

/// The JSON objects of a text of lines; throws if one is none.
func jsonLines(_ bytes: [UInt8]) throws -> [[String: Any]] {
    try bytes.split(separator: UInt8(ascii: "\n")).map { line in
        try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] ?? [:]
    }
}
