import Glibc

/// What progress is written to: standard error, on a terminal or not.
struct Terminal {
    /// The window's width in columns, asked for anew each time; nil if it is no terminal that can go back in a line.
    let width: () -> Int?
    /// How lines look.
    let format: ProgressFormat
    /// Writes a text at once.
    let write: (String) -> Void

    /// Standard error.
    ///
    /// - Parameter environment: `TERM`, `NO_COLOR`, `COLUMNS` and the variables of the locale count.
    static func standardError(environment: [String: String]) -> Terminal {
        func isSet(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }
        let isTerminal = isatty(STDERR_FILENO) == 1 && isSet("TERM") && environment["TERM"] != "dumb"
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].first(where: isSet).flatMap { environment[$0] } ?? ""
        let hasUnicode = ["utf-8", "utf8"].contains { locale.lowercased().hasSuffix($0) }
        let columns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { (1...10_000).contains($0) ? $0 : nil }
        return Terminal(
            width: { isTerminal ? columns ?? windowWidth() : nil },
            format: ProgressFormat(
                hasColour: isTerminal && !isSet("NO_COLOR"), hasUnicode: hasUnicode || !isTerminal),
            write: writeToStandardError)
    }

    private static func windowWidth() -> Int {
        var size = winsize()
        let status = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
        return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// Writes to standard error; what cannot be written is lost, as there is nowhere else to say so.
    private static func writeToStandardError(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                let buffer = UnsafeRawBufferPointer(rebasing: rest)
                let count = Glibc.write(STDERR_FILENO, buffer.baseAddress, buffer.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
