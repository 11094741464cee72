using AiMe.Corpora;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;

namespace AiMe.Console.Commands;

/// <summary>Finds the run or the instance named by the user; an error suggests the nearest name.</summary>
internal static class StoreLookup
{
    /// <summary>Returns every run of a store.</summary>
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

    /// <summary>
    /// Finds a run by its id, its experiment's name (the newest run of it) or its first characters; without a name, the
    /// store's only run.
    /// </summary>
    /// <param name="takesNewest">
    /// Whether the name of an experiment means its newest run; else it must have one run, as for a command that removes it.
    /// </param>
    /// <exception cref="UsageException">No run fits, or several do.</exception>
    public static async Task<SupervisorState> RunAsync(
        EventStore store,
        string? name,
        CancellationToken cancellationToken,
        bool takesNewest = true
    )
    {
        var runs = await RunsAsync(store, cancellationToken);
        var fit = runs.Where(r => name is null || r.Plan!.Run == name).ToList() is { Count: > 0 } exact
            ? exact
            : [.. runs.Where(r => r.Plan!.Run.StartsWith(name!, StringComparison.Ordinal))];
        if (takesNewest && fit.Where(r => RunPlan.ExperimentOf(r.Plan!.Run) == name).ToList() is { Count: > 0 } own)
            return await NewestRun.OfAsync(store, name!, own, cancellationToken);
        return fit.Count switch
        {
            1 => fit[0],
            0 when runs.Count == 0 => throw new UsageException(
                $"the store {store.Address.Place} has no run yet. To start one: "
                    + $"`{Invocation.Of("run", "<experiment>", "--store", store.Address)}`"
            ),
            0 => throw new UsageException(
                $"the store {store.Address.Place} has no run '{name}'; it has "
                    + $"{string.Join(", ", runs.Select(r => r.Plan!.Run))}{Nearest.Hint(name!, [.. runs.Select(r => r.Plan!.Run)])}"
            ),
            _ => throw new UsageException($"several runs match; name one of them: {string.Join(", ", fit.Select(r => r.Plan!.Run))}"),
        };
    }

    /// <summary>
    /// Finds runs by ids, first characters or patterns, in the order given, without duplicates; without a name, the
    /// only run.
    /// </summary>
    /// <exception cref="UsageException">A name fits no run, or is no pattern and fits several.</exception>
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

    /// <summary>
    /// Finds an instance by its name or <c>run/instance</c>. Of several runs of one experiment the newest is meant.
    /// </summary>
    /// <param name="within">The run that a bare name means if it has such an instance; null for none.</param>
    /// <exception cref="UsageException">No instance fits, or those of several experiments do.</exception>
    public static async Task<(SupervisorState Run, string Instance)> InstanceAsync(
        EventStore store,
        string name,
        string? within,
        CancellationToken cancellationToken
    )
    {
        var all = (await RunsAsync(store, cancellationToken)).SelectMany(r => r.Instances.Keys.Select(i => (Run: r, Instance: i))).ToList();
        var fit = all.Where(x => x.Instance == name || $"{x.Run.Plan!.Run}/{x.Instance}" == name).ToList();
        if (fit.Count > 1 && fit.Where(x => x.Run.Plan!.Run == within).ToList() is [var inside])
            return inside;
        if (fit.Count == 0 && name.Split('/') is [{ Length: > 0 } beginning, var instance])
        {
            fit = [.. all.Where(x => x.Instance == instance && x.Run.Plan!.Run.StartsWith(beginning, StringComparison.Ordinal))];
            fit = fit.Where(x => RunPlan.ExperimentOf(x.Run.Plan!.Run) == beginning).ToList() is { Count: > 0 } own ? own : fit;
        }

        if (fit.Count > 1 && fit.DistinctBy(x => RunPlan.ExperimentOf(x.Run.Plan!.Run)).Count() == 1)
            return (await NewestRun.OfAsync(store, name, [.. fit.Select(x => x.Run)], cancellationToken), fit[0].Instance);
        return fit.Count switch
        {
            1 => fit[0],
            0
                when all.FirstOrDefault(x => x.Run.Plan!.Run == name || x.Run.Plan.Run.StartsWith(name, StringComparison.Ordinal))
                    is { Run: not null } one => throw new UsageException(
                $"'{name}' is a run, expected an instance of it, such as {one.Run.Plan!.Run}/{one.Instance}\n  To list all: "
                    + Invocation.Of("list", "--store", store.Address)
            ),
            0 => throw new UsageException(
                $"the store {store.Address.Place} has no instance "
                    + $"'{name}'{Nearest.Hint(name, [.. all.Select(x => x.Instance).Distinct(StringComparer.Ordinal)])}\n  To list "
                    + $"all: {Invocation.Of("list", "--store", store.Address)}"
            ),
            _ => throw new UsageException(
                $"'{name}' is ambiguous, expected one of {string.Join(", ", fit.Select(x => $"{x.Run.Plan!.Run}/{x.Instance}"))}"
            ),
        };
    }

    /// <inheritdoc cref="InstanceAsync(EventStore, string, string?, CancellationToken)"/>
    public static Task<(SupervisorState Run, string Instance)> InstanceAsync(
        EventStore store,
        string name,
        CancellationToken cancellationToken
    ) => InstanceAsync(store, name, within: null, cancellationToken);

    /// <summary>Finds a run by its id, else an instance, else a run by its first characters.</summary>
    /// <returns>The instance is null if the name is that of a run.</returns>
    /// <exception cref="UsageException">Nothing fits, or several do.</exception>
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
            $"the store {store.Address.Place} has no run or instance '{name}'{Nearest.Hint(name, known)}\n  To list all: "
                + $"{Invocation.Of("list", "--store", store.Address)}"
        );
    }
}
