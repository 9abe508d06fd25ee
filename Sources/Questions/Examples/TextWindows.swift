import Datasets

/// Windows of a text: stretches of characters, each with the character that follows.
struct TextWindows: Sendable {
    /// The number of windows.
    let count: Int
    private let codes: DataArray
    private let stride: Int

    /// Windows of `length` characters that begin every `stride` characters.
    ///
    /// - Parameters:
    ///   - name: an array of character codes, [any].
    ///   - vocabulary: the number of characters.
    /// - Throws: `Failure` of category data, if there is no such array, a code is out of range, or the text is shorter
    ///   than a window and the character that follows it.
    init(_ name: String, of data: DataSet, vocabulary: Int, length: Int, stride: Int) throws {
        codes = try data.required(name, .uint8, shape: [nil])
        if let wrong = codes.bytes.first(where: { Int($0) >= vocabulary }) {
            throw data.misfit(name, "character code \(wrong) is not one of \(vocabulary)")
        }
        guard codes.bytes.count > length else {
            throw data.misfit(name, "\(codes.bytes.count) characters are too few for a block of \(length)")
        }
        count = (codes.bytes.count - length - 1) / stride + 1
        self.stride = stride
    }

    /// The codes of the characters of a window.
    func characters(of example: Int32, length: Int) -> UnsafeBufferPointer<UInt8> {
        let start = Int(example) * stride
        return UnsafeBufferPointer(rebasing: codes.bytes[start..<start + length])
    }

    /// Writes the characters of a window, and those that follow each of them; allocates nothing.
    func load(
        _ example: Int32, length: Int, characters: UnsafeMutablePointer<Int32>, next: UnsafeMutablePointer<Int32>
    ) {
        let bytes = codes.bytes
        let start = Int(example) * stride
        precondition(example >= 0 && start + length < bytes.count, "a window outside the text")
        for position in 0..<length {
            characters[position] = Int32(bytes[start + position])
            next[position] = Int32(bytes[start + position + 1])
        }
    }
}
