using System.Collections.Immutable;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments;

/// <summary>What came of reading an experiment file.</summary>
/// <param name="Experiment">Null exactly when a problem is an error.</param>
/// <param name="Problems">All of them, warnings too, in the order of their places.</param>
public sealed record Loaded(Experiment? Experiment, ImmutableArray<Problem> Problems)
{
    /// <summary>
    /// What can run and is surely not what was meant, for who asks whether an experiment is sound; empty where it cannot
    /// run.
    /// </summary>
    public ImmutableArray<Problem> Advice { get; init; } = [];
}
