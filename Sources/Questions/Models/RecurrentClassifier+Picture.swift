import Datasets
import NeuralNetworks

extension RecurrentClassifier {
    /// The first validation words of every language, with the probability the model gives to each language.
    ///
    /// - Parameters:
    ///   - names: the languages in the order of their labels.
    ///   - letters: the letters in the order of their codes.
    func picture(languages names: [String], letters: [UnicodeScalar], perLanguage: Int = 6) throws -> Picture {
        let words = words(.validation)
        var chosen: [[Int32]] = Array(repeating: [], count: names.count)
        for word in 0..<Int32(words.count) {
            let language = Int(words.label(word))
            if chosen[language].count < perLanguage { chosen[language].append(word) }
        }
        return .words(
            languages: names,
            try chosen.flatMap { $0 }.map { word in
                var text = String.UnicodeScalarView()
                for position in 0..<words.length(word) { text.append(letters[Int(words.letter(word, position))]) }
                return Picture.Word(
                    word: String(text), language: Int(words.label(word)),
                    probabilities: try probabilities(.validation, [word])[0])
            })
    }
}
