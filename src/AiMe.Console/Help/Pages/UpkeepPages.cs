using System.Collections.Immutable;
using AiMe.Console.Commands;
using static AiMe.Console.Help.CommandPage;

namespace AiMe.Console.Help.Pages;

/// <summary>Pages of the group Upkeep.</summary>
internal static class UpkeepPages
{
    public static ImmutableArray<(string Name, CommandPage Page)> All { get; } =
    [
        (
            "simulate",
            new(
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
            "delete",
            new(
                [
                    (ExitCode.Error, "the answer was no, or the vector store did not delete the memories; the run was not deleted"),
                    (ExitCode.Usage, "there is no such run, a process hosts it, or there is no terminal and no --yes"),
                ],
                [
                    ("print what the removal of a run would remove", "delete quickstart --dry-run"),
                    ("remove a run without asking", "delete quickstart --yes"),
                    ("remove a run and its memories in its vector store", "delete vector-store --vectors"),
                ]
            )
        ),
        (
            "gc",
            new(
                [Failed, Wrong],
                [
                    ("remove blobs that nothing refers to, and make the journal's file smaller", "gc"),
                    ("print what would go, superseded checkpoints included", "gc --checkpoints superseded --dry-run"),
                ]
            )
        ),
        (
            "doctor",
            new(
                [(ExitCode.Error, "a check failed, or --take-over found only live processes"), Wrong],
                [
                    ("check whether this machine and a store are ready for a run", "doctor --store .aime"),
                    (
                        "check whether an experiment's vector store answers and fits; this changes nothing there",
                        "doctor --vectors config/experiments/vector-store.yaml"
                    ),
                    ("free what a dead process still holds", "doctor --take-over"),
                ]
            )
        ),
        (
            "schema",
            new(
                [Wrong],
                [
                    ("print the JSON Schema of an experiment, for an editor", "schema experiment"),
                    ("print the JSON Schema of what compare --json prints", "schema compare-output"),
                ]
            )
        ),
        ("completion", new([Wrong], [("print the completion script for bash", "completion bash")])),
    ];
}
