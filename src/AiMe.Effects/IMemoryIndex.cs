using System.Collections.Immutable;
using AiMe.Faculties.Memory;

namespace AiMe.Effects;

/// <summary>Searches memories. In-process by default; a vector store can implement it.</summary>
public interface IMemoryIndex
{
    /// <summary>The best memories for each query, best first.</summary>
    /// <param name="view">
    /// The source of truth. An index with its own state catches up with it before it answers.
    /// </param>
    Task<ImmutableArray<ImmutableArray<Hit>>> SearchAsync(
        MemoryView view,
        ImmutableArray<Faculties.Embedding> queries,
        CancellationToken cancellationToken
    );
}
