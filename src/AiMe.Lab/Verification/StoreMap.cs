using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Verification;

/// <summary>Which streams a store holds, by run and life.</summary>
internal sealed class StoreMap
{
    private static readonly Comparer<PersistenceId> ByName = Comparer<PersistenceId>.Create(
        (a, b) => StringComparer.Ordinal.Compare(a.Value, b.Value)
    );

    /// <summary>The supervisors' streams by run.</summary>
    public SortedDictionary<string, SortedSet<PersistenceId>> Supervisors { get; } = new(StringComparer.Ordinal);

    /// <summary>The lives by run.</summary>
    public SortedDictionary<string, SortedSet<string>> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>Streams that are nobody's: another program's, or a faculty that this build does not have.</summary>
    public SortedSet<string> Foreign { get; } = new(StringComparer.Ordinal);

    /// <summary>Takes a stream up.</summary>
    /// <returns>The life and its faculty's place, where it is one of those.</returns>
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

    /// <summary>The five streams of a life, in the order of its heads.</summary>
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
