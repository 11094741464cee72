using System.Collections.Immutable;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads <c>replication</c>: the published result that an experiment replicates.</summary>
internal static class ReplicationReader
{
    public const string How =
        "the published result that the experiment replicates, for `aime replicate`; it is not part of the experiment's identity";

    /// <summary>The replication; null if there is none, or if it has problems.</summary>
    public static Replication? Read(FieldReader? field)
    {
        if (field?.Section() is not { } s)
            return null;
        var claim = s.Need("claim", "the result, in a sentence")?.Text() ?? "";
        var source = s.Need("source", "where it was published")?.Text() ?? "";
        var differs = s.Find("differs", "how the experiment differs from the published one")?.Text() ?? "";
        var developed = Seeds(s.Find("developed-on", "seeds on which predictions and sizes were chosen"), atLeast: 0);
        var two = s.Need("seeds", "two seeds, of the verdict and of its confirmation, on which nothing was chosen");
        var seeds = Seeds(two, atLeast: 2);
        var quick = Texts(s.Find("quick", "settings of a quick run, such as [replicates=4]"), "a list of settings, such as [replicates=4]");
        var tried = Texts(s.Find("tried", "what was tried where the result does not come out"), "a list of sentences");
        s.Close();
        if (seeds.Length > 2)
            two?.Fail($"found {seeds.Length} seeds, expected two");
        if (seeds.Intersect(developed).Any())
            two?.Fail($"the seed {seeds.Intersect(developed).First()} is among developed-on; expected seeds on which nothing was chosen");
        if (quick.FirstOrDefault(q => !q.Contains('=', StringComparison.Ordinal)) is { } bad)
            s.Find("quick")?.Fail($"found '{bad}', expected a setting and its value, such as replicates=4");
        return new(claim, source, differs, developed, seeds, quick, tried);
    }

    private static ImmutableArray<long> Seeds(FieldReader? field, int atLeast) =>
        field is null ? [] : [.. field.Items("a list of seeds", atLeast, distinct: true).Select(i => i.Whole(0, 0, long.MaxValue))];

    private static ImmutableArray<string> Texts(FieldReader? field, string expected) =>
        field is null ? [] : [.. field.Items(expected, atLeast: 0).Select(i => i.Text())];
}
