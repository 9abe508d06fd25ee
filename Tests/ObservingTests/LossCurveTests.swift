import Testing

@testable import Observing

@Suite struct LossCurveTests {
    @Test(arguments: [0, 1, 1023, 1024, 1025, 2047, 2048, 2049, 5000, 100_000])
    func everyValueIsTheMeanOfItsSteps(count: Int) {
        var curve = LossCurve()
        for step in 0..<count { curve.add(Double(step), step: step + 1) }
        let whole = curve.whole
        #expect(whole.values.count <= LossCurve.capacity)
        #expect(whole.values.count * whole.stride >= count)
        #expect(whole.stride == 1 || whole.values.count > LossCurve.capacity / 2 - 1)
        #expect(whole.stride.nonzeroBitCount == 1)
        for (index, value) in whole.values.enumerated() {
            let steps = index * whole.stride..<min(count, (index + 1) * whole.stride)
            let mean = Double(steps.lowerBound + steps.upperBound - 1) / 2
            #expect(abs(value - mean) < 1e-6 * max(1, mean), "\(index)")
        }
    }

    @Test func theStrideDoublesWhenThereIsNoMoreRoom() {
        var curve = LossCurve()
        for step in 0..<LossCurve.capacity { curve.add(1, step: step) }
        #expect(curve.whole.stride == 1 && curve.whole.values.count == LossCurve.capacity)
        _ = curve.takeChange()
        curve.add(1, step: LossCurve.capacity)
        #expect(curve.whole.stride == 2 && curve.whole.values.count == LossCurve.capacity / 2 + 1)
        let change = curve.takeChange()
        #expect(change.from == 0 && change.values.count == LossCurve.capacity / 2 + 1)
    }

    @Test func aChangeBeginsWithTheFirstValueThatIsNotTheSame() {
        var curve = LossCurve()
        for step in 0...LossCurve.capacity { curve.add(1, step: step) }
        _ = curve.takeChange()
        #expect(curve.takeChange().values.isEmpty)
        curve.add(2, step: 2000)
        curve.add(3, step: 2001)
        let change = curve.takeChange()
        #expect(change.from == LossCurve.capacity / 2)
        #expect(change.values == [1.5, 3])
    }

    @Test func itKnowsWhichStepItBeganWith() {
        var curve = LossCurve()
        curve.add(1, step: 501)
        curve.add(1, step: 502)
        #expect(curve.whole.first == 501)
    }
}
