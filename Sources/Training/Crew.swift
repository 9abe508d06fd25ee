/// Something that several threads do together, each a part of it.
public protocol CrewTask: AnyObject {
    /// Does one part; parts run at the same time, and must not disturb one another.
    func perform(part: Int, of parts: Int)
}

/// Threads that do one thing together, and then wait for the next.
///
/// What is computed never depends on how many there are. Belongs to one thread, which takes part itself.
public protocol Crew: AnyObject {
    /// The number of threads, the calling one included.
    var count: Int { get }
    /// Has every part of a task done, one by each thread; returns when all are. Allocates nothing.
    ///
    /// - Parameter threads: how many are worth their while; at least one and at most `count` take part.
    func perform(_ task: any CrewTask, threads: Int)
}

/// The calling thread alone.
public final class SingleThread: Crew {
    /// One.
    public var count: Int { 1 }

    /// Creates a crew of the calling thread.
    public init() {}

    /// Does the whole task.
    public func perform(_ task: any CrewTask, threads: Int) { task.perform(part: 0, of: 1) }
}
