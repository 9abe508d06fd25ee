import Diagnostics

/// Something that a run may need, and how to find out whether it is there.
struct DependencyCheck {
    /// What came of looking.
    enum Finding: Equatable {
        /// It is there, and this is what it is.
        case ok(String)
        /// It is not there, but can be done without.
        case missing(String, remedy: String)
    }

    /// What it is called.
    let name: String
    /// Looks for it.
    ///
    /// Throws a `Failure` if a run would fail for want of it; the category is what that would end with.
    let look: () throws -> Finding

    /// Everything that is looked for, in order.
    static func all(_ options: CheckDependenciesOptions) -> [DependencyCheck] {
        libraries + machine + data(explicit: options.dataFolder) + folders + processes
    }
}
