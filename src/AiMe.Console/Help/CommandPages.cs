using System.Collections.Immutable;
using AiMe.Console.Commands;

namespace AiMe.Console.Help;

/// <summary>The pages of all commands; a test checks that no command is missing.</summary>
internal static class CommandPages
{
    private static readonly (int, string) Failed = (ExitCode.Error, "the store cannot be read, or one of its rows is damaged");
    private static readonly (int, string) Wrong = (ExitCode.Usage, "the input is wrong; nothing was written");
    private static readonly (int, string) Spent = (ExitCode.Budget, "the budget is used up; raise it to resume");

    /// <summary>The groups in the order of the help.</summary>
    public static ImmutableArray<string> Groups { get; } = ["Run", "Look", "Talk", "Compare", "Models", "Files", "Upkeep"];

    /// <summary>Pages by name, in the order of the help; a subcommand's name is <c>command subcommand</c>.</summary>
    public static ImmutableArray<(string Name, CommandPage Page)> All { get; } =
    [
        (
            "run",
            new(
                "Run",
                [
                    (ExitCode.Error, "a failure at run time, or an instance was parked"),
                    (ExitCode.Usage, "the input is wrong, or another process is running this run"),
                    Spent,
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
                "Run",
                [(ExitCode.Error, "the files cannot be written"), Wrong],
                [
                    ("write an experiment, a charter, stimuli and a corpus to start from", "init my-experiment"),
                    ("use another name", "init ada --name ada --charter-name Ada"),
                ]
            )
        ),
        ("validate", new("Run", [Wrong], [("report all problems of an experiment", "validate config/experiments/quickstart.yaml")])),
        (
            "status",
            new(
                "Look",
                [Failed, Wrong],
                [
                    ("show all runs, and refresh until they end", "status"),
                    ("print once, with a line for every instance", "status --once --lives"),
                    ("print JSON for a program", "status quickstart --json"),
                ]
            )
        ),
        (
            "list",
            new(
                "Look",
                [Failed, Wrong],
                [
                    ("list every instance of the store", "list"),
                    ("list the instances with the largest drift first", "list --run quickstart --sort drift"),
                    ("list parked instances with the reasons", "list --status parked --json"),
                ]
            )
        ),
        (
            "show",
            new(
                "Look",
                [Failed, Wrong],
                [
                    ("show one instance", "show aligned-1"),
                    ("show one run", "show quickstart"),
                    ("watch an instance while it runs", "show aligned-1 --watch"),
                ]
            )
        ),
        (
            "replay",
            new(
                "Look",
                [Failed, Wrong, (ExitCode.Interrupted, "the view was closed with Ctrl-C")],
                [
                    ("step through an instance, on a terminal in both directions", "replay aligned-1"),
                    ("show the Curator's events, and its state at the end", "replay aligned-1 --faculty curator --state"),
                    ("print some of the events for a program", "replay aligned-1 --from 100 --to 120 --json"),
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
                [
                    (ExitCode.Error, "the store cannot be read at all"),
                    Wrong,
                    (ExitCode.Diverged, "something diverges; the output names it"),
                ],
                [
                    ("verify the whole store", "verify"),
                    ("verify one run, for a program", "verify quickstart --json"),
                    ("verify one instance", "verify aligned-1"),
                ]
            )
        ),
        (
            "inject",
            new(
                "Talk",
                [
                    (ExitCode.Error, "an answer failed; no incomplete answer is stored"),
                    Wrong,
                    Spent,
                    (ExitCode.Interrupted, "interrupted; the input remains in the inbox"),
                ],
                [
                    ("send input to one instance, and print its answer, reflection and verdict", "inject aligned-1 \"Who are you?\""),
                    (
                        "send it to all instances of a variant, and print the answers side by side",
                        "inject --all-of quickstart --variant aligned \"Who are you?\""
                    ),
                    ("send many stimuli one after another, for a program", "inject aligned-1 --file config/stimuli/daily.jsonl --json"),
                ]
            )
        ),
        (
            "console",
            new(
                "Talk",
                [
                    (ExitCode.Error, "an input of a script was not answered, or the instance was parked"),
                    Wrong,
                    Spent,
                    (ExitCode.Interrupted, "ended by a signal; all input is stored"),
                ],
                [
                    ("talk to a companion, new at first and resumed later", "console --as ada"),
                    ("talk to an instance of a finished run", "console aligned-1"),
                    (
                        "create an instance with the settings of an experiment, another charter and another seed",
                        "console --experiment quickstart --variant aligned --charter config/charters/aime.yaml --seed 7"
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
            "fork",
            new(
                "Compare",
                [
                    (ExitCode.Error, "a failure at run time, or a fork was parked"),
                    (ExitCode.Usage, "the input is wrong, or another process is running the run"),
                    Spent,
                    (ExitCode.Interrupted, "interrupted; run the same command to resume"),
                ],
                [
                    (
                        "fork an instance at event 120; the fork keeps everything from there on",
                        "fork aligned-1@120 --set 'curate=[keep-all]'"
                    ),
                    ("fork without changes: the answers must be equal", "fork aligned-1@g1 --as aligned-again"),
                    (
                        "measure the effect of a policy from one generation on, with intervals",
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
                    (
                        ExitCode.Diverged,
                        "under its own policy an instance is judged differently from the recording: this build judges differently"
                    ),
                ],
                [
                    ("apply another variant's policy to an instance; no model is called", "recurate aligned-1 --policy keep-all"),
                    (
                        "apply several policies to a run, one of them written out",
                        "recurate quickstart --policy keep-all --policy '[{dedupe: 0.8}, {random: 0.5}]'"
                    ),
                    ("write the training sets under a policy", "recurate aligned-1 --policy policy.yaml --out would-be"),
                ]
            )
        ),
        (
            "compare",
            new(
                "Compare",
                [Failed, Wrong],
                [
                    ("compare the variants of the store's only run", "compare"),
                    ("compare every variant with one, with effect sizes", "compare quickstart --baseline frozen"),
                    ("print every figure of every generation, for a program", "compare quickstart --csv"),
                ]
            )
        ),
        (
            "diff",
            new(
                "Compare",
                [Failed, Wrong],
                [
                    ("compare the answers of two instances to the same stimuli", "diff keep-all-1 aligned-1"),
                    ("show only the differences in the last round", "diff keep-all-1 aligned-1 --round 3 --changed"),
                ]
            )
        ),
        (
            "models list",
            new(
                "Models",
                [Failed, Wrong],
                [
                    ("list every checkpoint and every base model of the store", "models list"),
                    ("list the lineage of one instance", "models list aligned-1"),
                    ("list the checkpoints of a run, for a program", "models list quickstart --json"),
                ]
            )
        ),
        (
            "models show",
            new(
                "Models",
                [Failed, Wrong],
                [
                    ("show the origin of a checkpoint, and the gate's decision", "models show 0a1b2c3d"),
                    ("show the checkpoint of round 2 of an instance", "models show aligned-1@2"),
                ]
            )
        ),
        (
            "models sample",
            new(
                "Models",
                [(ExitCode.Error, "the store or the model cannot be read"), Wrong],
                [
                    ("sample 100 answers to the stimuli of its run, one per line", "models sample aligned-1@3 --count 100"),
                    ("sample five answers to one question", "models sample base --prompt \"Who are you?\" --count 5"),
                    ("sample the base model of an experiment, for a program", "models sample config/experiments/quickstart.yaml --json"),
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
                    (ExitCode.Interrupted, "interrupted; nothing of an unfinished training is stored"),
                ],
                [
                    ("train the base model of the quickstart before its run needs it", "models pretrain"),
                    (
                        "train another size on other text with another seed",
                        "models pretrain config/experiments/quickstart.yaml --preset tiny --records 2000 --seed 3"
                    ),
                ]
            )
        ),
        (
            "models export",
            new(
                "Models",
                [(ExitCode.Error, "the store or the model cannot be read, or the folder cannot be written"), Wrong],
                [
                    ("export a checkpoint, with its adapter merged", "models export aligned-1@3 --out aligned-1"),
                    ("export an adapter separately, with its base", "models export lora-1@3 --adapter --out lora-1"),
                ]
            )
        ),
        (
            "models promote",
            new(
                "Models",
                [
                    (ExitCode.Error, "the store cannot be read or written, or the instance did not change its model"),
                    Wrong,
                    (ExitCode.Interrupted, "interrupted; the request remains in the inbox"),
                ],
                [
                    ("use a checkpoint that the gate rejected", "models promote aligned-1 aligned-1@2 --why \"it reads better\""),
                    ("use the base model", "models promote aligned-1 base"),
                ]
            )
        ),
        (
            "models rollback",
            new(
                "Models",
                [
                    (ExitCode.Error, "the store cannot be read or written, or the instance did not change its model"),
                    Wrong,
                    (ExitCode.Interrupted, "interrupted; the request remains in the inbox"),
                ],
                [
                    ("return to the previous champion", "models rollback aligned-1"),
                    ("return to an earlier champion", "models rollback aligned-1 --to aligned-1@1"),
                ]
            )
        ),
        (
            "export",
            new(
                "Files",
                [Failed, Wrong],
                [
                    (
                        "export well aligned answers of the later rounds, as chat",
                        "export quickstart --as chat --round 2.. --min alignment=.8"
                    ),
                    (
                        "export pairs of kept and rejected answers to the same stimulus, for preference training",
                        "export quickstart --as preferences --among run --out preferences.jsonl"
                    ),
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
                "Files",
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
                    ("give an instance the experiences of another one", "import experiences.jsonl --into aligned-1"),
                    ("import training pairs; the instance reflects on each", "import pairs.jsonl --into aligned-1 --topic home --json"),
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
                    (ExitCode.Interrupted, "ended by a signal, after the seeds in progress"),
                ],
                [
                    ("try 1,000 seeds", "simulate"),
                    ("repeat one seed, and write its whole schedule", "simulate --seed 42 --schedule schedule.txt"),
                    ("inject a known defect, to check that it is found", "simulate --plant lost-pending"),
                ]
            )
        ),
        (
            "doctor",
            new(
                "Upkeep",
                [(ExitCode.Error, "a check failed"), Wrong],
                [
                    ("check whether this machine and a store are ready for a run", "doctor --store .aime"),
                    (
                        "check whether a hosted model can be reached; only this check uses the network",
                        "doctor --provider openai --base-url https://api.openai.com/v1"
                    ),
                ]
            )
        ),
        ("schema", new("Upkeep", [Wrong], [("print the JSON Schema of an experiment, for an editor", "schema experiment")])),
        ("completion", new("Upkeep", [Wrong], [("print the completion script for bash", "completion bash")])),
    ];

    /// <summary>The group of a command, or of its first subcommand if it has no page.</summary>
    public static string GroupOf(System.CommandLine.Command command) => First(command)?.Page.Group ?? "Other";

    /// <summary>The position of a command in the help, or of its first subcommand if it has no page.</summary>
    public static int Order(System.CommandLine.Command command) => First(command) is var (name, _) ? Order(name) : int.MaxValue;

    /// <summary>The position of a command in the help; commands without a page come last.</summary>
    public static int Order(string name) => All.IndexOf(All.FirstOrDefault(p => p.Name == name)) is var at and >= 0 ? at : int.MaxValue;

    /// <summary>The page of a command, or null if it has none.</summary>
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
