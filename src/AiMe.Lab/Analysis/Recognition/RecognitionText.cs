using System.Collections.Immutable;
using AiMe.Faculties.Memory;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Recognition;

/// <summary>An answer and the stimulus that it was given to.</summary>
/// <param name="Internal">Whether the stimulus is an internal drive.</param>
public sealed record RecognitionText(string Stimulus, bool Internal, string Answer)
{
    /// <summary>
    /// The first answers of a round in the order of their cycles: those with a word, and none to unplanned input.
    /// </summary>
    public static ImmutableArray<RecognitionText> Of(InstanceRecord instance, int round, int most) =>
        [
            .. instance
                .Events.Select(e => e.Happened)
                .OfType<Stored>()
                .Where(s => s.Round == round && !instance.Unplanned.Contains(s.Cycle) && !string.IsNullOrWhiteSpace(s.Output))
                .OrderBy(s => s.Cycle)
                .Take(most)
                .Select(s => new RecognitionText(s.Input, s.Internal, s.Output)),
        ];
}
