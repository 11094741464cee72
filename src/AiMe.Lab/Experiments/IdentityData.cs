using System.Security.Cryptography;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Lab.Experiments.Personas;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs.Imports;
using AiMe.Models;

namespace AiMe.Lab.Experiments;

/// <summary>The exchanges of an identity as they are trained on.</summary>
/// <param name="Lines">JSON Lines of chat messages: the charter's stem, the stimulus, the answer.</param>
/// <param name="Sha256">Digest of the lines.</param>
/// <param name="Exchanges">Number of lines, 1 or more.</param>
internal sealed record IdentityData(ReadOnlyMemory<byte> Lines, string Sha256, int Exchanges)
{
    /// <summary>The exchanges in a file of any form that <c>aime import</c> reads; null if it has an error, which is reported.</summary>
    /// <remarks>
    /// Only errors of the file, and notes of what is not trained on, become problems: what an instance would not take over from an
    /// import, such as reflections, is not of interest here.
    /// </remarks>
    public static IdentityData? Read(string path, Charter charter, Problems problems)
    {
        var file = ImportReader.Read(path);
        foreach (var problem in file.Problems)
        {
            if (problem.Severity == Severity.Error)
                problems.Fail(problem.At, problem.Key, problem.Text);
            else
                problems.Warn(problem.At, problem.Key, problem.Text);
        }

        if (!file.IsValid)
            return null;
        ImportedExperience[] taught = [.. file.Experiences.Where(e => e.Trains).Select(e => e.Without(charter))];
        if (taught.Length == 0)
        {
            problems.Fail(
                Place.Of(path),
                "",
                "found no exchange to train on, expected one JSON object a line: "
                    + "{\"prompt\": \"Who are you?\", \"completion\": \"I am ...\"}"
            );
            return null;
        }

        return Of(taught.Select(e => (e.Input, e.Output)), charter);
    }

    /// <summary>The exchanges that a charter itself says.</summary>
    public static IdentityData Draft(Charter charter) => Of(IdentityDraft.Of(charter).Select(e => (e.Prompt, e.Completion)), charter);

    private static IdentityData Of(IEnumerable<(string Input, string Output)> taught, Charter charter)
    {
        IReadOnlyList<Microsoft.Extensions.AI.ChatMessage>[] exchanges =
        [
            .. taught.Select(
                IReadOnlyList<Microsoft.Extensions.AI.ChatMessage> (e) =>
                    [
                        Parts.Message(Parts.Charter, charter.Stem),
                        Parts.Message(Parts.Stimulus, e.Input),
                        Parts.Message(Parts.Answer, e.Output),
                    ]
            ),
        ];
        var lines = Datasets.Write(exchanges);
        return new(lines, Convert.ToHexStringLower(SHA256.HashData(lines)), exchanges.Length);
    }
}
