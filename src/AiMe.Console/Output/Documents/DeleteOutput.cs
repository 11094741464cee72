namespace AiMe.Console.Output.Documents;

/// <summary>What the removal of a run removed.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="DryRun">Whether nothing was removed.</param>
/// <param name="Instances">Its instances, forks included.</param>
/// <param name="Forks">Its forks.</param>
/// <param name="Events">Its events.</param>
/// <param name="Inbox">Its inbox messages.</param>
/// <param name="Blobs">Removed blobs.</param>
/// <param name="SharedBlobs">Blobs that stay, because other runs refer to them.</param>
/// <param name="Bytes">Bytes of events and blobs.</param>
/// <param name="VectorStore">The vector store that has memories of the run; null for none.</param>
/// <param name="Memories">Memories removed there; null if they stay.</param>
internal sealed record DeleteOutput(
    string Run,
    bool DryRun,
    int Instances,
    int Forks,
    long Events,
    int Inbox,
    int Blobs,
    int SharedBlobs,
    long Bytes,
    string? VectorStore,
    long? Memories
) : OutputDocument;
