import Diagnostics
import Testing

@Suite struct FailureTests {
    @Test func oneLineSaysWhatWhereWhyAndWhatToDo() {
        let failure = Failure(
            .data, "cannot read data set", at: "mnist.npz", because: "truncated\nat byte 7", remedy: "fetch it again")
        #expect(failure.description == "cannot read data set: mnist.npz: truncated at byte 7; fetch it again")
    }
}
