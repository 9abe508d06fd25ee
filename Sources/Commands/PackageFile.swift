import FoundationEssentials

/// Files that come with the package, found from wherever the program is run.
enum PackageFile {
    /// Finds a file: in the working folder, else in the package that the program was built in.
    ///
    /// - Returns: its path; nil if neither has it.
    static func path(of name: String, workingFolder: String? = nil, executable: String = "/proc/self/exe") -> String? {
        let files = FileManager.default
        let near = workingFolder.map { "\($0)/\(name)" } ?? name
        if files.fileExists(atPath: near) { return near }
        var path = (try? files.destinationOfSymbolicLink(atPath: executable)) ?? executable
        while let slash = path.lastIndex(of: "/") {
            path = String(path[..<slash])
            if files.fileExists(atPath: "\(path)/\(name)") { return "\(path)/\(name)" }
        }
        return nil
    }
}
