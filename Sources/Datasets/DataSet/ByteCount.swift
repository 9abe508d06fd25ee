/// The number of bytes of an array; nil if the shape is negative or the number does not fit an `Int`.
///
/// A shape is judged as if its empty axes were not there, so that no partial product of an accepted shape overflows.
func byteCount(ofShape shape: [Int], elementByteCount: Int) -> Int? {
    var product = elementByteCount
    for extent in shape where extent != 0 {
        let (next, overflows) = product.multipliedReportingOverflow(by: extent)
        if overflows || extent < 0 { return nil }
        product = next
    }
    return shape.contains(0) ? 0 : product
}
