using System.Collections.Immutable;
using System.Globalization;
using AiMe.Lab;
using AiMe.Mind;

namespace AiMe.Console.Talk;

/// <summary>How far back: to an event, behind an experience, or so many exchanges.</summary>
internal static class RewindPoint
{
    /// <summary>The event behind which a fork would go on.</summary>
    /// <param name="wish"><c>97</c>, <c>e12</c> or <c>-3</c>.</param>
    /// <exception cref="UsageException">It cannot be read, or lies outside of the life.</exception>
    public static LifeEvent Find(string wish, string instance, ImmutableArray<LifeEvent> life)
    {
        var at = wish switch
        {
            ['-', .. var back] when Number(back) is { } n => Back(n, instance, life),
            ['e', .. var cycle] when Number(cycle) is { } n => After(n, instance, life),
            ['#', .. var index] when Number(index) is { } n => n,
            _ when Number(wish) is { } n => n,
            _ => throw new UsageException($"found '{wish}', expected the index of an event such as 97, an experience such as e12, or so many exchanges back such as -1"),
        };
        if (at < 1 || at > life.Length)
            throw new UsageException($"the life of {instance} has events 1 to {life.Length}; {at} lies outside it");
        return Fork.BoundaryAt(life, at) ?? throw new UsageException($"at event {at} its birth was not over yet, so nothing could go on from there");
    }

    private static long Back(long count, string instance, ImmutableArray<LifeEvent> life)
    {
        Exchange[] lived = [.. Exchange.All(instance, life).Where(e => e.Stored is not null)];
        return count >= 1 && count <= lived.Length
            ? lived[^(int)count].First - 1
            : throw new UsageException($"found '-{count}', but {instance} has {TalkText.Count(lived.Length, "exchange")}; expected {(lived.Length == 0 ? "to say something first" : $"-1 to -{lived.Length}")}");
    }

    // The first moment at which the experience is whole; where it filled a round, behind that round's end.
    private static long After(long cycle, string instance, ImmutableArray<LifeEvent> life)
    {
        var stored = life.FirstOrDefault(e => e.Happened is Stored s && s.Cycle == cycle)
            ?? throw new UsageException($"{instance} has no experience e{cycle}; /history shows the last ones");
        var at = stored.Index;
        while (at < life.Length && Fork.BoundaryAt(life, at)?.Index != at)
            at++;
        return at;
    }

    private static long? Number(string digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
}
