import Datasets
import Diagnostics
import NeuralNetworks
import Questions
import Tensors

/// Trained parameters in a safetensors file: an array a parameter, its name behind its place in the order.
enum ParameterFile {
    /// Writes the parameters of a model.
    ///
    /// - Throws: `Failure(.data)` if the file cannot be written.
    static func write(_ model: any Model, of question: String, to path: String) throws {
        var arrays: [String: DataArray] = [:]
        for (place, parameter) in model.parameters.enumerated() {
            arrays[name(place, parameter)] = DataArray(
                parameter.variable.value.values, shape: parameter.shape.dimensions)
        }
        try DataSet(arrays: arrays, source: "parameters of \(question)", sourceSHA256: "").write(to: path)
    }

    /// Reads parameters into a model of the same layers.
    ///
    /// - Throws: `Failure(.data)` if the file cannot be read, or holds the parameters of another model.
    static func read(_ path: String, into model: any Model) throws {
        let file = try DataSet(contentsOf: path)
        for (place, parameter) in model.parameters.enumerated() {
            let name = name(place, parameter)
            guard let array = file.arrays[name], array.elementType == .float32,
                array.shape == parameter.shape.dimensions
            else {
                throw Failure(
                    .data, "cannot use parameters", at: path,
                    because: "it has no \(name) of shape \(parameter.shape)",
                    remedy: "give the file and the configuration of the same run")
            }
            for (index, value) in array.floats.enumerated() { parameter.variable.value.pointer[index] = value }
        }
        guard file.arrays.count == model.parameters.count else {
            throw Failure(
                .data, "cannot use parameters", at: path, because: "it holds more than this model has",
                remedy: "give the file and the configuration of the same run")
        }
    }

    private static func name(_ place: Int, _ parameter: Parameter) -> String {
        let digits = String(place)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits + "." + parameter.name
    }
}
