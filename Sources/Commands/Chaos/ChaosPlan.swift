import Diagnostics
import Questions

/// The faults a run is to suffer on purpose, as `--chaos` says them.
public struct ChaosPlan: Sendable, Equatable {
    /// How often a kind of fault strikes.
    public enum Frequency: Sendable, Equatable {
        /// So often, spread over the steps of each question.
        case times(Int)
        /// Once each time a duration is over, for as long as the run lasts.
        case every(Duration)
    }

    /// What happens to a worker process.
    public enum Fault: String, Sendable, CaseIterable {
        /// It is killed.
        case kill
        /// It is stopped, and goes on up to two leases later.
        case stop
        /// It is slow for a while.
        case slow
    }

    /// How often each kind strikes; those that are missing never do.
    public var frequencies: [Fault: Frequency] = [:]
    /// The fraction of work and answers that is lost on the way.
    public var lossRate = 0.0
    /// Keys what strikes when and whom.
    public var seed: UInt64 = 0

    /// The lease where the user names none: short, since what is lost is missed only when it is over.
    static let lease = 1.0
    private static let known = Fault.allCases.map(\.rawValue) + ["drop", "seed"]

    /// Reads `kill=5,stop=3,slow=200ms,drop=1%,seed=7`.
    ///
    /// - Throws: `Failure` (usage) that says which part is wrong.
    public init(_ text: String) throws {
        var seen: Set<String> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, Self.known.contains(sides[0]) else {
                let near = ConfigurationSpelling.nearest(to: sides[0], among: Self.known)
                throw Self.refusal(
                    String(part), "known are \(Self.known.map { "\($0)=…" }.joined(separator: ", "))",
                    remedy: sides.count == 2 ? near.map { "did you mean '\($0)'?" } : nil)
            }
            guard seen.insert(sides[0]).inserted else { throw Self.refusal(String(part), "\(sides[0]) is there twice") }
            try take(sides[0], sides[1])
        }
    }

    private mutating func take(_ key: String, _ value: String) throws {
        switch key {
        case "seed":
            guard let seed = UInt64(value) else { throw Self.refusal("\(key)=\(value)", "expected a whole number") }
            self.seed = seed
        case "drop":
            guard let rate = Self.fraction(value) else {
                throw Self.refusal("\(key)=\(value)", "expected a percentage from 0% to 50%")
            }
            lossRate = rate
        default:
            guard let fault = Fault(rawValue: key), let frequency = Self.frequency(value) else {
                throw Self.refusal("\(key)=\(value)", "expected how often, like 5, or a time like 200ms or 1.5s")
            }
            frequencies[fault] = frequency
        }
    }

    private static func refusal(_ place: String, _ cause: String, remedy: String? = nil) -> Failure {
        Failure(.usage, "wrong value", at: "--chaos \(place)", because: cause, remedy: remedy)
    }

    /// `1%` or `0.01`.
    private static func fraction(_ text: String) -> Double? {
        let isPercent = text.hasSuffix("%")
        guard let number = Double(isPercent ? String(text.dropLast()) : text) else { return nil }
        let fraction = isPercent ? number / 100 : number
        return (0...0.5).contains(fraction) ? fraction : nil
    }

    /// `5`, `200ms` or `1.5s`.
    private static func frequency(_ text: String) -> Frequency? {
        if let count = Int(text) { return (0...1_000_000).contains(count) ? .times(count) : nil }
        for (unit, seconds) in [("ms", 0.001), ("s", 1.0)] where text.hasSuffix(unit) {
            guard let number = Double(text.dropLast(unit.count)) else { return nil }
            let duration = number * seconds
            return (0.001...86_400).contains(duration) ? .every(.seconds(duration)) : nil
        }
        return nil
    }
}
