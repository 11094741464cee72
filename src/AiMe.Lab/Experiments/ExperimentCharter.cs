using AiMe.Faculties;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Experiments;

/// <summary>One of several charters of an experiment.</summary>
/// <param name="Source">The file that it was read from, or what made it; not part of the experiment's identity.</param>
public sealed record ExperimentCharter(string Source, Charter Charter)
{
    /// <summary>How the base model is fine-tuned into generation 0 of its instances; null if it is not.</summary>
    public IdentityTuning? Identity { get; init; }

    /// <summary>The exchanges of <see cref="Identity"/>; else empty.</summary>
    public ReadOnlyMemory<byte> IdentityData { get; init; }
}
