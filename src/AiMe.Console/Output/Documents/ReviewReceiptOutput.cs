using AiMe.Faculties;
using AiMe.Lab.Runs.Reviews;

namespace AiMe.Console.Output.Documents;

/// <summary>What became of a person's answer on a held experience.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Experience">Id of the experience in its instance.</param>
/// <param name="Reviewer">The name that the person chose.</param>
/// <param name="Verdict">Keep or reject; null if an earlier answer was withdrawn.</param>
/// <param name="Receipt">Unchanged: the same was answered before. Not open: it is not held, or its round has its verdicts.</param>
/// <param name="Open">Held experiences without a verdict afterwards; null for a line of a file.</param>
internal sealed record ReviewReceiptOutput(
    string Run,
    string Instance,
    string Experience,
    string Reviewer,
    Verdict? Verdict,
    ReviewReceipt Receipt,
    int? Open
) : OutputDocument;
