using System.Collections.Immutable;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments;

/// <summary>The result of reading an experiment file.</summary>
/// <param name="Experiment">Null exactly if a problem is an error.</param>
/// <param name="Problems">All problems, warnings included, in the order of their places.</param>
public sealed record Loaded(Experiment? Experiment, ImmutableArray<Problem> Problems)
{
    /// <summary>
    /// Lint messages: settings that can run but are surely a mistake, and notes of what is not used. Empty if the
    /// experiment cannot run.
    /// </summary>
    public ImmutableArray<Problem> Advice { get; init; } = [];
}
