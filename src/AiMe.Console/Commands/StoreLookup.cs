using AiMe.Corpora;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;

namespace AiMe.Console.Commands;

/// <summary>Finds the run or the instance that a person names in a store; a name that fits none is answered with the nearest.</summary>
internal static class StoreLookup
{
    /// <summary>Every run of a store, as its supervisor tells it.</summary>
    public static async Task<IReadOnlyList<SupervisorState>> RunsAsync(EventStore store, CancellationToken cancellationToken)
    {
        List<SupervisorState> runs = [];
        foreach (var run in await InstanceReader.RunsAsync(store.Journal, cancellationToken))
        {
            if (await InstanceReader.ReadRunAsync(store.Journal, run, cancellationToken) is { } state)
                runs.Add(state);
        }

        return runs;
    }

    /// <summary>The run of that name, or of which it is the beginning; without a name the store's only one.</summary>
    /// <exception cref="UsageException">None, or several.</exception>
    public static async Task<SupervisorState> RunAsync(EventStore store, string? name, CancellationToken cancellationToken)
    {
        var runs = await RunsAsync(store, cancellationToken);
        var fit = runs.Where(r => name is null || r.Plan!.Run == name).ToList() is { Count: > 0 } exact
            ? exact
            : [.. runs.Where(r => r.Plan!.Run.StartsWith(name!, StringComparison.Ordinal))];
        return fit.Count switch
        {
            1 => fit[0],
            0 when runs.Count == 0 => throw new UsageException(
                $"the store {store.Address.Place} holds no run yet: start one with "
                    + $"`{Invocation.Of("run", "<experiment>", "--store", store.Address)}`"
            ),
            0 => throw new UsageException(
                $"the store {store.Address.Place} has no run '{name}'; it has "
                    + $"{string.Join(", ", runs.Select(r => r.Plan!.Run))}{Nearest.Hint(name!, [.. runs.Select(r => r.Plan!.Run)])}"
            ),
            _ => throw new UsageException(
                $"which run? The store {store.Address.Place} has {string.Join(", ", fit.Select(r => r.Plan!.Run))}"
            ),
        };
    }

    /// <summary>
    /// The runs of those names, beginnings or patterns, in the order given, each once; without a name the store's only one.
    /// </summary>
    /// <exception cref="UsageException">A name fits none, or several without being a pattern.</exception>
    public static async Task<IReadOnlyList<SupervisorState>> RunsAsync(
        EventStore store,
        IReadOnlyList<string> names,
        CancellationToken cancellationToken
    )
    {
        if (names.Count == 0)
            return [await RunAsync(store, null, cancellationToken)];
        List<SupervisorState> found = [];
        foreach (var name in names)
        {
            var fit = Glob.IsPattern(name)
                ? [.. (await RunsAsync(store, cancellationToken)).Where(r => Glob.Fits(name, r.Plan!.Run))]
                : Array.Empty<SupervisorState>();
            found.AddRange(fit.Length > 0 ? fit : [await RunAsync(store, name, cancellationToken)]);
        }

        return [.. found.DistinctBy(r => r.Plan!.Run)];
    }

    /// <summary>The instance of that name, <c>run/instance</c> or unique in the store.</summary>
    /// <exception cref="UsageException">None, or several.</exception>
    public static async Task<(SupervisorState Run, string Instance)> InstanceAsync(
        EventStore store,
        string name,
        CancellationToken cancellationToken
    )
    {
        var all = (await RunsAsync(store, cancellationToken)).SelectMany(r => r.Instances.Keys.Select(i => (Run: r, Instance: i))).ToList();
        var fit = all.Where(x => x.Instance == name || $"{x.Run.Plan!.Run}/{x.Instance}" == name).ToList();
        if (fit.Count == 0 && name.Split('/') is [{ Length: > 0 } beginning, var instance])
            fit = [.. all.Where(x => x.Instance == instance && x.Run.Plan!.Run.StartsWith(beginning, StringComparison.Ordinal))];
        return fit.Count switch
        {
            1 => fit[0],
            0
                when all.FirstOrDefault(x => x.Run.Plan!.Run == name || x.Run.Plan.Run.StartsWith(name, StringComparison.Ordinal))
                    is { Run: not null } one => throw new UsageException(
                $"'{name}' is a run, and a life of it is wanted, such as {one.Run.Plan!.Run}/{one.Instance}\n  all of "
                    + $"them: {Invocation.Of("list", "--store", store.Address)}"
            ),
            0 => throw new UsageException(
                $"the store {store.Address.Place} has no instance "
                    + $"'{name}'{Nearest.Hint(name, [.. all.Select(x => x.Instance).Distinct(StringComparer.Ordinal)])}\n  all "
                    + $"of them: {Invocation.Of("list", "--store", store.Address)}"
            ),
            _ => throw new UsageException($"which '{name}'? {string.Join(", ", fit.Select(x => $"{x.Run.Plan!.Run}/{x.Instance}"))}"),
        };
    }

    /// <summary>The run of that name; else the instance; else the run of which it is the beginning.</summary>
    /// <returns>The instance is null where a run was named.</returns>
    /// <exception cref="UsageException">None, or several.</exception>
    public static async Task<(SupervisorState Run, string? Instance)> RunOrInstanceAsync(
        EventStore store,
        string name,
        CancellationToken cancellationToken
    )
    {
        var runs = await RunsAsync(store, cancellationToken);
        if (runs.FirstOrDefault(r => r.Plan!.Run == name) is { } exact)
            return (exact, null);
        if (name.Contains('/') || runs.Any(r => r.Instances.ContainsKey(name)))
            return await InstanceAsync(store, name, cancellationToken);
        if (runs.Any(r => r.Plan!.Run.StartsWith(name, StringComparison.Ordinal)))
            return (await RunAsync(store, name, cancellationToken), null);
        string[] known = [.. runs.SelectMany(r => r.Instances.Keys).Distinct(StringComparer.Ordinal), .. runs.Select(r => r.Plan!.Run)];
        throw new UsageException(
            $"the store {store.Address.Place} has no run or instance '{name}'{Nearest.Hint(name, known)}\n  all of them: "
                + $"{Invocation.Of("list", "--store", store.Address)}"
        );
    }
}
