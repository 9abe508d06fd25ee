/// The completion script for bash; it needs no package of ready-made completions.
enum BashCompletion {
    /// Writes the script.
    static func script(_ commands: [CompletedCommand]) -> String {
        let programs = Option.Command.programs.map(\.rawValue)
        return """
            # Completes \(programs.joined(separator: ", ")) in bash; written by 'coordinator completion bash'.

            # The command that a word names behind another one.
            _lockstep_enter() { # command, word
                case "$1 $2" in
            \(commands.flatMap(subcommands).joined(separator: "\n"))
                *) return 1 ;;
                esac
            }

            # What there is for a command: its options and first words, what an option takes, and an operand.
            _lockstep_look_up() { # command, option, place of the operand
                flags='' first='' taken='' operand=''
                case $1 in
            \(commands.map(entry).joined(separator: "\n"))
                esac
            }

            _lockstep() {
                local command=${1##*/} typed=${COMP_WORDS[COMP_CWORD]} word current='' option='' glued=''
                local flags first taken operand offered='' index place=0 isPlain='' words=()
                # What bash took apart at = and : belongs together again.
                for ((index = 1; index <= COMP_CWORD; index++)); do
                    word=${COMP_WORDS[index]}
                    if [[ ${#words[@]} -gt 0 && ($glued || $word == [=:]*) ]]; then
                        words[${#words[@]} - 1]+=$word
                    else
                        words+=("$word")
                    fi
                    if [[ $word == [=:]* ]]; then glued=1; else glued=''; fi
                done
                current=${words[${#words[@]} - 1]}
                unset 'words[${#words[@]} - 1]'
                [[ $typed == [=:]* ]] && typed=''

                while [[ ${#words[@]} -gt 0 ]] && _lockstep_enter "$command" "${words[0]}"; do
                    command=$entered words=("${words[@]:1}")
                done
                index=${#words[@]}
                for word in "${words[@]}"; do
                    if [[ $option ]]; then
                        option=''
                    elif [[ $isPlain || $word != -?* ]]; then
                        place=$((place + 1))
                    elif [[ $word == -- ]]; then
                        isPlain=1
                    elif [[ $word != *=* ]]; then
                        _lockstep_look_up "$command" "$word" 0
                        [[ $taken ]] && option=$word
                    fi
                done
                if [[ ! $option && ! $isPlain && $current == --*=* ]]; then
                    option=${current%%=*} current=${current#*=}
                fi
                _lockstep_look_up "$command" "$option" "$place"
                if [[ $option ]]; then
                    offered=$taken
                elif [[ ! $isPlain && $current == -* ]]; then
                    offered=$flags
                else
                    offered=$operand
                    [[ $index -eq 0 ]] && offered=${first:+$first }$operand
                fi

                COMPREPLY=()
                case $offered in
                files) compopt -o default ;;
                folders) compopt -o dirnames ;;
                nothing) ;;
                *)
                    mapfile -t COMPREPLY < <(compgen -W "$offered" -- "$current")
                    # The shell replaces only what it took for a word itself.
                    if [[ $current == *"$typed" ]]; then
                        COMPREPLY=("${COMPREPLY[@]#"${current%"$typed"}"}")
                    else
                        word=${typed%"$current"}
                        COMPREPLY=("${COMPREPLY[@]/#/"$word"}")
                    fi
                    ;;
                esac
            }

            complete -F _lockstep \(programs.joined(separator: " "))

            """
    }

    private static func subcommands(_ command: CompletedCommand) -> [String] {
        command.subcommands.map { "    '\(command.name) \($0.word)') entered='\($0.command.rawValue)' ;;" }
    }

    /// What `_lockstep_look_up` knows of a command.
    private static func entry(_ command: CompletedCommand) -> String {
        var lines = ["    '\(command.name)')"]
        lines.append("        flags='\(command.options.map(\.dashed).joined(separator: " "))'")
        if !command.subcommands.isEmpty {
            lines.append("        first='\(command.subcommands.map(\.word).joined(separator: " "))'")
        }
        if !command.valued.isEmpty {
            lines.append("        case $2 in")
            lines += command.valued.map { "        \($0.option.dashed)) taken='\(text($0.completion))' ;;" }
            lines.append("        esac")
        }
        if !command.places.isEmpty {
            lines.append("        case $3 in")
            lines += command.places.map { place, completion in
                "        \(place.map(String.init) ?? "*")) operand='\(text(completion))' ;;"
            }
            lines.append("        esac")
        }
        return (lines + ["        ;;"]).joined(separator: "\n")
    }

    /// What the variables of the script hold.
    private static func text(_ completion: CompletedCommand.Completion) -> String {
        switch completion {
        case .words(let words): words.joined(separator: " ")
        case .files: "files"
        case .folders: "folders"
        case .nothing: "nothing"
        }
    }
}
