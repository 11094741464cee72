using AiMe.Nano;

namespace AiMe.Models.Nano;

/// <summary>Checkpoints as models, one resident copy each; the least lately used leave memory when there are too many.</summary>
public sealed class NanoModels(NanoConfig config, ICheckpoints checkpoints, int capacity = 64)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Id, Lazy<Task<Model>> Model)>> _known = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Id, Lazy<Task<Model>> Model)> _order = new();

    /// <summary>The model of a checkpoint.</summary>
    /// <exception cref="ProviderException">Its bytes are no weights of this shape.</exception>
    public async Task<Model> GetAsync(string id, CancellationToken cancellationToken)
    {
        var lazy = Find(id);
        try
        {
            return await lazy.Value.WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Drop(id);
            if (e is FormatException)
                throw new ProviderException($"checkpoint {id}: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Puts freshly trained weights in place, so that they need not be read back.</summary>
    public void Add(string id, Weights weights)
    {
        lock (_lock)
        {
            if (!_known.ContainsKey(id))
                Insert(id, new Lazy<Task<Model>>(() => Task.FromResult(new Model(weights))));
        }
    }

    private Lazy<Task<Model>> Find(string id)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(id, out var node))
            {
                _order.Remove(node);
                _order.AddFirst(node);
                return node.Value.Model;
            }

            return Insert(id, new Lazy<Task<Model>>(() => ReadAsync(id)));
        }
    }

    private Lazy<Task<Model>> Insert(string id, Lazy<Task<Model>> model)
    {
        _known[id] = _order.AddFirst((id, model));
        if (_order.Count > capacity)
        {
            _known.Remove(_order.Last!.Value.Id);
            _order.RemoveLast();
        }

        return model;
    }

    private void Drop(string id)
    {
        lock (_lock)
        {
            if (_known.Remove(id, out var node))
                _order.Remove(node);
        }
    }

    // Not cancellable: many may wait for the same checkpoint, and one of them giving up must not fail the others.
    private async Task<Model> ReadAsync(string id) =>
        new(Weights.FromSafetensors(config, await checkpoints.LoadAsync(id, CancellationToken.None)));
}
