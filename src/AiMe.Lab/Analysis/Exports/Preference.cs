using System.Text.Json;
using AiMe.Faculties;

namespace AiMe.Lab.Analysis.Exports;

/// <summary>Source of a preference.</summary>
public enum PreferenceSource
{
    /// <summary>
    /// Candidates of one cycle: the first was chosen and its experience kept, the second was not chosen.
    /// </summary>
    Candidates,

    /// <summary>Answers to the same stimulus: the first was kept, the second rejected.</summary>
    Verdicts,
}

/// <summary>Scope within which kept and rejected answers are paired.</summary>
public enum PreferenceScope
{
    /// <summary>Within each instance.</summary>
    Instance,

    /// <summary>Among the replicates of a variant, and their forks.</summary>
    Variant,

    /// <summary>Among all instances of a run.</summary>
    Run,
}

/// <summary>An answer in a preference.</summary>
/// <param name="Id">
/// Such as <c>inward-1/e12</c>; for a candidate that was not chosen <c>inward-1/e12#2</c>, from 1.
/// </param>
/// <param name="Novelty">NaN for a candidate that was not chosen.</param>
public sealed record PreferenceAnswer(string Id, string Text, Scores Scores, double Novelty);

/// <summary>Two answers to one prompt, of which one is preferred.</summary>
/// <param name="Prompt">Charter and stimulus, as used for training.</param>
public sealed record Preference(
    string Prompt,
    PreferenceAnswer Chosen,
    PreferenceAnswer Rejected,
    PreferenceSource Source,
    string Run,
    string Topic
)
{
    /// <summary>
    /// Returns one JSON line: <c>prompt</c>, <c>chosen</c> and <c>rejected</c> as preference training expects, and
    /// their origin.
    /// </summary>
    public byte[] Line() =>
        ExportLine.Line(json =>
        {
            json.WriteString("prompt", Prompt);
            json.WriteString("chosen", Chosen.Text);
            json.WriteString("rejected", Rejected.Text);
            json.WriteString("source", Source.ToString().ToLowerInvariant());
            json.WriteString("run", Run);
            json.WriteString("topic", Topic);
            Write(json, "chosen", Chosen);
            Write(json, "rejected", Rejected);
        });

    private static void Write(Utf8JsonWriter json, string which, PreferenceAnswer answer)
    {
        json.WriteString($"{which}Id", answer.Id);
        ExportLine.Scores(json, $"{which}Scores", answer.Scores, answer.Novelty);
    }
}
