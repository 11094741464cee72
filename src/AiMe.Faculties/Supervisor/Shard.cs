using System.Globalization;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Supervisor;

/// <summary>A fixed share of a run's instances, lived by a process of its own under a supervisor of its own.</summary>
/// <param name="Index">1 to <paramref name="Count"/>.</param>
/// <param name="Count">Shards of the run, 1 or more.</param>
public sealed record Shard(int Index, int Count)
{
    private const string Of = "-of-";

    /// <summary>The shards of a run that has so many of them.</summary>
    public static IEnumerable<Shard> All(int count) => Enumerable.Range(1, count).Select(i => new Shard(i, count));

    /// <summary>Reads <c>i/n</c>; null where it is none, or i does not lie in 1 to n.</summary>
    public static Shard? Parse(string text) => Read(text.Split('/'));

    /// <summary>The supervisor's stream of a run, or of one of its shards.</summary>
    /// <param name="shard">Null for a run that is not in shards.</param>
    public static PersistenceId StreamOf(string run, Shard? shard)
    {
        var whole = PersistenceId.Of(run, FacultyAddress.Supervisor);
        return shard is null ? whole : new PersistenceId($"{whole}/{shard.Index}{Of}{shard.Count}");
    }

    /// <summary>The run whose supervisor, or whose shard's, writes a stream; null where it is another stream.</summary>
    /// <param name="shard">The shard, or null for the supervisor of a whole run.</param>
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

    /// <summary>The planned instances that fall to it, in the plan's order.</summary>
    public IEnumerable<(VariantPlan Variant, int Replicate)> InstancesOf(RunPlan plan) =>
        plan.Instances.Where((_, i) => IndexOf(plan, i) == Index);

    /// <summary>
    /// The shard to which a planned instance falls, this one or another of the same run; null where it is not planned.
    /// </summary>
    public Shard? OfPlanned(RunPlan plan, string instance)
    {
        var i = plan.Instances.TakeWhile(p => RunPlan.NameOf(p.Variant, p.Replicate) != instance).Count();
        return i < plan.Instances.Count() ? new Shard(IndexOf(plan, i), Count) : null;
    }

    // Dealt out in turn, each replicate beginning with another variant: a variant that is costly, or never trains, does
    // not fall to one shard alone.
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
