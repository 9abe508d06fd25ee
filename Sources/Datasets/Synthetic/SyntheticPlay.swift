import Tensors

/// A play without end, made by a small grammar, in place of Shakespeare's.
///
/// Speakers take turns in speeches of a few sentences; sentences are built of noun and verb phrases, some of them
/// nested, so that there is more to learn than words.
enum SyntheticPlay {
    private static let byteCount = 300_000

    /// Makes the text; the same one every time.
    static func make(key: RandomKey = RandomKey(seed: 0).child("synthetic play")) -> String {
        var writer = PlayWriter(RandomStream(key))
        var text = ""
        while text.utf8.count < byteCount {
            text += writer.speech()
        }
        return text
    }
}

/// Writes speeches by the rules of the grammar.
private struct PlayWriter {
    private var stream: RandomStream

    init(_ stream: RandomStream) {
        self.stream = stream
    }

    private static func list(_ words: String) -> [String] { words.split(separator: " ").map(String.init) }

    private static let speakers = list("ORSINO MIRELLA CASTOR BEATA DUKE FOOL HELENA TYBERT PORTER WIDOW")
    private static let names = list("Orsino Mirella Castor Beata Helena Tybert")
    private static let nouns = list(
        "king sea night heart crown sword moon letter garden storm brother daughter ghost candle ship horse queen winter"
    )
    private static let adjectives = list("gentle bitter noble silent foolish golden weary honest cold proud pale sweet")
    private static let transitive = list("loves fears seeks betrays remembers follows hides forgives breaks keeps")
    private static let intransitive = list("weeps sleeps returns burns waits sings falls departs trembles")
    private static let calls = list("Alas O Peace Hark Nay Come")
    private static let links = list("and but for yet while")

    mutating func speech() -> String {
        var lines = stream.choose(Self.speakers) + ":\n"
        for _ in 0...stream.integer(below: 4) {
            lines += sentence() + "\n"
        }
        return lines + "\n"
    }

    private mutating func sentence() -> String {
        var text: String
        var mark = "."
        switch stream.integer(below: 10) {
        case 0...3: text = clause()
        case 4...5: text = clause() + ",\n" + stream.choose(Self.links) + " " + clause()
        case 6:
            text = stream.choose(Self.calls) + ", my " + noun() + ", " + clause()
            mark = "!"
        case 7:
            text = "who " + stream.choose(Self.transitive) + " " + object()
            mark = "?"
        case 8: text = "if " + clause() + ",\nthen " + clause()
        default:
            text = "shall I be " + stream.chooseEarly(Self.adjectives) + " when " + clause()
            mark = "?"
        }
        if let first = text.first { text = first.uppercased() + text.dropFirst() }
        return text + mark
    }

    private mutating func clause() -> String {
        if stream.integer(below: 3) == 0 { return subject() + " " + stream.choose(Self.intransitive) }
        return subject() + " " + stream.choose(Self.transitive) + " " + object()
    }

    private mutating func subject() -> String {
        stream.integer(below: 4) == 0 ? stream.choose(Self.names) : object()
    }

    private mutating func object() -> String {
        let article = stream.choose(["the", "my", "thy", "this", "no"])
        var phrase = article + " " + noun()
        switch stream.integer(below: 8) {
        case 0: phrase += " of " + stream.choose(Self.names)
        case 1: phrase += " that " + stream.choose(Self.intransitive)
        default: break
        }
        return phrase
    }

    private mutating func noun() -> String {
        let noun = stream.chooseEarly(Self.nouns)
        return stream.integer(below: 3) == 0 ? stream.chooseEarly(Self.adjectives) + " " + noun : noun
    }
}
