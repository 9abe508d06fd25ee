import Tensors
import Testing

@Suite struct RandomKeyTests {
    /// The known answers of the Random123 distribution for philox4x32-10, counter and key zero.
    @Test func philoxKnownAnswer() {
        let words = RandomKey(seed: 0).words(at: 0)
        #expect(words.0 == 0x6627_e8d5)
        #expect(words.1 == 0xe169_c58d)
        #expect(words.2 == 0xbc57_ac4c)
        #expect(words.3 == 0x9b00_dbd8)
    }

    @Test(arguments: [0, 1, 2, 7, 500]) func permutationHoldsEachIndexOnce(count: Int) {
        #expect(RandomKey(seed: 3).permutation(of: count).sorted() == (0..<count).map(Int32.init))
    }

    @Test func childrenDiffer() {
        let root = RandomKey(seed: 1)
        #expect(Set((0..<1000).map { root.child(UInt64($0)) }).count == 1000)
        #expect(root.child("a") != root.child("b"))
    }
}

@Suite struct BernoulliTests {
    @Test(arguments: [0, 1, 3, 4, 31, 32, 33, 67]) func flagsFollowTheWords(count: Int) {
        let key = RandomKey(seed: 7).child("dropout")
        var flags = [UInt8](repeating: 9, count: count + 1)
        flags.withUnsafeMutableBufferPointer { key.bernoulli($0.baseAddress!, count: count, probability: 0.25) }
        let expected = (0..<count).map { index -> UInt8 in
            let words = key.words(at: UInt64(index / 4))
            return [words.0, words.1, words.2, words.3][index % 4] < 0x4000_0000 ? 1 : 0
        }
        #expect(flags == expected + [9])
    }

    @Test func certainty() {
        var flags = [UInt8](repeating: 9, count: 100)
        flags.withUnsafeMutableBufferPointer {
            RandomKey(seed: 1).bernoulli($0.baseAddress!, count: 100, probability: 1)
        }
        #expect(flags.allSatisfy { $0 == 1 })
        flags.withUnsafeMutableBufferPointer {
            RandomKey(seed: 1).bernoulli($0.baseAddress!, count: 100, probability: 0)
        }
        #expect(flags.allSatisfy { $0 == 0 })
    }
}
