import Tensors
import Testing

@Suite struct TensorTests {
    @Test func shapes() {
        let shape: Shape = [2, 3, 4]
        #expect(shape.count == 24 && shape.rank == 3 && shape[-1] == 4 && shape[0] == 2)
        #expect(shape.contiguousStrides == [12, 4, 1])
        #expect(Shape([]).count == 1)
        #expect(shape.description == "[2, 3, 4]")
    }

    @Test(
        arguments: [
            ([2, 3], [3], [2, 3]), ([2, 1], [1, 3], [2, 3]), ([], [4], [4]), ([0, 3], [1], [0, 3]), ([1], [0], [0]),
            ([2, 3], [2], nil), ([2], [3], nil),
        ] as [(Shape, Shape, Shape?)]) func broadcasting(a: Shape, b: Shape, expected: Shape?)
    {
        #expect(a.broadcast(with: b) == expected)
        #expect(b.broadcast(with: a) == expected)
    }

    @Test func views() throws {
        let tensor = Tensor((0..<6).map(Float.init), shape: [2, 3])
        #expect(tensor.permuted([1, 0]).values == [0, 3, 1, 4, 2, 5])
        #expect(tensor.sliced(1, 1..<3).values == [1, 2, 4, 5])
        #expect(tensor.sliced(0, 1..<1).values == [])
        #expect(try #require(tensor.sliced(0, 1..<2).broadcast(to: [2, 3])).values == [3, 4, 5, 3, 4, 5])
        #expect(tensor.broadcast(to: [3, 3]) == nil)
        #expect(tensor.reshaped(to: [3, 2])?.values == [0, 1, 2, 3, 4, 5])
        #expect(tensor.permuted([1, 0]).reshaped(to: [6]) == nil)
        #expect(!tensor.permuted([1, 0]).isContiguous && tensor.sliced(0, 1..<2).isContiguous)
        #expect(Tensor(2.5).item == 2.5)
        #expect(Tensor(repeating: 3, shape: [2]).values == [3, 3])
        #expect(Tensor(zeros: [0, 2]).values == [])
    }

    @Test func lentMemoryCanBeExchanged() {
        let size = 3
        let first = UnsafeMutablePointer<Float>.allocate(capacity: size)
        let second = UnsafeMutablePointer<Float>.allocate(capacity: size)
        defer {
            first.deallocate()
            second.deallocate()
        }
        first.initialize(repeating: 1, count: size)
        second.initialize(repeating: 2, count: size)
        let storage = Storage(borrowing: first, count: size)
        let tensor = Tensor(storage: storage, offset: 1, shape: [2])
        #expect(tensor.values == [1, 1])
        storage.rebind(to: second)
        #expect(tensor.values == [2, 2])
    }

    @Test func ownedMemoryIsAlignedAndZeroed() {
        for count in [0, 1, 7, 5000] {
            let storage = Storage(count: count)
            #expect(UInt(bitPattern: storage.pointer) % 64 == 0)
            #expect(UnsafeBufferPointer(start: storage.pointer, count: count).allSatisfy { $0 == 0 })
        }
    }

    @Test func errorsAreOneLine() {
        #expect(
            ShapeError("matmul", [[2, 3], [4]], "no").description == "matmul: [2, 3] and [4]: no")
    }
}
