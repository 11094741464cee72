using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;
using AiMe.VectorStores;
using AiMe.VectorStores.Indexing;

namespace AiMe.Lab.Runs.Indexes;

/// <summary>The vector store in which the memories of a run are found.</summary>
public sealed class RunIndex
{
    // A session that closes does not wait for long.
    private static readonly TimeSpan LastWritesAtMost = TimeSpan.FromSeconds(30),
        LastNoteAtMost = TimeSpan.FromSeconds(5);

    private readonly StoreIndex _index;
    private readonly IndexFailureLog _failures;

    private RunIndex(RunPlan plan, IndexPlan index, IJournal journal)
    {
        _failures = new IndexFailureLog(index.Store.Kind);
        _index = new StoreIndex(
            StoreConnections.Connect(index),
            new ScanIndex(),
            async (instance, cancellationToken) =>
                new MemoryRecords(
                    journal,
                    new InstanceKey(plan.Run, instance),
                    await VariantOfAsync(plan, journal, instance, cancellationToken)
                ),
            new StoreIndexOptions(index.Candidates, index.Waits),
            _failures,
            TimeProvider.System
        );
    }

    /// <summary>Searches it.</summary>
    internal IMemoryIndex Search => _index;

    /// <summary>The store that a plan names; null for the embedded index. No call is made.</summary>
    /// <exception cref="Models.MissingKeyException">A key is missing; the message names its variable.</exception>
    internal static RunIndex? Of(RunPlan plan, IJournal journal) => plan.Index is { } index ? new RunIndex(plan, index, journal) : null;

    /// <summary>Connects a session's supervisor.</summary>
    /// <param name="holder">The session's writer id.</param>
    internal void Open(string holder, Func<SupervisorCommand, ValueTask> tell, SessionWatch watch, TimeProvider time) =>
        _failures.Open(holder, tell, watch, time);

    /// <summary>Ends the waiting for a store that is down: those searches stay pending.</summary>
    internal void Shut() => _failures.Shut();

    /// <summary>
    /// Writes the memories that no search came after, and records how many searches were not answered. The supervisor still takes
    /// commands.
    /// </summary>
    internal async Task FinishAsync(CancellationToken now)
    {
        await WithinAsync(LastWritesAtMost, _index.CatchUpAsync, now);
        await WithinAsync(LastNoteAtMost, _failures.SettleAsync, now); // also after writes that took too long
    }

    private static async Task WithinAsync(TimeSpan most, Func<CancellationToken, Task> work, CancellationToken now)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(now);
        over.CancelAfter(most);
        try
        {
            await work(over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The next session writes what is missing.
        }
    }

    // A fork is in the journal before its first effect.
    private static async Task<string> VariantOfAsync(
        RunPlan plan,
        IJournal journal,
        string instance,
        CancellationToken cancellationToken
    ) =>
        plan.PlannedVariantOf(instance)?.Name
        ?? (await InstanceReader.ReadRunAsync(journal, plan.Run, cancellationToken))?.Instances.GetValueOrDefault(instance)?.Variant
        ?? throw new InvalidOperationException(
            $"{plan.Run}/{instance} is neither planned nor a fork in the journal, so its variant is unknown. This is a bug in AiMe."
        );
}
