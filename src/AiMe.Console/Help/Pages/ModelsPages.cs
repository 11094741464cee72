using System.Collections.Immutable;
using AiMe.Console.Commands;
using static AiMe.Console.Help.CommandPage;

namespace AiMe.Console.Help.Pages;

/// <summary>Pages of the group Models.</summary>
internal static class ModelsPages
{
    public static ImmutableArray<(string Name, CommandPage Page)> All { get; } =
    [
        (
            "models list",
            new(
                [Failed, Wrong],
                [
                    ("list every checkpoint and every base model of the store", "models list"),
                    ("list the lineage of one instance", "models list inward-1"),
                    ("list the checkpoints of a run, for a program", "models list quickstart --json"),
                ]
            )
        ),
        (
            "models show",
            new(
                [Failed, Wrong],
                [
                    ("show the origin of a checkpoint, and the gate's decision", "models show 0a1b2c3d"),
                    ("show the checkpoint of round 2 of an instance", "models show inward-1@2"),
                ]
            )
        ),
        (
            "models sample",
            new(
                [(ExitCode.Error, "the store or the model cannot be read"), Wrong],
                [
                    ("sample 100 answers to the stimuli of its run, one per line", "models sample inward-1@3 --count 100"),
                    ("sample five answers to one question", "models sample base --prompt \"Who are you?\" --count 5"),
                    ("sample the base model of an experiment, for a program", "models sample config/experiments/quickstart.yaml --json"),
                ]
            )
        ),
        (
            "models pretrain",
            new(
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
                [(ExitCode.Error, "the store or the model cannot be read, or the folder cannot be written"), Wrong],
                [
                    ("export a checkpoint, with its adapter merged", "models export inward-1@3 --out inward-1"),
                    ("export an adapter separately, with its base", "models export lora-1@3 --as peft --out lora-1"),
                    ("export a checkpoint for llama.cpp", "models export inward-1@3 --as gguf --out inward-1"),
                ]
            )
        ),
        (
            "models promote",
            new(
                [
                    (ExitCode.Error, "the store cannot be read or written, or the instance did not change its model"),
                    Wrong,
                    (ExitCode.Interrupted, "interrupted; the request remains in the inbox"),
                ],
                [
                    ("use the checkpoint of an earlier round", "models promote inward-1 inward-1@2 --why \"it reads better\""),
                    ("use the base model", "models promote inward-1 base"),
                ]
            )
        ),
        (
            "models rollback",
            new(
                [
                    (ExitCode.Error, "the store cannot be read or written, or the instance did not change its model"),
                    Wrong,
                    (ExitCode.Interrupted, "interrupted; the request remains in the inbox"),
                ],
                [
                    ("return to the previous champion", "models rollback inward-1"),
                    ("return to an earlier champion", "models rollback inward-1 --to inward-1@1"),
                ]
            )
        ),
        (
            "serve",
            new(
                [
                    (ExitCode.Error, "the store cannot be read or written, or another server uses it"),
                    (ExitCode.Usage, "the input is wrong, a key is missing, or the port is taken"),
                    (ExitCode.Interrupted, "interrupted before the server was ready"),
                ],
                [
                    ("serve the model of the quickstart on this machine", "serve"),
                    (
                        "serve the model of an experiment; jobs train adapters, and adapters are loaded from one folder",
                        "serve config/experiments/quickstart.yaml --adapter-rank 8 --adapters adapters"
                    ),
                    ("serve other machines; every request needs the key", "serve --bind 0.0.0.0 --api-key-env AIME_SERVE_KEY"),
                ]
            )
        ),
    ];
}
