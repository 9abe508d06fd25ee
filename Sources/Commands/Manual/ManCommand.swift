import Diagnostics
import FoundationEssentials

/// `coordinator man`: writes the manual pages.
enum ManCommand {
    /// Writes them.
    ///
    /// - Throws: `Failure`.
    static func run(_ options: ManOptions, questions: [QuestionSummary]) throws -> Int32 {
        do {
            try FileManager.default.createDirectory(atPath: options.folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                .usage, "cannot make folder", at: options.folder,
                because: "a file stands in its place, or you may not write there", remedy: "choose another")
        }
        let pages = Option.Command.allCases.map { ManualPage($0, questions: questions) }
        for page in pages {
            try OutputFile("\(options.folder)/\(page.name).1", for: "manual page").write(Array(page.source.utf8))
        }
        try StandardStream.output.write("\(pages.count) manual pages are in \(options.folder)\n")
        return 0
    }
}
