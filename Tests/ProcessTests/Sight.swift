import Foundation
import Testing

/// What a script of `tools/browser` saw of a page.
struct Sight {
    /// Where screenshots are left for people.
    static let folder = Program.package.appendingPathComponent(".build/screenshots").path
    /// The program under test.
    static let coordinator = Program.folder.appendingPathComponent("coordinator").path

    private let seen: Any

    /// Takes in what a script writes to standard output.
    init(from script: String, _ scratch: Scratch, _ arguments: [String]) throws {
        let output = try Sight.run(script, scratch, arguments).output
        seen = try JSONSerialization.jsonObject(with: Data(output.utf8))
    }

    /// Takes in what a script wrote to a file beside its screenshots, and the report of the run as `report`.
    init(file: String, report: [String: Any]) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: Sight.folder + "/" + file))
        var seen = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        seen["report"] = report
        self.seen = seen
    }

    /// Runs a script, which ends everything that it started.
    static func run(_ script: String, _ scratch: Scratch, _ arguments: [String]) throws -> Program.Result {
        let result = try RunningProgram(
            executable: Program.package.appendingPathComponent("tools/browser/" + script), arguments,
            environment: scratch.environment, in: nil
        ).finish(within: .seconds(330))
        try #require(result.status == 0, "\(result.errors)")
        return result
    }

    /// What was seen, by its path.
    func callAsFunction(_ path: String...) -> Any? { value(path) }

    /// A number that was seen, also where it is the text of an attribute.
    func number(_ path: String...) -> Double? {
        let found = value(path)
        return (found as? NSNumber)?.doubleValue ?? (found as? String).flatMap(Double.init)
    }

    private func value(_ path: [String]) -> Any? {
        path.reduce(seen) { (tree: Any?, key) in
            if let list = tree as? [Any] { return Int(key).flatMap { list.indices.contains($0) ? list[$0] : nil } }
            return (tree as? [String: Any])?[key]
        }
    }
}
