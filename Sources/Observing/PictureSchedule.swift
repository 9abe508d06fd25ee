/// When the next picture may be made, so that pictures take one per cent of the time at most.
struct PictureSchedule {
    /// The least seconds between two pictures.
    static let shortestInterval = 0.2
    /// How many times as long as a picture took there is none.
    static let patience = 100.0

    private var next = 0.0

    func isDue(at seconds: Double) -> Bool { seconds >= next }

    /// Takes note of a picture that was made.
    mutating func showed(from start: Double, to end: Double) {
        next = start + max(Self.shortestInterval, (end - start) * Self.patience)
    }
}
