using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AiMe.Console.Output;
using AiMe.Faculties;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.SavedModels;
using AiMe.Models;
using AiMe.Models.Embeddings;
using AiMe.Nano;
using AiMe.Serve.Embeddings;
using AiMe.Serve.Models;

namespace AiMe.Console.Commands.Serving;

/// <summary>The models of a store and an experiment, as they are served.</summary>
internal sealed partial class ServedStore : IAsyncDisposable
{
    /// <summary>The name of the hash embedder.</summary>
    public const string HashEmbedderName = "hash";

    private readonly EventStore? _store;
    private readonly SemaphoreSlim _reading = new(1);
    private readonly ImmutableDictionary<string, NanoFamily> _families;

    private ServedStore(
        EventStore? store,
        ImmutableDictionary<string, NanoFamily> families,
        ImmutableArray<ServedModel> models,
        ServedCheckpoints checkpoints,
        HashEmbedder embedder
    )
    {
        (_store, _families, Checkpoints) = (store, families, checkpoints);
        Catalog = new ModelCatalog(models, FindAsync);
        Embedders = new Dictionary<string, ServedEmbedder>(StringComparer.Ordinal)
        {
            [HashEmbedderName] = new(embedder, text => models[0].Family.Encode(text).Length),
        };
        First = models[0].Id;
    }

    /// <summary>The models by name.</summary>
    public ModelCatalog Catalog { get; }

    /// <summary>Where jobs keep their checkpoints, over those of the store.</summary>
    public ServedCheckpoints Checkpoints { get; }

    /// <summary>The embedders by name.</summary>
    public IReadOnlyDictionary<string, ServedEmbedder> Embedders { get; }

    /// <summary>The name of the experiment's model.</summary>
    public string First { get; }

    /// <summary>The folder of a store that a server keeps its files, jobs and checkpoints in.</summary>
    public static string DirectoryOf(StoreAddress address) => Path.Combine(address.Root, "serve");

    /// <summary>Trains an experiment's base models if the store does not have them, and opens all models of the store.</summary>
    public static async Task<ServedStore> OpenAsync(
        StoreAddress address,
        Experiment experiment,
        NanoModel main,
        int threads,
        CancellationToken cancellationToken
    )
    {
        var id = "";
        Model? linked = null;
        await using (var store = await Stores.OpenAsync(address, Synchronous.Normal, giveUp: cancellationToken, cancellationToken))
        {
            if (main.Checkpoint is { } folder0)
                (id, linked) = await PreparedNano.LinkAsync(folder0, store, cancellationToken);
            foreach (var model in experiment.Models.OfType<NanoModel>().Where(m => m.Checkpoint is null))
            {
                var made = await RunDisplay.ShowAsync(display =>
                    Pretraining.EnsureAsync(model, experiment, store, 1, threads, display, TimeProvider.System, cancellationToken)
                );
                if (model == main)
                    id = made.Model.Id;
            }
        }

        var reading = Stores.HasJournal(address) ? Stores.OpenReadOnly(address) : null;
        var folder = Path.Combine(address.Root, "models");
        // Of other folders' checkpoints none is loaded: each would take its memory. The same weights may be both.
        ImmutableArray<PretrainedModel> bases =
        [
            .. PretrainedModel.All(folder).Where(b => b.Checkpoint == main.Checkpoint?.Origin || (b.Checkpoint is null && b.Id != id)),
        ];
        var first = bases.First(b => b.Id == id);
        var checkpoints = new ServedCheckpoints(
            Path.Combine(DirectoryOf(address), "checkpoints"),
            new StoreCheckpoints(reading?.Blobs ?? new FileBlobs(Path.Combine(address.Root, "blobs")), bases)
        );
        var families = bases
            .DistinctBy(b => b.Id)
            .ToImmutableDictionary(
                b => b.Id,
                b => new NanoFamily(b.Id, b.Prompt(), b.Shape, checkpoints, b.Checkpoint is null ? null : linked),
                StringComparer.Ordinal
            );
        ImmutableArray<ServedModel> models =
        [
            Served($"nano-{first.Preset}", first, families),
            .. bases.Select(b => Served(b.Name, b, families)),
        ];
        var records = PreparedNano.ReadCorpus(main, experiment).Records(main.Seed, main.Records);
        // As a run with this model weights it.
        var embedder = new HashEmbedder(records.Take(4000).SelectMany(r => new[] { r.Stimulus, r.Answer }));
        return new ServedStore(reading, families, models, checkpoints, embedder);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        _reading.Dispose();
    }

    private static ServedModel Served(string name, PretrainedModel model, ImmutableDictionary<string, NanoFamily> families) =>
        new(name, model.Id, families[model.Id], new DateTimeOffset(File.GetLastWriteTimeUtc(model.Directory)).ToUnixTimeSeconds());

    // Only what is certainly a checkpoint's name reaches the store, since a lookup reads every lineage of it.
    private async Task<ServedModel?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (_store is null || !CheckpointName().IsMatch(name))
            return null;
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var found = await ModelTarget.FindAsync(_store, name, cancellationToken);
            return _families.TryGetValue(found.Generation0.Value, out var family) ? new ServedModel(name, found.Id.Value, family, 0) : null;
        }
        catch (UsageException)
        {
            return null; // the answer says that there is no such model
        }
        finally
        {
            _reading.Release();
        }
    }

    [GeneratedRegex("^(?:[0-9a-f]{8,64}|[A-Za-z0-9/_-]{1,128}@[0-9]{1,6})$")]
    private static partial Regex CheckpointName();
}
