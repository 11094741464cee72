using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;
using AiMe.VectorStores;

namespace AiMe.Console.Output;

/// <summary>What a run has in its vector store, as <c>aime delete</c> says it.</summary>
/// <param name="Origin">The store that the run's plan names; null for none.</param>
/// <param name="Memories">Number of the run's memories in it, if they go too; null if they stay.</param>
internal sealed record StoredVectors(StoreOrigin? Origin, long? Memories)
{
    /// <summary>What to do after a failure.</summary>
    public const string Again = "Run the same command again when the store answers; without --vectors, the memories stay there.";

    /// <summary>The store in words; null for none.</summary>
    public string? Store => Origin is null ? null : $"{Origin.Kind} at {Origin.Place}";

    /// <summary>The end of a sentence on what goes.</summary>
    public string AndMemories => Memories is { } count ? $", and {Plain.Count(count, "memory", "memories")} in {Store}" : "";

    /// <summary>What is said before the question.</summary>
    public IEnumerable<string> Words(string run)
    {
        if (Memories is { } count)
            yield return $"{Plain.Count(count, "memory", "memories")} in {Store} go too.";
        else if (Store is not null)
            yield return $"Its memories in {Store} stay there, with run = {run}: --vectors deletes them too, and must be given now, since "
                + "the journal alone names the store. docs/VECTOR-STORES.md says how to delete them by hand.";
    }

    /// <summary>What a deletion that failed has left.</summary>
    public static async Task<string> RemainingAsync(IVectorStore vectors, string run, CancellationToken cancellationToken)
    {
        try
        {
            return $"{Plain.Count(await vectors.CountAsync(run, cancellationToken), "memory", "memories")} of {run} are still there.";
        }
        catch (VectorStoreException)
        {
            return $"How many memories of {run} are still there is not known."; // the failure that is reported says why
        }
    }
}
