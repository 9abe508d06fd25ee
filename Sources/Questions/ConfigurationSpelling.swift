/// Finds the word that was probably meant.
public enum ConfigurationSpelling {
    /// The word that differs least from a wrong one; nil if none is near.
    ///
    /// Near is at most a third of the letters wrong, missing, added or swapped with their neighbour, and at least two
    /// may be. Case does not count. Costs the product of the lengths for every word; only the first 64 letters count.
    public static func nearest(to wrong: String, among words: [String]) -> String? {
        let wrong = Array(wrong.prefix(64).lowercased())
        let ranked = words.map { word in (word: word, distance: distance(wrong, Array(word.prefix(64).lowercased()))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= min(max(2, wrong.count / 3), max(1, best.word.count - 1)) ? best.word : nil
    }

    /// The optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for i in left.indices {
            var current = [i + 1]
            for j in right.indices {
                var best = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, beforePrevious[j - 1] + 1)
                }
                current.append(best)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
