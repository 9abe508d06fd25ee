/// All questions by name, in the order of the course.
public enum QuestionCatalog {
    /// The questions there are; add your own at the end.
    public static let all: [any Question.Type] = [
        LinearFit.self, Perceptron.self, SineCurve.self, Digits.self, Languages.self, Convolution.self, Attention.self,
        ShakespeareText.self,
    ]

    /// The words for them on the command line.
    public static var names: [String] { all.map { $0.name } }

    /// The questions that `all` stands for on the command line: the graded ones.
    public static var graded: [any Question.Type] { all.filter { $0.possiblePoints > 0 } }

    /// The question of a name; nil if there is none.
    public static func named(_ name: String) -> (any Question.Type)? {
        all.first { $0.name == name }
    }

    /// Makes a question of a type from a configuration, all of whose keys it must use.
    ///
    /// - Throws: `Failure` that names the key, if one is missing, unknown, of another type, or out of range.
    public static func make(_ type: any Question.Type, _ configuration: Configuration) throws -> any Question {
        var reader = ConfigurationReader(configuration)
        let question = try type.init(&reader)
        try reader.finish()
        return question
    }
}
