using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Verification;

/// <summary>The streams in a store, by run and instance.</summary>
internal sealed class StoreMap
{
    private static readonly Comparer<PersistenceId> ByName = Comparer<PersistenceId>.Create(
        (a, b) => StringComparer.Ordinal.Compare(a.Value, b.Value)
    );

    /// <summary>The supervisors' streams by run.</summary>
    public SortedDictionary<string, SortedSet<PersistenceId>> Supervisors { get; } = new(StringComparer.Ordinal);

    /// <summary>The instances by run.</summary>
    public SortedDictionary<string, SortedSet<string>> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>Streams that belong to no run: another program's, or a faculty that this build does not have.</summary>
    public SortedSet<string> Foreign { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a stream.</summary>
    /// <returns>The instance and its faculty's index, if it is a stream of an instance.</returns>
    public (string Run, string Instance, int Faculty)? Add(PersistenceId id)
    {
        if (Shard.RunOf(id, out _) is { } supervised)
        {
            (Supervisors.TryGetValue(supervised, out var streams) ? streams : Supervisors[supervised] = new(ByName)).Add(id);
            return null;
        }

        switch (id.Value.Split('/'))
        {
            case [var run, var instance, var name] when FacultyOf(name) is >= 0 and var faculty:
                (Instances.TryGetValue(run, out var instances) ? instances : Instances[run] = new(StringComparer.Ordinal)).Add(instance);
                return (run, instance, faculty);
            default:
                Foreign.Add(id.Value);
                return null;
        }
    }

    /// <summary>The five streams of an instance, in the order of its heads.</summary>
    public static ImmutableArray<PersistenceId> StreamsOf(string run, string instance) =>
        [.. Loop.Faculties.Select(f => PersistenceId.Of(run, new FacultyAddress(instance, f.Name)))];

    private static int FacultyOf(string name)
    {
        for (var i = 0; i < Loop.Faculties.Length; i++)
        {
            if (Loop.Faculties[i].Name == name)
                return i;
        }

        return -1;
    }
}
