/// What there is to see of a model in training, as plain values that any display can draw.
public enum Picture: Sendable, Equatable {
    /// q1: points with their labels (+1 or −1) and the weights of the separating line w·(x1, x2, 1) = 0.
    case separation(points: [Point], labels: [Int], weights: [Float])
    /// q2: the true curve and the learned one over the same abscissae.
    case curve(x: [Float], truth: [Float], learned: [Float])
    /// q3 and q5: images of each class with the probability given to the right label and the predicted label.
    case digits([Digit])
    /// q4: words with the true language and the probability of each language.
    case words(languages: [String], [Word])
    /// q5: the weights of a convolution's filters, each row by row.
    case filters(width: Int, height: Int, [[Float]])
    /// q6 and q7: a matrix of attention weights, row by row, and what stands at its positions, if anything.
    case attention(size: Int, weights: [Float], labels: [String]? = nil)
    /// q7: generated text.
    case text(String)
    /// A line through the origin at an angle in radians, to prove that pictures work.
    case line(angle: Float)

    /// A point of the plane.
    public struct Point: Sendable, Equatable {
        /// The abscissa.
        public let x: Float
        /// The ordinate.
        public let y: Float

        /// Creates a point.
        public init(x: Float, y: Float) {
            self.x = x
            self.y = y
        }
    }

    /// An image with what the model makes of it.
    public struct Digit: Sendable, Equatable {
        /// 28 × 28 grey values, 0 to 255, row by row.
        public let pixels: [UInt8]
        /// The right label.
        public let label: Int
        /// The label the model gives.
        public let guess: Int
        /// The probability the model gives to the right label.
        public let probability: Float

        /// Creates a judged image.
        public init(pixels: [UInt8], label: Int, guess: Int, probability: Float) {
            self.pixels = pixels
            self.label = label
            self.guess = guess
            self.probability = probability
        }
    }

    /// A word with what the model makes of it.
    public struct Word: Sendable, Equatable {
        /// The word.
        public let word: String
        /// The index of the right language.
        public let language: Int
        /// The probability the model gives to each language.
        public let probabilities: [Float]

        /// Creates a judged word.
        public init(word: String, language: Int, probabilities: [Float]) {
            self.word = word
            self.language = language
            self.probabilities = probabilities
        }
    }
}
