import Platform

/// Where a thread may run: on any processor, or on any but one.
///
/// Linux looks for an idle processor for who wakes up only while the processors are not busy most of the time. Where they
/// are, two threads that came to one take turns on it for long; so one of them is kept away from there until it has moved.
struct Placement {
    /// The processor that the thread is kept away from; negative for none.
    private(set) var avoided: Int32 = -1

    /// Keeps a thread away from a processor; from none if it is negative.
    ///
    /// Where the system does not allow it, threads run as they come.
    mutating func avoid(_ processor: Int32, thread: Int32) {
        guard processor != avoided else { return }
        avoided = processor
        _ = platform_place_thread(thread, processor)
    }
}
