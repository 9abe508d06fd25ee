import Diagnostics
import Observing

/// `coordinator check-dependencies`: says what is there, and what to do about what is not.
enum CheckDependenciesCommand {
    /// Looks for everything, with a line each as soon as it is known.
    ///
    /// With an address for the dashboard, a page shows a line that turns until a signal ends it.
    ///
    /// - Returns: 0 if all that is needed is there, else the exit code of the first failure; 130 or 143 after a signal.
    /// - Throws: `Failure`, if the report or a line cannot be written, or the page not be served.
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
        if let address = options.dashboard { return try showLine(at: address) }
        return report.exitCode
    }

    private static func showLine(at address: DashboardAddress) throws -> Int32 {
        let interruption = try Interruption()
        let listener = try DashboardListener(address)
        try StandardStream.error.write("pictures: \(listener.url) shows a line that turns; Ctrl-C ends it\n")
        var signal: Int32?
        try TurningLine.show(at: listener, version: Version.current) {
            signal = interruption.pending()
            return signal != nil
        }
        return signal.map { 128 + $0 } ?? 0
    }
}
