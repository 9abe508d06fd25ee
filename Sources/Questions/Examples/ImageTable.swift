import Datasets
import Kernels

/// Images as rows of a matrix: bytes that stand for k/255, or floats that stand for themselves.
struct ImageTable: Sendable {
    /// The number of images.
    let count: Int
    /// The number of pixels of an image.
    let width: Int
    private let array: DataArray

    /// Takes the images of a named array of shape [any, width].
    ///
    /// - Throws: `Failure` of category data, if there is no such array or it does not fit.
    init(_ name: String, of data: DataSet, width: Int) throws {
        array = try data.required(name, .uint8, .float32, shape: [nil, width])
        count = array.shape[0]
        self.width = width
    }

    /// Writes the pixels of an image as numbers in [0, 1]; allocates nothing.
    func load(_ row: Int, into target: UnsafeMutablePointer<Float>) {
        precondition(row >= 0 && row < count, "image \(row) of \(count)")
        switch array.elementType {
        case .uint8:
            lockstep_bytes_to_floats(target, array.bytes.baseAddress.unsafelyUnwrapped + row * width, width)
        default:
            target.update(from: array.floats.baseAddress.unsafelyUnwrapped + row * width, count: width)
        }
    }

    /// Has the pixels of an image brought near, to be loaded soon; nothing is waited for.
    func fetch(_ row: Int) {
        precondition(row >= 0 && row < count, "image \(row) of \(count)")
        switch array.elementType {
        case .uint8: lockstep_fetch(array.bytes.baseAddress.unsafelyUnwrapped + row * width, width, false)
        default: lockstep_fetch(array.floats.baseAddress.unsafelyUnwrapped + row * width, 4 * width, false)
        }
    }

    /// The pixels of an image as grey values of 0 to 255.
    func bytes(_ row: Int) -> [UInt8] {
        var pixels = [Float](repeating: 0, count: width)
        pixels.withUnsafeMutableBufferPointer { load(row, into: $0.baseAddress.unsafelyUnwrapped) }
        return pixels.map { UInt8(min(max(($0 * 255).rounded(), 0), 255)) }
    }
}
