using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;

namespace AiMe.Lab.Analysis.Exports;

/// <summary>An experience and whose it is.</summary>
public sealed record LivedExperience(string Run, string Instance, string Variant, int Replicate, Stored Experience);

/// <summary>Reads the experiences of a run one by one, so that a large one need not fit into memory.</summary>
public static class ExportReader
{
    /// <summary>
    /// The experiences that pass, life by life in the order of the plan and then their forks, in each in the order in which
    /// they were lived: the same journal
    /// gives the same lines. The chain of what is read is checked on the way.
    /// </summary>
    /// <param name="instances">Whose; empty for all lives of the run.</param>
    /// <exception cref="CorruptJournalException">A row cannot be read, is missing, or does not continue its chain.</exception>
    public static async IAsyncEnumerable<LivedExperience> ReadAsync(
        IJournal journal,
        SupervisorState run,
        ImmutableArray<string> instances,
        ExportFilter filter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var plan = run.Plan!;
        long passed = 0;
        foreach (var name in InstanceOrder.Of(run))
        {
            var (variant, replicate) = (run.Instances[name].Variant, run.Instances[name].Replicate);
            if (
                !instances.IsEmpty && !instances.Contains(name, StringComparer.Ordinal)
                || !filter.Variants.IsEmpty && !filter.Variants.Contains(variant, StringComparer.Ordinal)
            )
                continue;
            await foreach (var stored in StoredAsync(journal, plan.Run, name, run.Instances[name], cancellationToken))
            {
                if (!filter.Passes(stored))
                    continue;
                if (++passed > filter.Limit)
                    yield break;
                yield return new LivedExperience(plan.Run, name, variant, replicate, stored);
            }
        }
    }

    private static async IAsyncEnumerable<Stored> StoredAsync(
        IJournal journal,
        string run,
        string instance,
        InstanceProgress life,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var memory = Loop.Faculties.IndexOf(Loop.Faculties.First(f => f.Name == Loop.Memory));
        var stream = PersistenceId.Of(run, new FacultyAddress(instance, Loop.Memory));
        var current = StreamState.Before(Loop.Faculties[memory]);
        await foreach (var row in journal.ReadAsync(stream, 1, long.MaxValue, cancellationToken))
        {
            current = current.Next(Loop.Faculties[memory], row, FacultyEvents.Codec, out var happened);
            if (happened is Stored stored)
                yield return stored;
        }

        if (
            life.IsAtRest
            && current.Head != life.Heads.Links[memory]
            && await InstanceReader.IsStillAsync(journal, run, instance, life.Heads, cancellationToken)
        )
            throw InstanceEnd.Elsewhere(run, instance, memory, current.Head, life.Heads.Links[memory]);
    }
}
