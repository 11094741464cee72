using System.Collections.Immutable;
using AiMe.Console.Commands;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Forks;

namespace AiMe.Console.Repl.Slash;

/// <summary>How far back: to an event, behind an experience or a generation, or so many exchanges.</summary>
internal static class RewindPoint
{
    /// <summary>The event behind which a fork would go on: where a cycle is closed, so that one can speak to it.</summary>
    /// <param name="wish"><c>97</c>, <c>e12</c>, <c>g1</c> or <c>-3</c>.</param>
    /// <exception cref="UsageException">It cannot be read, or lies outside of the life.</exception>
    public static InstanceEvent Find(string wish, string instance, ImmutableArray<InstanceEvent> life)
    {
        var at = EventReference.Of(wish, instance, life);
        return Fork.BoundaryAt(life, at)
            ?? throw new UsageException($"at event {at} its birth was not over yet, so nothing could be said to it there");
    }
}
