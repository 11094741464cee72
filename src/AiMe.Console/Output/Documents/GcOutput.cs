namespace AiMe.Console.Output.Documents;

/// <summary>What garbage collection removed.</summary>
/// <param name="DryRun">Whether nothing was removed.</param>
/// <param name="UnusedBlobs">Blobs to which no event refers.</param>
/// <param name="SupersededCheckpoints">Checkpoints that are in use nowhere.</param>
/// <param name="YoungBlobs">Unused blobs that stay, because a process may be about to refer to them.</param>
/// <param name="BlobBytes">Bytes of the removed blobs.</param>
/// <param name="JournalBytes">Bytes by which the journal's file shrank; null if it was not compacted.</param>
internal sealed record GcOutput(bool DryRun, int UnusedBlobs, int SupersededCheckpoints, int YoungBlobs, long BlobBytes, long? JournalBytes)
    : OutputDocument;
