import FoundationEssentials
import Testing

@testable import Commands

@Suite struct KernelReportTests {
    @Test func everythingIsMeasuredAndShown() throws {
        let report = KernelReport(rounds: 1)
        #expect(report.products.count == KernelBenchmark.products.count)
        #expect(report.products.allSatisfy { $0.gigaflops.count == report.peaks.count })
        #expect(report.products.allSatisfy { $0.gigaflops.allSatisfy { $0 > 0 } && $0.microseconds > 0 })
        #expect(!report.passes.isEmpty && report.passes.allSatisfy { $0.gigabytes > 0 })
        #expect(report.peaks.allSatisfy { $0.gigaflops > 0 } && report.copyInCache > 0)
        for name in report.products.map(\.name) + report.passes.map(\.name) { #expect(report.text.contains(name)) }
        let again = try JSONDecoder().decode(KernelReport.self, from: Data(report.json()))
        #expect(again.products.map(\.name) == report.products.map(\.name))
    }
}
