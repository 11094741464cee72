using System.Runtime.CompilerServices;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Exports;

/// <summary>How an experience came about. Only planned ones belong to the comparison of a run.</summary>
public enum ExperienceKind
{
    /// <summary>A stimulus or drive of the plan, in an instance of the plan.</summary>
    Planned,

    /// <summary>An input from outside the plan, in any instance.</summary>
    Injected,

    /// <summary>Imported: the answer was given.</summary>
    Told,

    /// <summary>A stimulus or drive of the plan, in a fork.</summary>
    Fork,

    /// <summary>The copy of an experience of its parent, in a fork.</summary>
    Inherited,
}

/// <summary>Tells the kinds of an instance's experiences apart.</summary>
/// <param name="shared">The last cycle that a fork shares with its parent; 0 for a planned instance.</param>
internal readonly struct ExperienceKinds(InstanceProgress progress, int shared)
{
    /// <summary>Name of the parent of a fork, or null.</summary>
    public string? Parent => progress.Parent;

    /// <summary>Reads how far a fork shares its parent's experiences.</summary>
    public static async Task<ExperienceKinds> OfAsync(
        IJournal journal,
        PersistenceId memory,
        InstanceProgress progress,
        CancellationToken cancellationToken
    )
    {
        var (last, shared) = (0, 0);
        if (progress.Parent is not null)
        {
            await foreach (var happened in EventsAsync(journal, memory, cancellationToken))
            {
                // A fork of a fork has several changes; the last is its own.
                shared = happened is MemoryChanged ? last : shared;
                last = happened is Stored stored ? stored.Cycle : last;
            }
        }

        return new ExperienceKinds(progress, shared);
    }

    /// <summary>The kind of an experience.</summary>
    public ExperienceKind Of(Stored stored) =>
        stored.Cycle <= shared ? ExperienceKind.Inherited
        : stored.Model == ModelId.Given ? ExperienceKind.Told
        : progress.Unplanned.Contains(stored.Cycle) ? ExperienceKind.Injected
        : progress.Parent is not null ? ExperienceKind.Fork
        : ExperienceKind.Planned;

    private static async IAsyncEnumerable<Event> EventsAsync(
        IJournal journal,
        PersistenceId memory,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var faculty = Loop.Faculties.First(f => f.Name == Loop.Memory);
        var current = StreamState.Before(faculty);
        await foreach (var row in journal.ReadAsync(memory, 1, long.MaxValue, cancellationToken))
        {
            current = current.Next(faculty, row, FacultyEvents.Codec, out var happened);
            yield return happened;
        }
    }
}
