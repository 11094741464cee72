using System.Collections.Immutable;
using AiMe.Serve.Http;

namespace AiMe.Serve.Models;

/// <summary>The models of a server by their names: those it was started with, those of jobs, and loaded adapters.</summary>
/// <param name="known">Those it was started with.</param>
/// <param name="find">Finds another checkpoint by what a person calls it; null if there is none, or nowhere to look.</param>
public sealed class ModelCatalog(ImmutableArray<ServedModel> known, Func<string, CancellationToken, Task<ServedModel?>>? find)
{
    private readonly Lock _lock = new();
    private ImmutableDictionary<string, ServedModel> _tuned = ImmutableDictionary.Create<string, ServedModel>(StringComparer.Ordinal);
    private ImmutableDictionary<string, ServedModel> _adapters = ImmutableDictionary.Create<string, ServedModel>(StringComparer.Ordinal);
    private ImmutableDictionary<string, ServedModel> _found = ImmutableDictionary.Create<string, ServedModel>(StringComparer.Ordinal);

    /// <summary>Every listed model: those it was started with first.</summary>
    public ImmutableArray<ServedModel> All
    {
        get
        {
            lock (_lock)
                return
                [
                    .. known,
                    .. _tuned.Values.Concat(_adapters.Values).OrderBy(m => m.Created).ThenBy(m => m.Id, StringComparer.Ordinal),
                ];
        }
    }

    /// <summary>The family of a base model, if it is served.</summary>
    public IServedFamily? FamilyOf(string generation0)
    {
        lock (_lock)
            return known.Concat(_found.Values).FirstOrDefault(m => m.Family.Generation0 == generation0)?.Family;
    }

    /// <summary>The family whose checkpoints or base have this id.</summary>
    internal IServedFamily? FamilyWith(string checkpoint)
    {
        lock (_lock)
            return known.Concat(_found.Values).Concat(_tuned.Values).FirstOrDefault(m => m.Checkpoint == checkpoint)?.Family;
    }

    /// <summary>A model by name.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public async Task<ServedModel> NeedAsync(string name, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (
                known.FirstOrDefault(m => m.Id == name) is { } served
                || _tuned.TryGetValue(name, out served)
                || _adapters.TryGetValue(name, out served)
                || _found.TryGetValue(name, out served)
            )
                return served;
        }

        if (find is not null && await find(name, cancellationToken) is { } found)
        {
            lock (_lock)
                _found = _found.SetItem(name, found);
            return found;
        }

        throw ApiException.NotFound(
            $"The model '{name}' does not exist: GET /v1/models lists those that are served.",
            "model",
            "model_not_found"
        );
    }

    /// <summary>Adds the model of a job.</summary>
    internal void AddTuned(ServedModel model)
    {
        lock (_lock)
            _tuned = _tuned.SetItem(model.Id, model);
    }

    /// <summary>Adds an adapter; false if the name is taken.</summary>
    internal bool AddAdapter(ServedModel model)
    {
        lock (_lock)
        {
            if (_adapters.ContainsKey(model.Id) || _tuned.ContainsKey(model.Id) || known.Any(m => m.Id == model.Id))
                return false;
            _adapters = _adapters.Add(model.Id, model);
            return true;
        }
    }

    /// <summary>Removes an adapter; false if there is none of that name.</summary>
    internal bool RemoveAdapter(string name)
    {
        lock (_lock)
        {
            var had = _adapters.ContainsKey(name);
            _adapters = _adapters.Remove(name);
            return had;
        }
    }
}
