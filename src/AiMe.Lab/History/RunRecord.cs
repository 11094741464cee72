using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.History;

/// <summary>A run, from its journal.</summary>
/// <param name="Instances">By instance, in the order of the plan.</param>
public sealed record RunRecord(SupervisorState Run, ImmutableArray<InstanceRecord> Instances)
{
    /// <summary>The plan.</summary>
    public RunPlan Plan => Run.Plan!;

    /// <summary>Stored experiences of all instances.</summary>
    public int Experiences => Instances.Sum(l => l.Events.Count(e => e.Happened is Stored));

    /// <summary>Generations of all instances, without generation 0.</summary>
    public int Generations => Instances.Sum(l => l.Events.Count(e => e.Happened is Adopted { Generation: > 0 }));

    /// <summary>Tokens sampled in answers, over all candidates, plus tokens seen in training.</summary>
    public long Tokens =>
        Instances.Sum(l =>
            l.Events.Sum(e =>
                e.Happened switch
                {
                    Answered a => a.Candidates.Sum(c => (long)c.Tokens),
                    Trained t => Math.Max(0, t.Figures.Tokens), // an external trainer may not report them
                    _ => 0,
                }
            )
        );

    /// <summary>How the calls of all instances ended.</summary>
    public CallTally Calls => CallTally.Of(Instances.SelectMany(i => i.Events).Select(e => e.Happened));

    /// <summary>Whether a kind of call never succeeded in a variant, so that its instances lack a part of the loop.</summary>
    public bool LacksAFaculty =>
        Instances
            .GroupBy(i => i.Variant.Name, StringComparer.Ordinal)
            .Any(v => CallTally.Of(v.SelectMany(i => i.Events).Select(e => e.Happened)).Kinds.Any(k => k.Count.NeverSucceeded));

    /// <summary>Reads a run and all its instances. Calls no model.</summary>
    /// <exception cref="ArgumentException">The journal has no such run.</exception>
    public static async Task<RunRecord> ReadAsync(IJournal journal, string run, CancellationToken cancellationToken)
    {
        var state = await InstanceReader.ReadRunAsync(journal, run, cancellationToken)
            ?? throw new ArgumentException($"The journal has no run '{run}'.");
        string[] names = [.. state.Plan!.Instances.Select(i => RunPlan.NameOf(i.Variant, i.Replicate))];
        var instances = new InstanceRecord[names.Length];
        try
        {
            await Parallel.ForAsync(0, names.Length, cancellationToken, async (i, token) =>
                instances[i] = await InstanceRecord.ReadAsync(journal, state, names[i], token)
            );
        }
        catch (CorruptJournalException)
        {
            // Of several damaged instances the first of the plan is named, whichever was read first.
            foreach (var name in names)
                await InstanceRecord.ReadAsync(journal, state, name, cancellationToken);
            throw;
        }

        return new RunRecord(state, ImmutableCollectionsMarshal.AsImmutableArray(instances));
    }
}

/// <summary>An instance, from its journal.</summary>
/// <param name="Events">In the order in which they happened.</param>
public sealed record InstanceRecord(
    string Name,
    VariantPlan Variant,
    int Replicate,
    InstanceState Status,
    ImmutableArray<InstanceEvent> Events
)
{
    /// <summary>The cycles of unplanned input.</summary>
    public ImmutableArray<int> Unplanned { get; init; } = [];

    /// <summary>Reads an instance of a run, planned or a fork.</summary>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain.
    /// </exception>
    public static async Task<InstanceRecord> ReadAsync(
        IJournal journal,
        SupervisorState run,
        string name,
        CancellationToken cancellationToken
    )
    {
        var progress = run.Instances[name];
        return new InstanceRecord(
            name,
            run.Plan!.Variants.First(v => v.Name == progress.Variant),
            progress.Replicate,
            progress.Status,
            await InstanceReader.ReadAsync(journal, run, name, cancellationToken)
        )
        {
            Unplanned = progress.Unplanned,
        };
    }
}
