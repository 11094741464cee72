using System.Collections.Immutable;
using AiMe.Console.Commands;
using static AiMe.Console.Help.CommandPage;

namespace AiMe.Console.Help.Pages;

/// <summary>Pages of the group Talk.</summary>
internal static class TalkPages
{
    public static ImmutableArray<(string Name, CommandPage Page)> All { get; } =
    [
        (
            "inject",
            new(
                [
                    (ExitCode.Error, "an answer failed; no incomplete answer is stored"),
                    Wrong,
                    Spent,
                    (ExitCode.Interrupted, "interrupted; the input remains in the inbox"),
                ],
                [
                    ("send input to one instance, and print its answer, reflection and verdict", "inject inward-1 \"Who are you?\""),
                    (
                        "send it to all instances of a variant, and print the answers side by side",
                        "inject --all-of quickstart --variant inward \"Who are you?\""
                    ),
                    ("send many stimuli one after another, for a program", "inject inward-1 --file config/stimuli/daily.jsonl --json"),
                ]
            )
        ),
        (
            "console",
            new(
                [
                    (ExitCode.Error, "an input of a script was not answered, or the instance was parked"),
                    Wrong,
                    Spent,
                    (ExitCode.Interrupted, "ended by a signal; all input is stored"),
                ],
                [
                    ("talk to a companion, new at first and resumed later", "console --as ada"),
                    ("talk to an instance of a finished run", "console inward-1"),
                    (
                        "create an instance with the settings of an experiment, another charter and another seed",
                        "console --experiment quickstart --variant inward --charter config/charters/aime.yaml --seed 7"
                    ),
                ]
            )
            {
                Inside =
                [
                    .. Console.Repl.Slash.SlashCommand.All.Select(c => (c.Usage, c.Help)),
                    ("//text", "send a text that begins with a slash"),
                ],
            }
        ),
        (
            "probe",
            new(
                [Failed, Wrong],
                [("ask an instance its identity probes now", "probe inward-1"), ("print the answers as JSON", "probe inward-1 --json")]
            )
        ),
    ];
}
