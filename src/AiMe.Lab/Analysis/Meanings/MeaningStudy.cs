using System.Collections.Concurrent;
using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Metrics.Statistics;
using AiMe.Metrics.Text;
using AiMe.Metrics.Vectors;
using AiMe.Models.Embeddings;
using Microsoft.Extensions.AI;

namespace AiMe.Lab.Analysis.Meanings;

/// <summary>
/// Novelty and coherence of recorded answers under two embedders, whichever the run has: by wording (hash) and by meaning (minilm).
/// </summary>
public static class MeaningStudy
{
    /// <summary>Measures every recorded answer. Calls no model but the embedders, and writes nothing.</summary>
    /// <param name="threads">Instances measured at a time; the figures do not depend on it.</param>
    /// <exception cref="ModelPreparationException">The embedder of meanings is not there; the message says how to build it.</exception>
    public static async Task<ImmutableArray<MeaningRow>> RunAsync(
        EventStore store,
        RunRecord record,
        int threads,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(record);
        var meaning = LocalEmbedders.Load(EmbedderAssembly.MiniLm);
        var wording = await WordingAsync(store, record.Plan, cancellationToken);
        var rows = new ImmutableArray<MeaningRow>[record.Instances.Length];
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, rows.Length, options, async (i, token) =>
            rows[i] = await RowsAsync(record.Instances[i], new KnownVectors(wording), new KnownVectors(meaning), token)
        );
        return [.. rows.SelectMany(r => r)];
    }

    /// <summary>The frozen embedder of a run; without a corpus all words weigh alike.</summary>
    internal static async Task<HashEmbedder> WordingAsync(EventStore store, RunPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Origin is not ModelOrigin.Nano origin)
            return new HashEmbedder([]);
        var folder = Directory.CreateTempSubdirectory("aime-meaning-");
        try
        {
            var corpus = await CorpusBundle.LoadAsync(
                new BlobId(origin.Corpus),
                store.Blobs,
                folder.FullName,
                charter: null,
                cancellationToken
            );
            return PreparedNano.EmbedderOf(corpus.Records(origin.Seed, origin.Records));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<ImmutableArray<MeaningRow>> RowsAsync(
        InstanceRecord instance,
        KnownVectors wording,
        KnownVectors meaning,
        CancellationToken cancellationToken
    )
    {
        List<(Stored Stored, double Words, double Meaning, double WordOrder, double MeaningOrder)> answers = [];
        var (byWords, byMeaning) = (new Novelties(wording), new Novelties(meaning));
        foreach (var stored in instance.Events.Select(e => e.Happened).OfType<Stored>().Where(s => s.Output.Length > 0))
            answers.Add(
                (
                    stored,
                    await byWords.NextAsync(stored.Output, cancellationToken),
                    await byMeaning.NextAsync(stored.Output, cancellationToken),
                    await CoherenceAsync(stored.Output, wording, cancellationToken),
                    await CoherenceAsync(stored.Output, meaning, cancellationToken)
                )
            );

        return
        [
            .. answers
                .GroupBy(a => a.Stored.Round)
                .Select(round => new MeaningRow(
                    instance.Variant.Name,
                    instance.Name,
                    round.Key,
                    MeanOf(round.Select(a => a.Words)),
                    MeanOf(round.Select(a => a.Meaning)),
                    MeanOf(round.Select(a => a.WordOrder)),
                    MeanOf(round.Select(a => a.MeaningOrder))
                )),
        ];
    }

    private static async Task<double> CoherenceAsync(string output, KnownVectors vectors, CancellationToken cancellationToken)
    {
        var sentences = WordTokenizer.Sentences(output);
        if (sentences.Count < 3)
            return double.NaN;
        List<float[]> places = [];
        foreach (var sentence in sentences)
            places.Add(await vectors.OfAsync(sentence, cancellationToken));
        return Coherence.Of(places);
    }

    private static double MeanOf(IEnumerable<double> values) => Mean.Of([.. values.Where(v => !double.IsNaN(v))]);

    /// <summary>An embedder that computes a text once.</summary>
    private sealed class KnownVectors(IEmbeddingGenerator<string, Embedding<float>> embedder)
    {
        private readonly Dictionary<string, float[]> _known = new(StringComparer.Ordinal);

        public async Task<float[]> OfAsync(string text, CancellationToken cancellationToken)
        {
            if (!_known.TryGetValue(text, out var vector))
                _known[text] = vector = (await embedder.GenerateAsync([text], cancellationToken: cancellationToken))[0].Vector.ToArray();
            return vector;
        }
    }

    // As the Curator measures it: against the last judged answers.
    private sealed class Novelties(KnownVectors vectors)
    {
        private ImmutableArray<Faculties.Embedding> _past = [];

        public async Task<double> NextAsync(string output, CancellationToken cancellationToken)
        {
            var answer = Faculties.Embedding.From(await vectors.OfAsync(output, cancellationToken));
            var novelty = Novelty.Of(answer, _past, p => p);
            _past = _past.Length < CuratorState.Remembered ? _past.Add(answer) : [.. _past.AsSpan()[1..], answer];
            return novelty;
        }
    }
}

/// <summary>Figures of one round of an instance; NaN where undefined.</summary>
/// <param name="WordNovelty">Mean novelty of its answers by wording, in [0, 2].</param>
/// <param name="MeaningNovelty">The same by meaning.</param>
/// <param name="WordCoherence">Mean coherence of its answers of three sentences or more by wording, in [-2, 2].</param>
/// <param name="MeaningCoherence">The same by meaning.</param>
public sealed record MeaningRow(
    string Variant,
    string Instance,
    int Round,
    double WordNovelty,
    double MeaningNovelty,
    double WordCoherence,
    double MeaningCoherence
);
