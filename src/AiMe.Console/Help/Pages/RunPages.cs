using System.Collections.Immutable;
using AiMe.Console.Commands;
using static AiMe.Console.Help.CommandPage;

namespace AiMe.Console.Help.Pages;

/// <summary>Pages of the group Run.</summary>
internal static class RunPages
{
    public static ImmutableArray<(string Name, CommandPage Page)> All { get; } =
    [
        (
            "run",
            new(
                [
                    (ExitCode.Error, "a failure at run time, an instance was parked, or a kind of call never succeeded in a variant"),
                    (ExitCode.Usage, "the input is wrong, or another process is running this run"),
                    Spent,
                    (ExitCode.InReview, "it waits for people's verdicts; answer with `aime review` and run the same command to resume"),
                    (ExitCode.Interrupted, "interrupted; run the same command to resume"),
                ],
                [
                    ("run an experiment, or resume it", "run config/experiments/quickstart.yaml"),
                    ("print an estimate without running anything", "run config/experiments/quickstart.yaml --dry-run"),
                    (
                        "use another seed and fewer replicates, which is another run",
                        "run config/experiments/quickstart.yaml --seed 43 --set replicates=2"
                    ),
                ]
            )
        ),
        (
            "init",
            new(
                [(ExitCode.Error, "the files cannot be written"), Wrong],
                [
                    ("write an experiment, a charter, stimuli and a corpus to start from", "init my-experiment"),
                    ("use another name", "init ada --name ada --charter-name Ada"),
                ]
            )
        ),
        ("validate", new([Wrong], [("report all problems of an experiment", "validate config/experiments/quickstart.yaml")])),
        (
            "preregister",
            new(
                [Failed, Wrong],
                [("write down what an experiment tests, before it is run", "preregister config/experiments/anchor-sweep.yaml --out pages")]
            )
        ),
        (
            "retry",
            new(
                [
                    (ExitCode.Error, "it was parked again"),
                    (ExitCode.Usage, "it is not parked, or another process is running its run"),
                    Spent,
                    (ExitCode.Interrupted, "interrupted; `aime run` resumes the run"),
                ],
                [("try one parked instance again", "retry inward-1")]
            )
        ),
        (
            "review",
            new(
                [
                    (ExitCode.Error, "an experience is not held, or its round has its verdicts; the other answers were taken"),
                    Wrong,
                    (ExitCode.Interrupted, "interrupted; the answers given so far are durable"),
                ],
                [
                    ("decide on held experiences one after another, on a terminal", "review reviewed --as Ada"),
                    ("answer on one of them, from a script", "review share-1 e12 --keep --as Ada --note \"as I would say it\""),
                    ("list what waits, for a program", "review --list --json"),
                ]
            )
            {
                Inside =
                [
                    ("k", "keep: it is trained on"),
                    ("r", "reject: it is neither trained on nor recalled"),
                    ("n", "a note on the answer that follows"),
                    ("s", "skip: it is asked again the next time"),
                    ("u", "undo your last answer, until its round has its verdicts"),
                    ("q, Esc", "leave; the answers given so far are durable"),
                ],
            }
        ),
    ];
}
