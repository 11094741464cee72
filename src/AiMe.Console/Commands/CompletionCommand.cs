using System.CommandLine;
using AiMe.Console.Terminal;
using AiMe.Corpora;

namespace AiMe.Console.Commands;

/// <summary><c>aime completion</c>: prints a shell script that asks this program for completions.</summary>
internal static class CompletionCommand
{
    // Each script passes the line after the program's name to the directive [suggest:position], which prints one
    // proposal per line.
    private const string Bash = """
        # aime completion for bash. Put this into ~/.bashrc:  source <(aime completion bash)
        _aime() {
            local program="${COMP_WORDS[0]}" current="${COMP_WORDS[COMP_CWORD]}" line proposal
            line="${COMP_LINE:0:COMP_POINT}"
            line="${line#*"$program"}"
            line="${line# }"
            COMPREPLY=()
            while IFS= read -r proposal; do
                [[ "$proposal" == "$current"* ]] && COMPREPLY+=("$proposal")
            done < <("$program" "[suggest:${#line}]" "$line" 2>/dev/null)
            [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == */ ]] && compopt -o nospace 2>/dev/null
            return 0
        }
        complete -o default -F _aime aime
        """;

    private const string Zsh = """
        #compdef aime
        # aime completion for zsh. Put this into ~/.zshrc, behind compinit:  source <(aime completion zsh)
        _aime() {
            local -a all folders others
            local line="${(j: :)words[2,CURRENT]}"
            all=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            folders=("${(@M)all:#*/}")
            others=("${(@)all:#*/}")
            (( ${#others} )) && compadd -- "${others[@]}"
            (( ${#folders} )) && compadd -S '' -- "${folders[@]}"
            return 0
        }
        compdef _aime aime
        """;

    private const string Fish = """
        # aime completion for fish. Put this into ~/.config/fish/config.fish:  aime completion fish | source
        function __aime_proposals
            set -l line (commandline -cp | string replace -r '^\s*\S+\s?' '')
            set -l program (commandline -opc)[1]
            $program "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c aime -f -a '(__aime_proposals)'
        """;

    private const string Pwsh = """
        # aime completion for PowerShell. Put this into $PROFILE:  aime completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName aime -ScriptBlock {
            param($word, $ast, $position)
            $text = $ast.ToString().PadRight([Math]::Max(0, $position - $ast.Extent.StartOffset))
            $program = $ast.CommandElements[0].ToString()
            $line = if ($text.Length -gt $program.Length) { $text.Substring($program.Length + 1) } else { '' }
            & $program "[suggest:$($line.Length)]" $line 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    private static readonly (string Shell, string Script)[] All = [("bash", Bash), ("zsh", Zsh), ("fish", Fish), ("pwsh", Pwsh)];

    public static Command Create()
    {
        string[] shells = [.. All.Select(s => s.Shell)];
        var shell = new Argument<string>("shell") { Description = string.Join(", ", shells) };
        shell.CompletionSources.Add(shells);
        var command = new Command(
            "completion",
            "Print a script that completes commands, options, experiments, runs and instances in a shell"
        )
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetRequiredValue(shell);
            TerminalWriter.Line(
                Array.Find(All, s => s.Shell == wanted).Script
                    ?? throw new UsageException(
                        $"completion: found '{wanted}', expected one of {string.Join(", ", shells)}{Nearest.Hint(wanted, shells)}"
                    )
            );
            return ExitCode.Done;
        });
        return command;
    }
}
