import Commands
import FoundationEssentials
import Glibc

exit(
    CoordinatorCommand.main(
        arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment))
