using System.Globalization;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Supervisor;

/// <summary>A fixed share of a run's instances, run by its own process under its own supervisor.</summary>
/// <param name="Index">1 to <paramref name="Count"/>.</param>
/// <param name="Count">Number of shards in the run, at least 1.</param>
public sealed record Shard(int Index, int Count)
{
    private const string Of = "-of-";

    /// <summary>All shards of a run with this number of shards.</summary>
    public static IEnumerable<Shard> All(int count) => Enumerable.Range(1, count).Select(i => new Shard(i, count));

    /// <summary>Parses <c>i/n</c>; null if the text has another form, or i is not in 1 to n.</summary>
    public static Shard? Parse(string text) => Read(text.Split('/'));

    /// <summary>The supervisor's stream of a run, or of one of its shards.</summary>
    /// <param name="shard">Null for a run without shards.</param>
    public static PersistenceId StreamOf(string run, Shard? shard)
    {
        var whole = PersistenceId.Of(run, FacultyAddress.Supervisor);
        return shard is null ? whole : new PersistenceId($"{whole}/{shard.Index}{Of}{shard.Count}");
    }

    /// <summary>The run of a supervisor's stream; null for another stream.</summary>
    /// <param name="shard">The shard; null for the supervisor of a whole run.</param>
    public static string? RunOf(PersistenceId stream, out Shard? shard)
    {
        shard = null;
        var (name, suffix) = (stream.Value, $"/{FacultyAddress.Run}");
        if (name.EndsWith(suffix, StringComparison.Ordinal))
            return name[..^suffix.Length];
        var last = name.LastIndexOf('/');
        if (last < 0 || !name[..last].EndsWith(suffix, StringComparison.Ordinal))
            return null;
        shard = Read(name[(last + 1)..].Split(Of));
        return shard is null ? null : name[..(last - suffix.Length)];
    }

    /// <summary>The shard's planned instances, in the plan's order.</summary>
    public IEnumerable<(VariantPlan Variant, int Replicate)> InstancesOf(RunPlan plan) =>
        plan.Instances.Where((_, i) => IndexOf(plan, i) == Index);

    /// <summary>
    /// The shard of a planned instance, this one or another of the same run; null if the instance is not planned.
    /// </summary>
    public Shard? OfPlanned(RunPlan plan, string instance)
    {
        var i = plan.Instances.TakeWhile(p => RunPlan.NameOf(p.Variant, p.Replicate) != instance).Count();
        return i < plan.Instances.Count() ? new Shard(IndexOf(plan, i), Count) : null;
    }

    // Round robin, with another first variant in each replicate, so that an expensive variant, or one that never
    // trains, does not fall to one shard alone.
    private int IndexOf(RunPlan plan, int i)
    {
        var (replicate, variant) = Math.DivRem(i, plan.Variants.Length);
        return (replicate * plan.Variants.Length + (variant + replicate) % plan.Variants.Length) % Count + 1;
    }

    /// <inheritdoc />
    public override string ToString() => $"{Index}/{Count}";

    private static Shard? Read(string[] parts) =>
        parts is [var i, var n]
        && int.TryParse(i, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        && int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && index >= 1
        && index <= count
            ? new Shard(index, count)
            : null;
}
