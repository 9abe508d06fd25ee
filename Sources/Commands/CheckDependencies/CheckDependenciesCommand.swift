import Diagnostics

/// `coordinator check-dependencies`: says what is there, and what to do about what is not.
enum CheckDependenciesCommand {
    /// Looks for everything, with a line each as soon as it is known.
    ///
    /// - Returns: 0 if all that is needed is there, else the exit code of the first failure.
    /// - Throws: `Failure`, if the report or a line cannot be written.
    static func run(_ options: CheckDependenciesOptions) throws -> Int32 {
        let reportFile = try options.reportFile.map { try OutputFile($0, for: "report") }
        let checks = DependencyCheck.all(options)
        let width = checks.map(\.name.count).max() ?? 0
        var report = DependencyReport()
        for check in checks {
            let entry = try DependencyReport.Entry(check)
            report.entries.append(entry)
            try StandardStream.output.write(entry.line(nameWidth: width))
        }
        try StandardStream.output.write(report.verdict)
        try reportFile?.write(report.json())
        return report.exitCode
    }
}
