/// A reproducible number in (−2, 2) that differs from place to place, and whose digits use all of a float32.
func sample(_ index: Int, _ salt: Int) -> Float {
    var state = UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(salt) &* 0xBF58_476D_1CE4_E5B9
    state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
    return Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-30
}
