using System.Collections.Immutable;
using AiMe.Console.Commands;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Forks;

namespace AiMe.Console.Repl.Slash;

/// <summary>Resolves the argument of <c>/rewind</c>.</summary>
internal static class RewindPoint
{
    /// <summary>
    /// Finds the last boundary of a cycle at or before the referenced event, from which a fork can continue.
    /// </summary>
    /// <param name="wish"><c>97</c>, <c>e12</c>, <c>g1</c> or <c>-3</c>.</param>
    /// <exception cref="UsageException">The reference is malformed or out of range.</exception>
    public static InstanceEvent Find(string wish, string instance, ImmutableArray<InstanceEvent> events)
    {
        var at = EventReference.Of(wish, instance, events);
        return Fork.BoundaryAt(events, at)
            ?? throw new UsageException($"found event {at}, expected one after generation 0: before it there is no cycle to continue from");
    }
}
