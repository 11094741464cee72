using System.Collections.Immutable;
using AiMe.Effects.Tracing;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>Embeds and recalls for the Curator and for Memory.</summary>
internal sealed class MemorySearch(IEmbeddingGenerator<string, Embedding<float>> embedder, IMemoryIndex index)
{
    public async Task<Command> EmbedAsync(EmbedExperience e, CancellationToken cancellationToken)
    {
        try
        {
            var whole = MemoryDecider.TextOf(e.Draft.Stimulus.Text, e.Draft.Answer.Text);
            // servers refuse to embed an empty text: it has no direction
            var vectors = await EmbedAsync(
                [
                    whole,
                    .. e.Draft.IsEmpty ? Array.Empty<string>() : [e.Draft.Answer.Text],
                    .. e.Insight is { } insight ? [insight.Statement] : Array.Empty<string>(),
                ],
                cancellationToken
            );
            return new ExperienceEmbedded(
                e.Draft,
                e.Reflection,
                e.Insight,
                Output: e.Draft.IsEmpty ? Faculties.Embedding.Undirected(vectors[0].Components.Length) : vectors[1],
                Whole: vectors[0],
                Statement: e.Insight is null ? null : vectors[^1]
            );
        }
        catch (Models.ProviderException failure)
        {
            return new EmbeddingFailed(e.Attempt, e.Draft, e.Reflection, e.Insight, failure.Message);
        }
    }

    public async Task<Command> SearchAsync(SearchMemory e, CancellationToken cancellationToken)
    {
        using var span = MemorySpan.Begin(e);
        try
        {
            if (e.View.Items.IsEmpty || e.View.Settings.Recall == 0)
                return new MemorySearched(e.For, ImmutableArray.CreateRange(e.Queries, _ => ImmutableArray<Hit>.Empty), e.View.At);
            var queries = await EmbedAsync(e.Queries, cancellationToken);
            MustBeAlike(e.View, queries);
            var found = new MemorySearched(e.For, await index.SearchAsync(e.View, queries, cancellationToken), e.View.At);
            span?.SetTag("gen_ai.memory.record.count", found.Hits.Sum(h => h.Length));
            return found;
        }
        catch (Models.ProviderException failure)
        {
            span.Fail(failure.GetType().FullName!, failure.Message);
            return new SearchFailed(e.Attempt, e.For, e.Queries, e.View.At, failure.Message);
        }
    }

    // A hosted embedder may have changed under the same name since the memories were stored; vectors that cannot be
    // compared must fail, not count as dissimilar.
    private static void MustBeAlike(MemoryView view, ImmutableArray<Faculties.Embedding> queries)
    {
        var stored = view.Items[0].Embedding.Components.Length;
        foreach (var query in queries.Where(q => q.Components.Length != stored))
            throw new Models.ProviderException(
                $"The embedder gives {query.Components.Length} components, but the memories of this instance have {stored}: "
                    + "it has changed since they were stored. Restore the previous model.dimensions or model.embeddings, "
                    + "or start another run."
            );
    }

    private async Task<ImmutableArray<Faculties.Embedding>> EmbedAsync(IEnumerable<string> texts, CancellationToken cancellationToken) =>
        [
            .. (await embedder.GenerateAsync(texts, cancellationToken: cancellationToken)).Select(e =>
                Faculties.Embedding.From(e.Vector.Span)
            ),
        ];
}
