namespace AiMe.Console.Output.Documents;

/// <summary>The pages of a pre-registration.</summary>
/// <param name="Markdown">Path of the page for readers.</param>
/// <param name="Json">Path of the page for programs.</param>
/// <param name="Run">Id of the run that the plan makes.</param>
/// <param name="Digest">SHA-256 of the resolved plan, in hexadecimal.</param>
/// <param name="Hypotheses">Number of declared tests.</param>
internal sealed record PreregisterOutput(string Markdown, string Json, string Run, string Digest, int Hypotheses) : OutputDocument;

/// <summary>A run against its pre-registration.</summary>
/// <param name="File">Path of the JSON page.</param>
/// <param name="Digest">SHA-256 of the registered plan.</param>
/// <param name="Written">When it was written, UTC.</param>
/// <param name="Deviations">Every deviation; empty if there is none.</param>
internal sealed record PreregistrationCheck(
    string File,
    string Digest,
    string Written,
    IReadOnlyList<Lab.Analysis.Preregistration.Deviation> Deviations
);
