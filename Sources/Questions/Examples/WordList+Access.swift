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

    /// The codes of the letters of a word.
    func letters(of word: Int32) -> UnsafeBufferPointer<UInt8> {
        let start = Int(word) * maximumLength
        return UnsafeBufferPointer(rebasing: letters.bytes[start..<start + length(word)])
    }

    /// The language of a word.
    func label(_ word: Int32) -> Int32 {
        labels.int32s[Int(word)]
    }
}
