using System.Collections.Immutable;
using System.Globalization;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Forks;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Commands;

/// <summary>A moment of a life as people name it.</summary>
internal static class EventReference
{
    /// <summary>The forms in words, for messages.</summary>
    public const string Forms =
        "the index of an event such as 97, e12 for behind experience 12, g1 for behind generation 1, or -3 for three exchanges back";

    /// <summary>The event that is meant; what comes behind it is left.</summary>
    /// <param name="wish"><c>97</c> or <c>#97</c>, <c>e12</c>, <c>g1</c> or <c>-3</c>.</param>
    /// <returns>An index of an event of the life.</returns>
    /// <exception cref="UsageException">It cannot be read, or lies outside of the life.</exception>
    public static long Of(string wish, string instance, ImmutableArray<InstanceEvent> life)
    {
        var at = wish switch
        {
            ['-', .. var back] when Number(back) is { } n => Back(n, instance, life),
            ['e', .. var cycle] when Number(cycle) is { } n => After(n, instance, life),
            ['g', .. var generation] when Number(generation) is { } n => Reached(n, instance, life),
            ['#', .. var index] when Number(index) is { } n => n,
            _ when Number(wish) is { } n => n,
            _ => throw new UsageException($"found '{wish}', expected {Forms}"),
        };
        return at >= 1 && at <= life.Length
            ? at
            : throw new UsageException($"the life of {instance} has events 1 to {life.Length}; {at} lies outside it");
    }

    private static long Back(long count, string instance, ImmutableArray<InstanceEvent> life)
    {
        Exchange[] lived = [.. Exchange.All(instance, life).Where(e => e.Stored is not null)];
        return count >= 1 && count <= lived.Length
            ? lived[^(int)count].First - 1
            : throw new UsageException(
                $"found '-{count}', but {instance} has {Repl.TalkText.Count(lived.Length, "exchange")}; expected "
                    + $"{(lived.Length == 0 ? "to say something first" : $"-1 to -{lived.Length}")}"
            );
    }

    // The first moment at which the experience is whole; where it filled a round, behind that round's end.
    private static long After(long cycle, string instance, ImmutableArray<InstanceEvent> life)
    {
        var stored = life.FirstOrDefault(e => e.Happened is Stored s && s.Cycle == cycle)
            ?? throw new UsageException(
                $"{instance} has no experience "
                    + $"e{cycle}{(life.LastOrDefault(e => e.Happened is Stored)?.Happened is Stored last ? $"; its last is {last.Id}" : "")}"
            );
        var at = stored.Index;
        while (at < life.Length && Fork.BoundaryAt(life, at)?.Index != at)
            at++;
        return at;
    }

    private static long Reached(long generation, string instance, ImmutableArray<InstanceEvent> life) =>
        life.FirstOrDefault(e => e.Happened is Probed p && p.Generation == generation)?.Index
        ?? throw new UsageException(
            $"{instance} has not reached generation {generation}; its last is "
                + $"{life.Select(e => e.Happened).OfType<Probed>().Select(p => p.Generation).DefaultIfEmpty(-1).Max()}"
        );

    private static long? Number(string digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
}
