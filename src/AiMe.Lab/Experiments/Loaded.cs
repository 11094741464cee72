using System.Collections.Immutable;

namespace AiMe.Lab;

/// <summary>What came of reading an experiment file.</summary>
/// <param name="Experiment">Null exactly when a problem is an error.</param>
/// <param name="Problems">All of them, warnings too, in the order of their places.</param>
public sealed record Loaded(Experiment? Experiment, ImmutableArray<Problem> Problems);
