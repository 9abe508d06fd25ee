import Diagnostics
import Questions

/// Where a question's configuration comes from: a file, and what the command line sets over it.
public struct ConfigurationSource: Sendable, Equatable {
    /// The file that `--config` names; nil for `config/QUESTION.json5`.
    public var file: String?
    /// The assignments of `--set`, in order.
    public var settings: [String]
    /// The value of `--shards`.
    public var shards: Int?

    /// Reads the configuration of a question.
    ///
    /// - Parameters:
    ///   - question: its name.
    ///   - usesShards: whether `--shards` means anything to it.
    ///   - executable: the program, from whose folder the package is searched upwards.
    /// - Throws: `Failure` (usage) if there is no file, or it or an assignment cannot be read.
    public func configuration(
        for question: String, usesShards: Bool = true, executable: String = "/proc/self/exe"
    ) throws -> Configuration {
        var configuration = try Configuration(
            contentsOfFile: try file ?? Self.file(for: question, executable: executable))
        for setting in settings { try configuration.set(setting) }
        if usesShards, let shards { try configuration.set("shards=\(shards)") }
        return configuration
    }

    /// Finds `config/QUESTION.json5`: in the working folder, else in the package that the program was built in.
    ///
    /// - Throws: `Failure` (usage) if neither has it.
    static func file(for question: String, workingFolder: String? = nil, executable: String) throws -> String {
        let name = "config/\(question).json5"
        if let file = PackageFile.path(of: name, workingFolder: workingFolder, executable: executable) { return file }
        throw Failure(
            .usage, "cannot find configuration", at: name,
            because: "neither the working folder nor a folder above the program has it", remedy: "give --config FILE")
    }
}

extension CoordinatorOptions {
    /// Where the configurations come from.
    public var configurations: ConfigurationSource {
        ConfigurationSource(file: configurationFile, settings: settings, shards: shards)
    }
}

extension GenerateOptions {
    /// Where the configuration comes from.
    public var configurations: ConfigurationSource {
        ConfigurationSource(file: configurationFile, settings: settings, shards: nil)
    }
}
