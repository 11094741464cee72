using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Console.Output;

/// <summary>An instance in a list.</summary>
/// <param name="Glance">Null if only the supervisor's records were requested.</param>
internal sealed record ListRow(RunPlan Plan, InstanceStatus Instance, string? Digest, InstanceOverview? Glance)
{
    /// <summary>The instances of a run, in the order of the plan.</summary>
    public static IEnumerable<ListRow> Of(RunStatus run, Func<InstanceStatus, InstanceOverview?> glance)
    {
        var settings = run.Settings;
        return run.Instances.Select(instance => new ListRow(
            run.Plan,
            instance,
            instance.Status == InstanceState.Finished ? run.Run.Instances[instance.Name].Heads.Digest() : null,
            glance(instance)
        )
        {
            Settings = settings,
        });
    }

    /// <summary>The seed of its run, and the settings in which the runs of its experiment differ.</summary>
    public ImmutableArray<(string Key, string Value)> Settings { get; init; } = [];

    /// <summary>
    /// Whether only the supervisor knows the instance, as after an import of other instances of the run.
    /// </summary>
    public bool IsElsewhere => Glance is { Generation: < 0, Stored: 0 } && Instance.Generation >= 0;

    /// <summary>Number of completed experiences.</summary>
    public int Experiences => Glance is null ? Instance.Cycle : Math.Max(Instance.Cycle, Glance.Stored);
}

/// <summary>Sort orders of a list.</summary>
internal static class ListOrder
{
    private static readonly (string Name, Func<IEnumerable<ListRow>, IEnumerable<ListRow>> Sort)[] Known =
    [
        ("plan", rows => rows),
        ("name", rows => rows.OrderBy(r => r.Instance.Name, StringComparer.Ordinal)),
        ("drift", rows => rows.OrderByDescending(r => r.Glance?.BareDrift ?? double.NaN)),
        ("kept", rows => rows.OrderByDescending(r => r.Glance?.KeptShare ?? double.NaN)),
        ("experiences", rows => rows.OrderByDescending(r => r.Experiences)),
        ("generation", rows => rows.OrderByDescending(r => r.Instance.Generation)),
        ("status", rows => rows.OrderBy(r => r.Instance.Status)),
    ];

    /// <summary>
    /// The names of the sort orders; the first is the default. Figures are sorted in descending order, undefined ones
    /// last; ties keep the order of the plan.
    /// </summary>
    public static ImmutableArray<string> Names { get; } = [.. Known.Select(k => k.Name)];

    /// <summary>Sorts rows by a named order.</summary>
    public static IEnumerable<ListRow> Sort(string by, IEnumerable<ListRow> rows) => Known.First(k => k.Name == by).Sort(rows);
}
