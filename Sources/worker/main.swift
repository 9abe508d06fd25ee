import Commands
import FoundationEssentials
import Glibc

exit(
    WorkerCommand.main(
        arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment))
