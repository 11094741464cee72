using System.Collections.Immutable;
using AiMe.Console.Commands;
using static AiMe.Console.Help.CommandPage;

namespace AiMe.Console.Help.Pages;

/// <summary>Pages of the group Compare.</summary>
internal static class ComparePages
{
    public static ImmutableArray<(string Name, CommandPage Page)> All { get; } =
    [
        (
            "fork",
            new(
                [
                    (ExitCode.Error, "a failure at run time, or a fork was parked"),
                    (ExitCode.Usage, "the input is wrong, or another process is running the run"),
                    Spent,
                    (ExitCode.Interrupted, "interrupted; run the same command to resume"),
                ],
                [
                    (
                        "fork an instance at event 120; the fork keeps everything from there on",
                        "fork inward-1@120 --set 'curate=[keep-all]'"
                    ),
                    ("fork without changes: the answers must be equal", "fork inward-1@g1 --as inward-again"),
                    (
                        "measure the effect of a policy from one generation on, with intervals",
                        "fork inward-1@g1 --set 'curate=[keep-all]' --replicates 5"
                    ),
                ]
            )
        ),
        (
            "recurate",
            new(
                [
                    Failed,
                    Wrong,
                    (
                        ExitCode.Diverged,
                        "under its own policy an instance is judged differently from the recording: this build judges differently"
                    ),
                ],
                [
                    ("apply another variant's policy to an instance; no model is called", "recurate inward-1 --policy keep-all"),
                    (
                        "apply several policies to a run, one of them written out",
                        "recurate quickstart --policy keep-all --policy '[{dedupe: 0.8}, {random: 0.5}]'"
                    ),
                    ("write the training sets under a policy", "recurate inward-1 --policy policy.yaml --out would-be"),
                ]
            )
        ),
        (
            "compare",
            new(
                [Failed, Wrong],
                [
                    ("compare every variant with one, with effect sizes", "compare quickstart --baseline frozen"),
                    ("print every figure of every instance, for statistics elsewhere", "compare quickstart --as csv"),
                    (
                        "check a run against what was registered before it",
                        "compare anchor-sweep --preregistration anchor-sweep-a28aed22.preregistration.json"
                    ),
                ]
            )
        ),
        (
            "report",
            new(
                [Failed, Wrong],
                [
                    ("write the report of a run: one file that needs no server and no network", "report quickstart --out report.html"),
                    (
                        "check the run against what was registered before it",
                        "report anchor-sweep --out report.html --preregistration anchor-sweep-a28aed22.preregistration.json"
                    ),
                    ("show several runs side by side", "report 'quickstart*' --out report.html --force"),
                ]
            )
        ),
        (
            "plot",
            new(
                [Failed, (ExitCode.Usage, "the input is wrong, there is nothing to draw, or no font was found")],
                [
                    ("draw a measure over generations for a column of a paper", "plot quickstart --measure bareDrift --out drift.pdf"),
                    (
                        "draw four panels over two columns",
                        "plot quickstart --measure bareDrift,selfReference --contrasts --identity --width double --out figure.pdf"
                    ),
                    ("draw the variants for a slide", "plot quickstart --variants --dark --width 200mm --out variants.png"),
                ]
            )
        ),
        (
            "power",
            new(
                [Failed, (ExitCode.Usage, "the input is wrong, there is no pilot, or nothing can be forecast")],
                [
                    ("forecast the declared tests from a run, with its own number of replicates", "power anchor-sweep"),
                    ("forecast a planned experiment from its newest pilot", "power config/experiments/anchor-sweep.yaml"),
                    (
                        "explore a measure over several numbers of replicates, and what a difference needs",
                        "power anchor-sweep --measure agentDrift --replicates 8,16,32 --difference 0.02"
                    ),
                ]
            )
        ),
        (
            "diff",
            new(
                [Failed, Wrong],
                [
                    ("compare the answers of two instances to the same stimuli", "diff keep-all-1 inward-1"),
                    ("show only the differences in the last round", "diff keep-all-1 inward-1 --round 3 --changed"),
                ]
            )
        ),
        (
            "recognition",
            new(
                [Failed, (ExitCode.Usage, "the input is wrong, or the model is hosted and its log-probabilities are unknown")],
                [
                    ("measure how well instances tell their own texts from others", "recognition quickstart"),
                    ("check the measure: at generation 0 all instances are clones, so that every AUC is .5", "recognition --generation 0"),
                    ("print every instance, with more texts", "recognition quickstart --texts 100 --json"),
                ]
            )
        ),
        (
            "meaning",
            new(
                [Failed, (ExitCode.Usage, "the input is wrong, or the run has a distribution, which writes no words")],
                [
                    ("see whether answers repeat each other in wording or in meaning", "meaning quickstart"),
                    ("print every round of every instance", "meaning quickstart --json"),
                ]
            )
        ),
        (
            "replicate",
            new(
                [Failed, Wrong, (ExitCode.Interrupted, "interrupted; the same command resumes")],
                [
                    ("list the shipped replications", "replicate"),
                    ("look at one on a seed of your own", "replicate replace-accumulate --seed 7 --quick"),
                    ("run one on the two seeds of its file, with reports", "replicate replace-accumulate --reports reports"),
                ]
            )
        ),
        (
            "agreement",
            new(
                [Failed, Wrong],
                [
                    (
                        "compare two people with each other and with the judges of a run",
                        "agreement my-run --ratings one.jsonl --ratings two.jsonl"
                    ),
                    ("compare ratings from 1 to 5 with the verdicts", "agreement my-run --ratings one.jsonl --keep-at 4"),
                ]
            )
        ),
        (
            "rate",
            new(
                [Failed, Wrong],
                [
                    ("rate answers of two variants without knowing whose they are", "rate quickstart --pair inward frozen --as me"),
                    ("show what the raters found, and how far they agree", "rate quickstart --report --pair inward frozen"),
                ]
            )
        ),
    ];
}
