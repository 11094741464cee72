using System.Collections.Immutable;
using System.Globalization;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Forks;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Commands;

/// <summary>A reference to an event of an instance, as users write it.</summary>
internal static class EventReference
{
    /// <summary>The accepted forms, for messages.</summary>
    public const string Forms =
        "the index of an event such as 97, e12 for the end of experience 12, g1 for the end of generation 1, or -3 for three "
        + "exchanges back";

    /// <summary>Resolves a reference to the last event that it includes.</summary>
    /// <param name="wish"><c>97</c> or <c>#97</c>, <c>e12</c>, <c>g1</c> or <c>-3</c>.</param>
    /// <returns>Index of an event of the instance, from 1.</returns>
    /// <exception cref="UsageException">The reference is malformed or out of range.</exception>
    public static long Of(string wish, string instance, ImmutableArray<InstanceEvent> events)
    {
        var at = wish switch
        {
            ['-', .. var back] when Number(back) is { } n => Back(n, instance, events),
            ['e', .. var cycle] when Number(cycle) is { } n => After(n, instance, events),
            ['g', .. var generation] when Number(generation) is { } n => Reached(n, instance, events),
            ['#', .. var index] when Number(index) is { } n => n,
            _ when Number(wish) is { } n => n,
            _ => throw new UsageException($"found '{wish}', expected {Forms}"),
        };
        return at >= 1 && at <= events.Length
            ? at
            : throw new UsageException($"found event {at}, expected 1 to {events.Length}: the events of {instance}");
    }

    private static long Back(long count, string instance, ImmutableArray<InstanceEvent> events)
    {
        Exchange[] completed = [.. Exchange.All(instance, events).Where(e => e.Stored is not null)];
        return count >= 1 && count <= completed.Length
            ? completed[^(int)count].First - 1
            : throw new UsageException(
                $"found '-{count}', but {instance} has {Repl.TalkText.Count(completed.Length, "exchange")}; expected "
                    + (completed.Length == 0 ? "at least one exchange first" : $"-1 to -{completed.Length}")
            );
    }

    // The first boundary at which the experience is complete; if it filled a round, the end of that round.
    private static long After(long cycle, string instance, ImmutableArray<InstanceEvent> events)
    {
        var stored = events.FirstOrDefault(e => e.Happened is Stored s && s.Cycle == cycle)
            ?? throw new UsageException(
                $"{instance} has no experience e{cycle}"
                    + (events.LastOrDefault(e => e.Happened is Stored)?.Happened is Stored last ? $"; its last is {last.Id}" : "")
            );
        var at = stored.Index;
        while (at < events.Length && Fork.BoundaryAt(events, at)?.Index != at)
            at++;
        return at;
    }

    private static long Reached(long generation, string instance, ImmutableArray<InstanceEvent> events) =>
        events.FirstOrDefault(e => e.Happened is Probed p && p.Generation == generation)?.Index
        ?? throw new UsageException(
            $"{instance} has not reached generation {generation}; its last is "
                + $"{events.Select(e => e.Happened).OfType<Probed>().Select(p => p.Generation).DefaultIfEmpty(-1).Max()}"
        );

    private static long? Number(string digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
}
