import Diagnostics
import Glibc
import Observing

extension Dashboard {
    /// Starts the dashboard that the options ask for, and says where it is; nil if there is to be none.
    ///
    /// - Parameters:
    ///   - clock: the clock of the run.
    ///   - metrics: what `/metrics` says; nil for nothing.
    /// - Throws: `Failure(.data)` if the page cannot be kept, `Failure(.workers)` if the address cannot be used.
    static func start(
        _ options: CoordinatorOptions, clock: RunClock, metrics: (@Sendable () -> String)? = nil
    ) throws -> Dashboard? {
        let file = try options.htmlFile.map { try OutputFile($0, for: "page", failingAs: .data) }
        let listener = try listener(options, isTerminal: isatty(STDERR_FILENO) == 1)
        guard file != nil || listener != nil else { return nil }
        let dashboard = Dashboard(
            version: Version.current, seed: options.seed, wanted: options.questions, clock: clock, metrics: metrics,
            keep: file.map { file in { try file.write($0) } })
        guard let listener else { return dashboard }
        do {
            try dashboard.serve(at: listener)
            try StandardStream.error.write("pictures: \(listener.url)\n")
        } catch {
            // What nobody asked for is no reason to fail.
            if options.dashboard != nil { throw error }
        }
        return dashboard
    }

    /// Where a browser may connect: as the options say, else at the usual port or any other, if a person watches.
    static func listener(_ options: CoordinatorOptions, isTerminal: Bool) throws -> DashboardListener? {
        if let address = options.dashboard { return try DashboardListener(address) }
        guard isTerminal, options.showsGraphics, !options.isQuiet else { return nil }
        return (try? DashboardListener(DashboardAddress(port: DashboardAddress.defaultPort)))
            ?? (try? DashboardListener(DashboardAddress(port: 0)))
    }
}
