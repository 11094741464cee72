using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Console.Output;

/// <summary>A life in a list.</summary>
/// <param name="Glance">Null where only what the supervisor tells was asked for.</param>
internal sealed record ListRow(RunPlan Plan, InstanceStatus Instance, string? Digest, InstanceOverview? Glance)
{
    /// <summary>The lives of a run, in the order of the plan.</summary>
    public static IEnumerable<ListRow> Of(RunStatus run, Func<InstanceStatus, InstanceOverview?> glance) =>
        run.Instances.Select(instance => new ListRow(
            run.Plan,
            instance,
            instance.Status == InstanceState.Finished ? run.Run.Instances[instance.Name].Heads.Digest() : null,
            glance(instance)
        ));

    /// <summary>Whether the supervisor tells of it and this store has no row of it, as where a file restored other lives alone.</summary>
    public bool IsElsewhere => Glance is { Generation: < 0, Stored: 0 } && Instance.Generation >= 0;

    /// <summary>Experiences lived.</summary>
    public int Experiences => Glance is null ? Instance.Cycle : Math.Max(Instance.Cycle, Glance.Stored);
}

/// <summary>By what a list is sorted.</summary>
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
    /// What a list can be sorted by; the first is the default. Figures come greatest first, undefined ones last; ties in
    /// the order of the plan.
    /// </summary>
    public static ImmutableArray<string> Names { get; } = [.. Known.Select(k => k.Name)];

    /// <summary>Sorts.</summary>
    public static IEnumerable<ListRow> Sort(string by, IEnumerable<ListRow> rows) => Known.First(k => k.Name == by).Sort(rows);
}
