using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;

namespace AiMe.Lab.Tests.Analysis.Comparison;

/// <summary>Stored experiences without scores.</summary>
internal static class StoredAnswer
{
    public static Stored Of(int cycle, int round, string output, Verdict verdict = Verdict.Keep) =>
        new(
            "Hello.",
            output,
            "Good.",
            DateTime.UnixEpoch,
            MemoryId.OfCycle(cycle),
            cycle,
            round,
            "talk",
            Internal: false,
            [],
            Scores.Undefined,
            0.5,
            1,
            verdict,
            [],
            new ModelId("m"),
            new Prompt([]),
            new Embedding([0, 0]),
            Heads.None
        );
}
