using System.Collections.Immutable;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Runtime;

namespace AiMe.Lab;

/// <summary>How an input ended.</summary>
/// <param name="Cycle">In which, or after which, it was lived through; 0 where it was taken back before.</param>
/// <param name="TakenBack">Why it left no experience, or null.</param>
public sealed record Settled(int Cycle, string? TakenBack);

/// <summary>Reads a run's supervisor as far as it has got, and from there on only what is new.</summary>
public sealed class RunFollower(IJournal journal, string run)
{
    private StreamState _current = new(Loop.Supervision.Initial, 0, 0, Link.Before(Loop.Supervision.Name));

    /// <summary>The supervisor's state when it was last read.</summary>
    public SupervisorState State => (SupervisorState)_current.State;

    /// <summary>Inputs that were lived through or taken back, by arrival.</summary>
    public ImmutableDictionary<string, Settled> Settled { get; private set; } = ImmutableDictionary.Create<string, Settled>(StringComparer.Ordinal);

    /// <summary>Reads what is new.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await foreach (var row in journal.ReadAsync(PersistenceId.Of(run, Address.Supervisor), _current.SequenceNumber + 1, long.MaxValue, cancellationToken))
        {
            _current = _current.Next(Loop.Supervision, row, MindEvents.Catalogue, out var happened);
            Settled = happened switch
            {
                InputAnswered a => Settled.SetItem(a.Arrival, new Settled(a.Cycle, TakenBack: null)),
                InputWithdrawn w => Settled.SetItem(w.Arrival, new Settled(w.Cycle, w.Reason)),
                _ => Settled,
            };
        }
    }
}
