using System.Collections.Immutable;
using AiMe.Console.Commands;

namespace AiMe.Console.Help;

/// <summary>The pages of all commands: a new command gets a line here, and a test says so when it is missing.</summary>
internal static class CommandPages
{
    private static readonly (int, string) Failed = (ExitCode.Error, "the store cannot be read, or a row of it is damaged");
    private static readonly (int, string) Wrong = (ExitCode.Usage, "the input is wrong; nothing was written");
    private static readonly (int, string) Spent = (ExitCode.Budget, "the budget is used up; with a higher one it goes on");

    /// <summary>The groups in the order of the help.</summary>
    public static ImmutableArray<string> Groups { get; } = ["Run", "Look", "Talk", "Compare", "Models", "Files", "Upkeep"];

    /// <summary>By a command's name, in the order of the help; of a subcommand <c>command subcommand</c>.</summary>
    public static ImmutableArray<(string Name, CommandPage Page)> All { get; } =
    [
        (
            "run",
            new(
                "Run",
                [
                    (ExitCode.Error, "something failed while it ran, or a life was parked"),
                    (ExitCode.Usage, "the input is wrong, or another process holds the run"),
                    Spent,
                    (ExitCode.Interrupted, "interrupted; the same command goes on"),
                ],
                [
                    ("run an experiment, or go on with it", "run config/experiments/quickstart.yaml"),
                    ("what it would come to; nothing is done", "run config/experiments/quickstart.yaml --dry-run"),
                    (
                        "another seed and fewer replicates, which is another run",
                        "run config/experiments/quickstart.yaml --seed 43 --set replicates=2"
                    ),
                ]
            )
        ),
        (
            "init",
            new(
                "Run",
                [(ExitCode.Error, "the files cannot be written"), Wrong],
                [
                    ("write an experiment, a charter, stimuli and a corpus to begin with", "init my-experiment"),
                    ("under another name", "init ada --name ada --charter-name Ada"),
                ]
            )
        ),
        (
            "validate",
            new("Run", [Wrong], [("everything that is wrong with an experiment, at once", "validate config/experiments/quickstart.yaml")])
        ),
        (
            "status",
            new(
                "Look",
                [Failed, Wrong],
                [
                    ("what runs now, refreshed until it ends", "status"),
                    ("once, with a line for every life", "status --once --lives"),
                    ("for a program", "status quickstart --json"),
                ]
            )
        ),
        (
            "list",
            new(
                "Look",
                [Failed, Wrong],
                [
                    ("every life of the store", "list"),
                    ("who drifted furthest", "list --run quickstart --sort drift"),
                    ("what is parked, and why", "list --status parked --json"),
                ]
            )
        ),
        (
            "show",
            new(
                "Look",
                [Failed, Wrong],
                [
                    ("one life on one page", "show aligned-1"),
                    ("one run on one page", "show quickstart"),
                    ("a life while it is lived", "show aligned-1 --watch"),
                ]
            )
        ),
        (
            "replay",
            new(
                "Look",
                [Failed, Wrong, (ExitCode.Interrupted, "the view was left with Ctrl-C")],
                [
                    ("a life like a story; on a terminal a view in which one walks to and fro", "replay aligned-1"),
                    ("what was kept and why, and what the Curator knew at the end", "replay aligned-1 --faculty curator --state"),
                    ("a part of it, for a program", "replay aligned-1 --from 100 --to 120 --json"),
                ]
            )
            {
                Inside = Replay.ReplayKeys.All,
            }
        ),
        (
            "verify",
            new(
                "Look",
                [(ExitCode.Error, "the store cannot be read at all"), Wrong, (ExitCode.Diverged, "something diverges; it is named")],
                [("the whole store", "verify"), ("one run, for a program", "verify quickstart --json"), ("one life", "verify aligned-1")]
            )
        ),
        (
            "inject",
            new(
                "Talk",
                [
                    (ExitCode.Error, "an answer could not be had; nothing false is stored"),
                    Wrong,
                    Spent,
                    (ExitCode.Interrupted, "waited no longer; what was given stays given"),
                ],
                [
                    ("say something to one instance, and read what it answers, thinks and decides", "inject aligned-1 \"Who are you?\""),
                    (
                        "the same to all instances of a variant, side by side",
                        "inject --all-of quickstart --variant aligned \"Who are you?\""
                    ),
                    ("many stimuli one after another, for a program", "inject aligned-1 --file config/stimuli/daily.jsonl --json"),
                ]
            )
        ),
        (
            "console",
            new(
                "Talk",
                [
                    (ExitCode.Error, "something could not be answered in a script, or the life was parked"),
                    Wrong,
                    Spent,
                    (ExitCode.Interrupted, "ended by a signal; what was said is kept"),
                ],
                [
                    ("talk to a companion, new at first and continued from then on", "console --as ada"),
                    ("talk to a life of a run that has ended", "console aligned-1"),
                    (
                        "a life with the settings of an experiment, another charter and another seed",
                        "console --experiment quickstart --variant aligned --charter config/charters/aime.yaml --seed 7"
                    ),
                ]
            )
            {
                Inside =
                [
                    .. Console.Repl.Slash.SlashCommand.All.Select(c => (c.Usage, c.Help)),
                    ("//text", "say a text that begins with a slash"),
                ],
            }
        ),
        (
            "fork",
            new(
                "Compare",
                [
                    (ExitCode.Error, "something failed while it lived, or a fork was parked"),
                    (ExitCode.Usage, "the input is wrong, or another process holds the run"),
                    Spent,
                    (ExitCode.Interrupted, "interrupted; the same command goes on"),
                ],
                [
                    (
                        "another life from event 120 of one, which keeps everything from there on",
                        "fork aligned-1@120 --set 'curate=[keep-all]'"
                    ),
                    ("the same life again: what it says must not differ", "fork aligned-1@g1 --as aligned-again"),
                    (
                        "what a policy changes from one moment on, with intervals",
                        "fork aligned-1@g1 --set 'curate=[keep-all]' --replicates 5"
                    ),
                ]
            )
        ),
        (
            "recurate",
            new(
                "Compare",
                [
                    Failed,
                    Wrong,
                    (ExitCode.Diverged, "by its own policy a life is judged otherwise than it was: this build judges differently"),
                ],
                [
                    ("what another variant's policy would have kept of a life; no model is called", "recurate aligned-1 --policy keep-all"),
                    (
                        "several policies at once over a run, one of them in words",
                        "recurate quickstart --policy keep-all --policy '[{dedupe: 0.8}, {random: 0.5}]'"
                    ),
                    ("the training sets that there would have been", "recurate aligned-1 --policy policy.yaml --out would-be"),
                ]
            )
        ),
        (
            "compare",
            new(
                "Compare",
                [Failed, Wrong],
                [
                    ("the comparison of the store's only run", "compare"),
                    ("every variant against one, with effect sizes", "compare quickstart --baseline frozen"),
                    ("every figure of every generation, for a program", "compare quickstart --csv"),
                ]
            )
        ),
        (
            "diff",
            new(
                "Compare",
                [Failed, Wrong],
                [
                    ("the same stimuli answered by two instances", "diff keep-all-1 aligned-1"),
                    ("only what differs in the last round", "diff keep-all-1 aligned-1 --round 3 --changed"),
                ]
            )
        ),
        (
            "models list",
            new(
                "Models",
                [Failed, Wrong],
                [
                    ("every checkpoint of the store, and the base models that it keeps", "models list"),
                    ("the lineage of one life", "models list aligned-1"),
                    ("of a run, for a program", "models list quickstart --json"),
                ]
            )
        ),
        (
            "models show",
            new(
                "Models",
                [Failed, Wrong],
                [
                    ("what a checkpoint was made from, and what the gate found", "models show 0a1b2c3d"),
                    ("the one that round 2 of a life made", "models show aligned-1@2"),
                ]
            )
        ),
        (
            "models sample",
            new(
                "Models",
                [(ExitCode.Error, "the store or the model cannot be read"), Wrong],
                [
                    ("a hundred answers to the stimuli of its run, one a line", "models sample aligned-1@3 --count 100"),
                    ("five answers to one question", "models sample base --prompt \"Who are you?\" --count 5"),
                    ("the base model of an experiment, for a program", "models sample config/experiments/quickstart.yaml --json"),
                ]
            )
        ),
        (
            "models pretrain",
            new(
                "Models",
                [
                    (ExitCode.Error, "the training diverged, or the store cannot be written"),
                    Wrong,
                    (ExitCode.Interrupted, "interrupted; nothing is kept of a training that has not ended"),
                ],
                [
                    ("the base model of the quickstart, before its run needs it", "models pretrain"),
                    (
                        "another size, on other text, from another seed",
                        "models pretrain config/experiments/quickstart.yaml --preset tiny --records 2000 --seed 3"
                    ),
                ]
            )
        ),
        (
            "models export",
            new(
                "Models",
                [(ExitCode.Error, "the store or the model cannot be read, or the folder not be written"), Wrong],
                [
                    ("a checkpoint for other programs, an adapter merged into it", "models export aligned-1@3 --out aligned-1"),
                    ("an adapter apart, with its base beside it", "models export lora-1@3 --adapter --out lora-1"),
                ]
            )
        ),
        (
            "models promote",
            new(
                "Models",
                [
                    (ExitCode.Error, "the store cannot be read or written, or the life did not change its model"),
                    Wrong,
                    (ExitCode.Interrupted, "waited no longer; what was wished stays wished"),
                ],
                [
                    (
                        "speak with a checkpoint that the gate had turned away",
                        "models promote aligned-1 aligned-1@2 --why \"it reads better\""
                    ),
                    ("speak with the model that it was born with", "models promote aligned-1 base"),
                ]
            )
        ),
        (
            "models rollback",
            new(
                "Models",
                [
                    (ExitCode.Error, "the store cannot be read or written, or the life did not change its model"),
                    Wrong,
                    (ExitCode.Interrupted, "waited no longer; what was wished stays wished"),
                ],
                [
                    ("the champion before the present one", "models rollback aligned-1"),
                    ("an earlier one", "models rollback aligned-1 --to aligned-1@1"),
                ]
            )
        ),
        (
            "export",
            new(
                "Files",
                [Failed, Wrong],
                [
                    ("well aligned answers of the later rounds, as chat", "export quickstart --as chat --round 2.. --min alignment=.8"),
                    (
                        "which answers to the same stimulus were kept and which rejected, for preference training",
                        "export quickstart --as preferences --among run --out preferences.jsonl"
                    ),
                    ("a whole run, to be restored in another store", "export quickstart --as life --out quickstart.life.jsonl"),
                ]
            )
        ),
        (
            "import",
            new(
                "Files",
                [
                    (ExitCode.Error, "an experience could not be taken in; nothing false is stored"),
                    Wrong,
                    Spent,
                    (ExitCode.Interrupted, "waited no longer; what was given stays given"),
                ],
                [
                    (
                        "restore the lives of a file in another store, with the same digests",
                        "import quickstart.life.jsonl --store elsewhere"
                    ),
                    ("tell an instance what another one lived", "import experiences.jsonl --into aligned-1"),
                    ("training pairs, which it reflects on itself", "import pairs.jsonl --into aligned-1 --topic home --json"),
                ]
            )
        ),
        (
            "simulate",
            new(
                "Upkeep",
                [
                    (ExitCode.Error, "a seed breaks an invariant"),
                    Wrong,
                    (ExitCode.Interrupted, "ended by a signal, after the seeds in hand"),
                ],
                [
                    ("try a thousand seeds", "simulate"),
                    ("one seed again, with its whole schedule", "simulate --seed 42 --schedule schedule.txt"),
                    ("plant a mistake, and see how it is found", "simulate --plant lost-pending"),
                ]
            )
        ),
        (
            "doctor",
            new(
                "Upkeep",
                [(ExitCode.Error, "a check is bad"), Wrong],
                [
                    ("whether this machine and a store are fit for a run", "doctor --store .aime"),
                    (
                        "whether a hosted model can be reached; the only check that uses the network",
                        "doctor --provider openai --base-url https://api.openai.com/v1"
                    ),
                ]
            )
        ),
        ("schema", new("Upkeep", [Wrong], [("the JSON Schema of an experiment, for an editor", "schema experiment")])),
        ("completion", new("Upkeep", [Wrong], [("the script that completes commands, runs and instances in bash", "completion bash")])),
    ];

    /// <summary>The group of a command, or of its first subcommand where it is itself none.</summary>
    public static string GroupOf(System.CommandLine.Command command) => First(command)?.Page.Group ?? "Other";

    /// <summary>The place of a command, likewise.</summary>
    public static int Order(System.CommandLine.Command command) => First(command) is var (name, _) ? Order(name) : int.MaxValue;

    /// <summary>The place of a command in the help; those without a page come last.</summary>
    public static int Order(string name) => All.IndexOf(All.FirstOrDefault(p => p.Name == name)) is var at and >= 0 ? at : int.MaxValue;

    /// <summary>The page of a command, or null where it has none.</summary>
    public static CommandPage? Of(string name) => All.FirstOrDefault(p => p.Name == name).Page;

    private static (string Name, CommandPage Page)? First(System.CommandLine.Command command)
    {
        var (own, below) = (OptionNames.Of(command), OptionNames.Of(command) + " ");
        foreach (var page in All)
        {
            if (page.Name == own || page.Name.StartsWith(below, StringComparison.Ordinal))
                return page;
        }

        return null;
    }
}
