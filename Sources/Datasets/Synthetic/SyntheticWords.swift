import Tensors

/// Words made up by the habits of five languages, in place of `lang_id.npz`.
///
/// 17,500 training, 500 validation and 500 test words of up to ten letters, as many of each language; no word of the
/// latter two occurs in the training set.
enum SyntheticWords {
    private static let maximumLength = 10
    private static let heldBackCount = 100
    private static let trainingCount = 3500

    private struct Word {
        let letters: [UnicodeScalar]
        let label: Int32
    }

    /// Makes the set; the same one every time.
    static func make(key: RandomKey = RandomKey(seed: 0).child("synthetic words")) -> DataSet {
        var parts = [[Word]](repeating: [], count: 3)
        for (label, habits) in LanguageHabits.all.enumerated() {
            var stream = RandomStream(key.child(UInt64(label)))
            let heldBack = distinctWords(habits, count: 2 * heldBackCount, &stream)
            let reserved = Set(heldBack)
            var training: [String] = []
            while training.count < trainingCount {
                let word = word(habits, &stream)
                if !reserved.contains(word) { training.append(word) }
            }
            let pieces = [training, Array(heldBack[..<heldBackCount]), Array(heldBack[heldBackCount...])]
            for (part, words) in pieces.enumerated() {
                parts[part] += words.map { Word(letters: Array($0.unicodeScalars), label: Int32(label)) }
            }
        }
        return dataSet(withoutLeaks(parts))
    }

    /// Drops training words that another language holds back.
    private static func withoutLeaks(_ parts: [[Word]]) -> [[Word]] {
        let heldBack = Set((parts[1] + parts[2]).map(\.letters))
        return [parts[0].filter { !heldBack.contains($0.letters) }, parts[1], parts[2]]
    }

    private static func distinctWords(
        _ habits: LanguageHabits, count: Int, _ stream: inout RandomStream
    ) -> [String] {
        var words: [String] = []
        var seen: Set<String> = []
        while words.count < count {
            let word = word(habits, &stream)
            if seen.insert(word).inserted { words.append(word) }
        }
        return words
    }

    /// Makes up a word of 2 to 10 letters.
    private static func word(_ habits: LanguageHabits, _ stream: inout RandomStream) -> String {
        while true {
            var word = ""
            if stream.integer(below: 25) == 0 {
                word = stream.choose(LanguageHabits.borrowed)
            } else {
                if stream.integer(below: 7) > 0 { word += stream.chooseEarly(habits.onsets) }
                word += stream.chooseEarly(habits.vowels)
                word += stream.chooseEarly(habits.codas)
                if stream.integer(below: 5) < 2 {
                    word += stream.chooseEarly(habits.vowels) + stream.chooseEarly(habits.codas)
                }
            }
            if stream.integer(below: 8) > 0 { word += stream.chooseEarly(habits.endings) }
            if (2...maximumLength).contains(word.unicodeScalars.count) { return word }
        }
    }

    private static func dataSet(_ parts: [[Word]]) -> DataSet {
        let alphabet = Set(parts.flatMap { $0.flatMap(\.letters) }).sorted()
        let codes = Dictionary(uniqueKeysWithValues: zip(alphabet, (0..<UInt8(alphabet.count)).map { $0 }))
        var arrays = LanguageID.labelArrays(alphabet, LanguageHabits.all.map(\.name))
        for (part, words) in zip(LanguageID.parts, parts) {
            let sorted = words.sorted { $0.letters.count < $1.letters.count }
            let letters = sorted.flatMap { word in
                word.letters.compactMap { codes[$0] }
                    + [UInt8](repeating: WordList.padding, count: maximumLength - word.letters.count)
            }
            let table = LanguageWords(
                width: maximumLength, letters: letters, lengths: sorted.map { Int32($0.letters.count) },
                labels: sorted.map(\.label))
            arrays.merge(table.arrays(part)) { $1 }
        }
        return DataSet(made: arrays, isSynthetic: true)
    }
}
