import Datasets

extension WordList {
    /// The number of letters of a word.
    func length(_ word: Int32) -> Int {
        Int(lengths.int32s[Int(word)])
    }

    /// The code of a letter of a word.
    func letter(_ word: Int32, _ position: Int) -> Int32 {
        precondition(position < length(word), "letter \(position) of a shorter word")
        return Int32(letters.bytes[Int(word) * maximumLength + position])
    }

    /// The language of a word.
    func label(_ word: Int32) -> Int32 {
        labels.int32s[Int(word)]
    }
}
