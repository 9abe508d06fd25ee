import Datasets
import Training

/// Parameters as the arrays of a file: each by its name, behind its place in the order of declaration.
enum ParameterArrays {
    /// What the names of arrays that are no parameters begin with.
    static let momentPrefix = "moments."

    /// The name of the array of a parameter: `002.hidden.weight`.
    static func name(_ place: Int, _ parameter: String) -> String {
        let digits = String(place)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits + "." + parameter
    }

    /// The arrays of parameters that lie one behind another.
    static func arrays(_ layout: [Snapshot.ParameterLayout], values: [Float]) -> [String: DataArray] {
        var arrays: [String: DataArray] = [:]
        var start = 0
        for (place, parameter) in layout.enumerated() {
            let count = parameter.shape.reduce(1, *)
            arrays[name(place, parameter.name)] = DataArray(
                Array(values[start..<start + count]), shape: parameter.shape)
            start += count
        }
        return arrays
    }

    /// The parameters among the arrays of a file, in the order of declaration; nil if one is missing or no float32.
    static func read(_ arrays: [String: DataArray]) -> (layout: [Snapshot.ParameterLayout], values: [Float])? {
        let named = arrays.filter { !$0.key.hasPrefix(momentPrefix) }
        var ordered: [(place: Int, name: String, array: DataArray)] = []
        for (key, array) in named {
            let parts = key.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let place = Int(parts[0]), name(place, String(parts[1])) == key,
                array.elementType == .float32
            else { return nil }
            ordered.append((place, String(parts[1]), array))
        }
        ordered.sort { $0.place < $1.place }
        guard ordered.map(\.place) == Array(0..<ordered.count) else { return nil }
        return (
            ordered.map { Snapshot.ParameterLayout(name: $0.name, shape: $0.array.shape) },
            ordered.flatMap { Array($0.array.floats) }
        )
    }
}
