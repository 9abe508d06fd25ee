import Datasets
import Diagnostics

extension DataSet {
    /// An array of this set, which must have one of some element types and fit a shape.
    ///
    /// - Parameters:
    ///   - types: the element types that will do.
    ///   - shape: the extent of every axis; nil where any will do.
    /// - Throws: `Failure` of category data that names array, source and what does not fit.
    func required(_ name: String, _ types: ElementType..., shape: [Int?]) throws -> DataArray {
        let array = try self[name]
        guard types.contains(array.elementType) else {
            throw misfit(
                name,
                "its elements are \(array.elementType.rawValue), not \(types.map(\.rawValue).joined(separator: " or "))"
            )
        }
        let fits = array.shape.count == shape.count && zip(array.shape, shape).allSatisfy { $1 == nil || $0 == $1 }
        guard fits else {
            let wanted = shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
            throw misfit(name, "its shape is \(array.shape), not [\(wanted)]")
        }
        return array
    }

    /// An array of class indices, one for each of `count` examples, all of them in 0..<classes.
    ///
    /// - Throws: `Failure` of category data, if it is missing, of another length, or holds another number.
    func labels(_ name: String, count: Int, classes: Int) throws -> DataArray {
        let array = try required(name, .int32, shape: [count])
        if let wrong = array.int32s.first(where: { $0 < 0 || $0 >= classes }) {
            throw misfit(name, "label \(wrong) is not one of 0 to \(classes - 1)")
        }
        return array
    }

    /// The failure of an array that a question cannot use.
    func misfit(_ name: String, _ cause: String) -> Failure {
        Failure(
            .data, "the data set does not fit the question", at: "\(name) of \(source)", because: cause,
            remedy: "check the data folder, or fetch the file again")
    }
}
