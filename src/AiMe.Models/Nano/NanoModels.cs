using AiMe.Nano;
using AiMe.Nano.Lora;

namespace AiMe.Models.Nano;

/// <summary>
/// Caches checkpoints as models, one resident copy each. Models of adapters share their base's weights; the least
/// recently used models are evicted.
/// </summary>
/// <param name="capacity">Memory limit, in models with all their own weights.</param>
/// <param name="bare">A model that stays in memory and is among no checkpoints; null for none.</param>
public sealed class NanoModels(NanoConfig config, ICheckpoints checkpoints, int capacity = 64, Model? bare = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<CachedModel>> _known = new(StringComparer.Ordinal);
    private readonly LinkedList<CachedModel> _order = new();

    /// <summary>The model of a checkpoint.</summary>
    /// <exception cref="ProviderException">
    /// Its bytes are neither weights of this shape nor an adapter of such weights.
    /// </exception>
    public async Task<Model> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (id == bare?.Digest)
            return bare;
        var lazy = Find(id);
        try
        {
            var model = await lazy.Value.WaitAsync(cancellationToken);
            Weigh(id, model);
            return model;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Drop(id);
            if (e is FormatException)
                throw new ProviderException($"checkpoint {id}: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Adds a freshly trained model, so that it need not be loaded.</summary>
    public void Add(string id, Func<Model> model)
    {
        lock (_lock)
        {
            if (!_known.ContainsKey(id))
                Insert(id, new Lazy<Task<Model>>(() => Task.FromResult(model())));
        }
    }

    private Lazy<Task<Model>> Find(string id)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue(id, out var node))
                return Insert(id, new Lazy<Task<Model>>(() => ReadAsync(id)));
            Touch(node);
            // A base is touched with its adapters: otherwise it would be evicted, and the next adapter would load a
            // second copy of it.
            if (node.Value.Base is { } under && _known.TryGetValue(under, out var below))
                Touch(below);
            return node.Value.Model;
        }
    }

    private Lazy<Task<Model>> Insert(string id, Lazy<Task<Model>> model)
    {
        _known[id] = _order.AddFirst(new CachedModel(id, model));
        return model;
    }

    // Its size is known once it was loaded; until then it counts as 0.
    private void Weigh(string id, Model model)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue(id, out var node) || node.Value.Share > 0)
                return;
            node.Value = node.Value with
            {
                Base = model.Adapter?.Base,
                Share = model.Adapter is { } adapter ? (double)adapter.Bytes / (3 * 4L * config.Parameters) : 1,
            };
            Shrink();
        }
    }

    private void Shrink()
    {
        for (var sum = _order.Sum(e => e.Share); sum > capacity && _order.Count > 1; _order.RemoveLast())
        {
            sum -= _order.Last!.Value.Share;
            _known.Remove(_order.Last.Value.Id);
        }
    }

    private void Touch(LinkedListNode<CachedModel> node)
    {
        _order.Remove(node);
        _order.AddFirst(node);
    }

    private void Drop(string id)
    {
        lock (_lock)
        {
            if (_known.Remove(id, out var node))
                _order.Remove(node);
        }
    }

    // Not cancellable: many may wait for the same checkpoint, and a cancelled caller must not fail the others.
    private async Task<Model> ReadAsync(string id)
    {
        var file = await checkpoints.LoadAsync(id, CancellationToken.None);
        if (Adapter.BaseOf(file) is not { } under)
            return new Model(Weights.FromSafetensors(config, file));
        var adapter = Adapter.FromSafetensors(config, file);
        var start = await GetAsync(under, CancellationToken.None);
        return start.Adapter is null && start.Digest == under
            ? start.With(adapter)
            : throw new FormatException(
                $"expected an adapter over weights; its base {under} is "
                    + $"{(start.Adapter is null ? "a file in another form" : "an adapter itself")}"
            );
    }

    /// <param name="Share">
    /// Memory relative to a model of all weights, which has three copies of them: as loaded, flat, and packed.
    /// </param>
    /// <param name="Base">The base of an adapter.</param>
    private sealed record CachedModel(string Id, Lazy<Task<Model>> Model, double Share = 0, string? Base = null);
}
