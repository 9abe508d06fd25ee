extension Configuration {
    /// A key whose value is not the same in two configurations; nil stands for no such key.
    public struct Difference: Sendable, Equatable {
        /// The key.
        public let key: String
        /// The value here, as JSON.
        public let own: String?
        /// The value there, as JSON.
        public let other: String?
    }

    /// The keys whose values another configuration does not share, sorted.
    public func differences(from other: Configuration) -> [Difference] {
        func text(_ entry: Entry?) -> String? {
            guard let entry else { return nil }
            var text = ""
            entry.value.appendCanonicalJSON(to: &text)
            return text
        }
        return Set(entries.keys).union(other.entries.keys).sorted().compactMap { key in
            let (own, its) = (entries[key], other.entries[key])
            return own?.value == its?.value ? nil : Difference(key: key, own: text(own), other: text(its))
        }
    }
}
