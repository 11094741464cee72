using System.Collections.Immutable;
using AiMe.Console.Commands;
using static AiMe.Console.Help.CommandPage;

namespace AiMe.Console.Help.Pages;

/// <summary>Pages of the group Files.</summary>
internal static class FilesPages
{
    public static ImmutableArray<(string Name, CommandPage Page)> All { get; } =
    [
        (
            "export",
            new(
                [Failed, Wrong],
                [
                    (
                        "export well aligned answers of the later rounds, as chat",
                        "export quickstart --as chat --round 2.. --min alignment=.8"
                    ),
                    ("export a whole run as tables for R, Python or DuckDB", "export quickstart --as parquet --out tables"),
                    (
                        "export a whole run, to restore it in another store",
                        "export quickstart --as instance --out quickstart.instances.jsonl"
                    ),
                ]
            )
        ),
        (
            "import",
            new(
                [
                    (ExitCode.Error, "an experience was not imported; nothing incomplete is stored"),
                    Wrong,
                    Spent,
                    (ExitCode.Interrupted, "interrupted; the input remains in the inbox"),
                ],
                [
                    (
                        "restore the instances of a file in another store, with the same digests",
                        "import quickstart.instances.jsonl --store elsewhere"
                    ),
                    ("give an instance the experiences of another one", "import experiences.jsonl --into inward-1"),
                    ("import training pairs; the instance reflects on each", "import pairs.jsonl --into inward-1 --topic home --json"),
                ]
            )
        ),
        (
            "identity draft",
            new(
                [Wrong],
                [
                    ("see the exchanges that a charter gives", "identity draft config/charters/aime.yaml"),
                    ("write them to a file, to edit and to train on", "identity draft my-study/charter.yaml -o my-study/exchanges.jsonl"),
                ]
            )
        ),
        (
            "identity import",
            new([Wrong], [("make a charter of an agent of TinyTroupe", "identity import Lila.agent.json -o my-study/charter.yaml")])
        ),
        (
            "probes import",
            new(
                [Wrong],
                [
                    (
                        "turn a persona file into probes, as many of each key",
                        "probes import openness.jsonl --balance --limit 40 -o probes.yaml"
                    ),
                    (
                        "several files into one battery, with sure labels only",
                        "probes import openness.jsonl neuroticism.jsonl --min-confidence 0.95 --out probes.yaml"
                    ),
                ]
            )
        ),
    ];
}
