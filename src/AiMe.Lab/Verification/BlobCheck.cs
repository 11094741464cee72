using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Journal;

namespace AiMe.Lab.Verification;

/// <summary>The number of checked files, and the divergences among them.</summary>
internal sealed record FilesChecked(int Count, ImmutableArray<Divergence> Divergences, long Bytes = 0, int Removed = 0);

/// <summary>Checks that every blob that an event refers to exists and has its digest.</summary>
internal static class BlobCheck
{
    /// <summary>Checks the blobs one after another.</summary>
    public static async Task<FilesChecked> RunAsync(FileBlobs blobs, BlobReferences references, CancellationToken cancellationToken)
    {
        var (count, removed, bytes, bad) = (0, 0, 0L, ImmutableArray.CreateBuilder<Divergence>());
        foreach (var (sha256, place, path) in references.All)
        {
            // On purpose, and recorded: not damage. Only weights are ever removed so.
            if (references.AreWeights(sha256) && blobs.RemovedAt(new BlobId(sha256)) is not null)
            {
                removed++;
                continue;
            }

            count++;
            try
            {
                bytes += (await blobs.GetAsync(new BlobId(sha256), cancellationToken)).Length;
            }
            catch (Exception e)
                when (e is CorruptBlobException or JournalException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                var there = blobs.Has(new BlobId(sha256));
                bad.Add(
                    place.Diverges(
                        path,
                        sha256,
                        there ? e.Message : "none",
                        there
                            ? "a blob that this event refers to was altered, or cannot be read"
                            : "a blob that this event refers to is gone: restore it from a copy of the store"
                    )
                );
            }
        }

        return new(count, bad.ToImmutable(), bytes, removed);
    }
}
