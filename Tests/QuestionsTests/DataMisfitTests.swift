import Datasets
import Diagnostics
import Tensors
import Testing

@testable import Questions

/// A data set that does not fit is refused when the model is made, by the array's name, and never a trap.
@Suite struct DataMisfitTests {
    @Test(
        "images that do not fit",
        arguments: [
            ("train_images", DataArray([UInt8](repeating: 0, count: 783), shape: [1, 783])),
            ("train_images", DataArray([Int32](repeating: 0, count: 784), shape: [1, 784])),
            ("train_labels", DataArray([Int32](repeating: 0, count: 3), shape: [3])),
            ("train_labels", DataArray([Int32](repeating: 10, count: 300), shape: [300])),
            ("test_labels", DataArray([Int32](repeating: -1, count: 60), shape: [60])),
            ("test_labels", DataArray([Float](repeating: 0, count: 60), shape: [60])),
        ])
    func images(name: String, array: DataArray) throws {
        try refused(name, Digits.self, SmallData.digits(), array)
        try refused(name, Convolution.self, SmallData.digits(), array)
    }

    @Test(
        "texts that do not fit",
        arguments: [
            ("train_text", DataArray([UInt8](repeating: 0, count: 10), shape: [10])),
            ("train_text", DataArray([UInt8](repeating: 99, count: 100), shape: [100])),
            ("validation_text", DataArray([Int32](repeating: 0, count: 100), shape: [100])),
        ])
    func texts(name: String, array: DataArray) throws {
        try refused(name, ShakespeareText.self, SmallData.text(), array)
    }

    @Test(
        "words that do not fit",
        arguments: [
            ("train_letters", DataArray([UInt8](repeating: 99, count: 2400), shape: [400, 6])),
            ("dev_lengths", DataArray([Int32](repeating: 7, count: 60), shape: [60])),
            ("test_labels", DataArray([Int32](repeating: 5, count: 60), shape: [60])),
        ])
    func words(name: String, array: DataArray) throws {
        try refused(name, names: String(name.prefix { $0 != "_" }), Languages.self, SmallData.words(), array)
    }

    @Test(
        "points that do not fit",
        arguments: [
            ("x", DataArray([Float](repeating: 0, count: 8), shape: [8, 1])),
            ("y", DataArray([Float](repeating: 0.5, count: 500), shape: [500, 1])),
            ("y", DataArray([Float](repeating: 1, count: 4), shape: [4, 1])),
        ])
    func points(name: String, array: DataArray) throws {
        try refused(name, Perceptron.self, PerceptronPoints.make(), array)
    }

    @Test func missingArray() throws {
        let question = try makeQuestion(Digits.self, plainRecipe)
        #expect(throws: Failure.self) { try question.makeModel(DataSet(made: [:]), key: RandomKey(seed: 0)) }
    }

    /// Exchanges one array of a good data set, and expects the model to be refused.
    private func refused<Kind: Question>(
        _ name: String, names part: String? = nil, _ type: Kind.Type, _ data: DataSet, _ array: DataArray
    ) throws {
        let question = try makeQuestion(type, type is Perceptron.Type ? "{}" : plainRecipe)
        var arrays = data.arrays
        try #require(arrays[name] != nil)
        arrays[name] = array
        let failure = #expect(throws: Failure.self) {
            try question.makeModel(DataSet(made: arrays), key: RandomKey(seed: 0))
        }
        #expect(failure?.category == .data)
        #expect(failure?.description.contains(part ?? name) == true, "\(failure?.description ?? "")")
    }
}
