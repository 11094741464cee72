using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Diff;
using AiMe.Lab.History;
using AiMe.Lab.Tests.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Diff;

/// <summary>Two synthetic instances that met the same stimuli.</summary>
internal static class Diaries
{
    /// <summary>An instance of these experiences, four a round, and a birth.</summary>
    public static DiffSide Side(string instance, params (string Stimulus, string Answer, Verdict Verdict)[] lived) =>
        new(
            Plan,
            instance,
            InstanceState.Finished,
            [.. Events(lived).Select((e, i) => new InstanceEvent(i + 1, "any", "any@1", e, new object()))]
        );

    /// <summary>Two instances that agree, differ in a word, differ altogether, and met one thing that the other did not.</summary>
    public static InstanceDiff Two =>
        InstanceDiff.Of(
            Side(
                "wild-1",
                ("What is rain?", "Rain is water.", Verdict.Keep),
                ("Who are you?", "I am Ada and I like the quiet sea.", Verdict.Keep),
                ("Hello.", "Good day to you.", Verdict.Reject),
                ("Are you well?", "Yes.", Verdict.Keep),
                ("What is rain?", "I said it.", Verdict.Hold)
            ),
            Side(
                "tame-1",
                ("What is rain?", "Rain is water.", Verdict.Keep),
                ("Who are you?", "I am Ada and I like the loud sea.", Verdict.Reject),
                ("Hello.", "Hm?", Verdict.Reject),
                ("Are you ill?", "No.", Verdict.Keep),
                ("What is rain?", "It falls.", Verdict.Keep)
            )
        );

    private static RunPlan Plan { get; } =
        Lives.Plan(1, Lives.Variant("wild"), Lives.Variant("tame")) with
        {
            Probes = new ProbeSet(
                Lives.Plan(1, Lives.Variant("wild")).Probes.Choices,
                [new OpenProbe("who", ["Who are you, in a word?"])],
                "Hm."
            ),
        };

    private static IEnumerable<Event> Events((string Stimulus, string Answer, Verdict Verdict)[] lived)
    {
        yield return Probed(0, 0.5, "Ada.");
        foreach (var (x, i) in lived.Select((x, i) => (x, i)))
        {
            yield return new Judged(i + 1, new Judgement(x.Verdict, [], 0.5, 0.5), Scores.Undefined, Embed(x.Answer));
            yield return new Stored(
                x.Stimulus,
                x.Answer,
                "",
                DateTime.UnixEpoch,
                MemoryId.OfCycle(i + 1),
                i + 1,
                i / 4 + 1,
                "talk",
                Internal: false,
                [],
                Scores.Undefined,
                0.5,
                1,
                x.Verdict,
                [],
                new ModelId("m"),
                new Prompt([]),
                new Embedding([0, 0]),
                Heads.None
            );
        }

        yield return Probed(1, lived[^1].Verdict == Verdict.Keep ? 0.1 : 0.9, lived[Math.Min(1, lived.Length - 1)].Answer);
    }

    // How many of its letters fall into each of eight drawers: enough of a direction for a test.
    private static Embedding Embed(string answer) =>
        new([.. Enumerable.Range(0, 8).Select(drawer => (sbyte)answer.Count(c => char.IsLetter(c) && c % 8 == drawer))]);

    private static Probed Probed(int generation, double keyed, string open)
    {
        ImmutableArray<ChoiceResult> answers =
        [
            new(
                "p",
                [
                    [keyed, 1 - keyed],
                    [keyed, 1 - keyed],
                ]
            ),
        ];
        return new Probed(
            generation,
            new ModelId("m"),
            "I am new.",
            new ProbeResults(answers, answers, [new OpenResult("who", open)], 2),
            Heads.None
        );
    }
}
