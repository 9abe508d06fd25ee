import Datasets
import Diagnostics
import NeuralNetworks
import Training

/// Plain parameters in a safetensors file, an array a parameter, for Lockstep and for other programs.
///
/// Names are those of the parameters behind their place in the order of declaration: `002.hidden.weight`.
public struct ParameterFile: Sendable {
    /// The parameters' names and extents, in the order of their declaration.
    public let layout: [Snapshot.ParameterLayout]
    /// The values of all parameters in that order.
    public let values: [Float]

    /// Takes the parameters of a state.
    public init(_ snapshot: Snapshot) {
        layout = snapshot.layout
        values = snapshot.parameters
    }

    /// Takes the parameters of a model.
    public init(_ parameters: [Parameter]) {
        layout = parameters.map { Snapshot.ParameterLayout(name: $0.name, shape: $0.shape.dimensions) }
        values = parameters.flatMap { parameter in
            let value = parameter.variable.value
            return Array(UnsafeBufferPointer(start: value.pointer, count: value.count))
        }
    }

    /// Reads a file; a checkpoint serves as well.
    ///
    /// - Throws: `Failure(.data)` if it cannot be read, is damaged, or holds anything but parameters.
    public init(contentsOf path: String) throws {
        let file = try ArrayFile(contentsOf: path, what: "parameters")
        guard let (layout, values) = ParameterArrays.read(file.arrays) else {
            throw Failure(
                .data, "cannot read parameters", at: path, because: "its arrays are not the parameters of a model",
                remedy: "give a file that --parameters or export wrote")
        }
        self.layout = layout
        self.values = values
    }

    /// The bytes of the file.
    ///
    /// - Parameter path: where they will be written, for messages.
    /// - Throws: `Failure(.data)` if the header becomes longer than what is ever read.
    public func bytes(for path: String) throws -> [UInt8] {
        try ArrayFile(arrays: ParameterArrays.arrays(layout, values: values), metadata: ["format": "pt"])
            .bytes(for: path)
    }

    /// Copies the values into parameters of the same names and extents.
    ///
    /// - Parameter path: where they were read, for messages.
    /// - Throws: `Failure(.data)` if they are those of another model.
    public func copy(into parameters: [Parameter], path: String) throws {
        let wanted = ParameterFile(parameters).layout
        guard wanted == layout else {
            let place = zip(wanted, layout).enumerated().first { $1.0 != $1.1 }
            let cause = place.map { place, pair in
                "it has no \(ParameterArrays.name(place, pair.0.name)) of shape \(pair.0.shape)"
            }
            throw Failure(
                .data, "cannot use parameters", at: path,
                because: cause ?? "it has \(layout.count) parameters, the model has \(wanted.count)",
                remedy: "give the file and the configuration of the same run")
        }
        var start = 0
        for parameter in parameters {
            let target = parameter.variable.value
            for index in 0..<target.count { target.pointer[index] = values[start + index] }
            start += target.count
        }
    }
}
