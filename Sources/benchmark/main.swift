import Commands
import FoundationEssentials
import Glibc

exit(
    BenchmarkCommand.main(
        arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment))
