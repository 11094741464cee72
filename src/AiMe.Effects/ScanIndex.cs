using System.Collections.Immutable;
using AiMe.Effects.Scanning;
using AiMe.Faculties.Memory;

namespace AiMe.Effects;

/// <summary>Compares with every memory of the view: exact, with the bits of <see cref="Ranking"/>.</summary>
/// <remarks>
/// Instances with many memories have a packed copy of them here, which each search brings up to date. It decides nothing: without it
/// the result is the same.
/// </remarks>
public sealed class ScanIndex : IMemoryIndex
{
    /// <summary>
    /// Fewer memories have no copy: <see cref="Ranking"/> takes less than a millisecond, and thousands of instances may be that small.
    /// </summary>
    internal const int FewestPacked = 256;

    private readonly PackedCopies _copies = new();

    /// <inheritdoc />
    public Task<ImmutableArray<ImmutableArray<Hit>>> SearchAsync(
        MemoryView view,
        ImmutableArray<Faculties.Embedding> queries,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(view);
        return Task.FromResult(
            view.Items.Length >= FewestPacked && view.Items[0].Embedding.Components.AsSpan().Length is > 0 and <= RowDots.GreatestWidth
                ? Scan(view, queries, cancellationToken)
                : Compare(view, queries)
        );
    }

    private static ImmutableArray<ImmutableArray<Hit>> Compare(MemoryView view, ImmutableArray<Faculties.Embedding> queries) =>
        ImmutableArray.CreateRange(queries, query => Ranking.Best(view, query));

    private ImmutableArray<ImmutableArray<Hit>> Scan(
        MemoryView view,
        ImmutableArray<Faculties.Embedding> queries,
        CancellationToken cancellationToken
    )
    {
        var copy = _copies.Of(view);
        lock (copy) // an instance has one recall at a time; another run may have one of the same name
        {
            if (!copy.Update(view))
                return Compare(view, queries);
            _copies.Keep(copy, view);
            var found = ImmutableArray.CreateBuilder<ImmutableArray<Hit>>(queries.Length);
            foreach (var query in queries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                found.Add(PackedScan.Best(copy, view, query));
            }

            return found.MoveToImmutable();
        }
    }
}
