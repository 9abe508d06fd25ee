// What a disk loses by itself.
extension SimulatedDisk {
    /// What is written or lost as a whole, in bytes.
    private static let block = 512

    /// Loses what is not durable, or parts of it.
    ///
    /// Names are lost from a moment on, as with a journal, or each by itself. Of bytes, each block may be there or not,
    /// and then reads as zeros or as what was there before; the end may be missing.
    func losePower() {
        restart()
        let isOrdered = random.happens(500)
        let survivors = random.number(in: 0...journal.count)
        for (index, change) in journal.enumerated() {
            if isOrdered ? index < survivors : random.happens(500) {
                change.apply(to: &durableFiles)
            } else if change.content != nil, change.isLiedAbout {
                lostNames.insert(change.name)
            }
        }
        journal = []
        for name in durableFiles.keys.sorted() {
            guard let content = durableFiles[name], content.durable != content.bytes else { continue }
            content.durable = torn(content.bytes, over: content.durable)
            content.bytes = content.durable
            content.isDirty = false
        }
        show(durableFiles)
    }

    private func torn(_ bytes: [UInt8], over former: [UInt8]) -> [UInt8] {
        var torn = former
        var start = 0
        let end = random.happens(500) ? bytes.count : random.number(in: 0...bytes.count)
        while start < end {
            let next = min(start + Self.block, end)
            if torn.count < next { torn += [UInt8](repeating: 0, count: next - torn.count) }
            if random.happens(700) { torn.replaceSubrange(start..<next, with: bytes[start..<next]) }
            start = next
        }
        return torn
    }

    /// Flips a bit of a file.
    ///
    /// - Returns: the name of the file; nil if there is none with a byte in it.
    func rot() -> String? {
        let candidates = files.filter { !$0.value.bytes.isEmpty }.keys.sorted()
        guard !candidates.isEmpty else { return nil }
        let name = candidates[random.number(in: 0...candidates.count - 1)]
        guard let content = files[name] else { return nil }
        let place = random.number(in: 0...content.bytes.count - 1)
        let bit = UInt8(1) << random.number(in: 0...7)
        content.bytes[place] ^= bit
        if content.durable.indices.contains(place) { content.durable[place] ^= bit }
        content.isBroken = true
        return name
    }
}
