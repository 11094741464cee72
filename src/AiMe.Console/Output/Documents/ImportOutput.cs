using AiMe.Lab.Runs.InstanceFiles;

namespace AiMe.Console.Output.Documents;

/// <summary>The result of restoring a file of whole instances.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Digest">Digest of the run, from the file; null if it had not ended.</param>
/// <param name="DryRun">Whether nothing was written.</param>
/// <param name="Rows">Rows that were not in the journal.</param>
/// <param name="Blobs">Blobs that were not in the store.</param>
/// <param name="Instances">In the order of the file.</param>
internal sealed record ImportOutput(
    string Run,
    string? Digest,
    bool DryRun,
    long Rows,
    int Blobs,
    IReadOnlyList<InstanceRestored> Instances
) : OutputDocument;
