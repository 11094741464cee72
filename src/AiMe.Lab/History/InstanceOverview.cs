using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Journal;

namespace AiMe.Lab.History;

/// <summary>An instance in the few figures of a list.</summary>
/// <param name="Generation">The last probed generation; -1 before birth.</param>
/// <param name="Champion">
/// The current model: the one of that generation, or one that a user has set since; null before birth.
/// </param>
/// <param name="BareDrift">Its bare identity drift since birth, bits; NaN before birth.</param>
/// <param name="AgentDrift">The whole agent's, bits.</param>
/// <param name="HeldOut">Held-out cross-entropy, nats per token.</param>
/// <param name="SelfModel">The self-model at that generation.</param>
/// <param name="Stored">Stored experiences.</param>
/// <param name="Kept">Stored experiences that were kept for training.</param>
public sealed record InstanceOverview(
    int Generation,
    ModelId? Champion,
    double BareDrift,
    double AgentDrift,
    double HeldOut,
    string SelfModel,
    int Stored,
    int Kept
)
{
    /// <summary>Whether a user has set the champion since: the figures are then of the model before it.</summary>
    public bool IsByHand { get; init; }

    /// <summary>Before birth.</summary>
    public static readonly InstanceOverview Unborn = new(-1, null, double.NaN, double.NaN, double.NaN, "", 0, 0);

    /// <summary>Kept / stored, in [0, 1]; NaN if nothing is stored.</summary>
    public double KeptShare => Stored == 0 ? double.NaN : (double)Kept / Stored;
}

/// <summary>Reads overviews incrementally: the first and last probes from the Self, the verdicts from Memory.</summary>
public sealed class InstanceOverviews(EventStore store, string run)
{
    private readonly Dictionary<string, (InstanceOverview Glance, Probed? Birth, long Memory)> _known = new(StringComparer.Ordinal);

    /// <summary>The overview of an instance.</summary>
    public async Task<InstanceOverview> AtAsync(string instance, CancellationToken cancellationToken)
    {
        var (known, birth, memory) = _known.GetValueOrDefault(instance, (InstanceOverview.Unborn, null, 0));
        var self = PersistenceId.Of(run, new FacultyAddress(instance, Loop.Self));
        if (birth is null && await store.Glance.FirstAsync(self, "self.probed", cancellationToken) is { } first)
            birth = JournalRows.Read<Probed>(first);
        if (birth is not null && await store.Glance.LastAsync(self, "self.probed", cancellationToken) is { } last)
        {
            known = Probed(known, JournalRows.Read<Probed>(last), birth);
            if (
                await store.Glance.LastAsync(self, "self.model-changed", cancellationToken) is { } changed
                && changed.SequenceNumber > last.SequenceNumber
            )
                known = known with { Champion = JournalRows.Read<ModelChanged>(changed).Model, IsByHand = true };
        }

        var before = memory;
        foreach (
            var row in await store.Glance.AfterAsync(
                PersistenceId.Of(run, new FacultyAddress(instance, Loop.Memory)),
                memory,
                "memory.stored",
                cancellationToken
            )
        )
        {
            known = known with
            {
                Stored = known.Stored + 1,
                Kept = known.Kept + (JournalRows.Read<Stored>(row).Verdict == Verdict.Keep ? 1 : 0),
            };
            memory = row.SequenceNumber;
        }

        // under a matched policy, experiences are kept when they are drawn
        foreach (
            var row in await store.Glance.AfterAsync(
                PersistenceId.Of(run, new FacultyAddress(instance, Loop.Memory)),
                before,
                "memory.batch-drawn",
                cancellationToken
            )
        )
        {
            known = known with { Kept = known.Kept + JournalRows.Read<BatchDrawn>(row).Ids.Length };
            memory = Math.Max(memory, row.SequenceNumber);
        }

        // and experiences held for people when they have decided
        foreach (
            var row in await store.Glance.AfterAsync(
                PersistenceId.Of(run, new FacultyAddress(instance, Loop.Memory)),
                before,
                "memory.reviewed",
                cancellationToken
            )
        )
        {
            known = known with { Kept = known.Kept + JournalRows.Read<HeldSettled>(row).Settled.Count(s => s.Verdict == Verdict.Keep) };
            memory = Math.Max(memory, row.SequenceNumber);
        }

        _known[instance] = (known, birth, memory);
        return known;
    }

    private static InstanceOverview Probed(InstanceOverview known, Probed now, Probed birth) =>
        now.Generation == known.Generation
            ? known
            : known with
            {
                Generation = now.Generation,
                Champion = now.Model,
                IsByHand = false,
                BareDrift = Identity.Drift(now.Results.Bare, birth.Results.Bare),
                AgentDrift = Identity.Drift(now.Results.Agent, birth.Results.Agent),
                HeldOut = now.Results.HeldOut,
                SelfModel = now.SelfModel,
            };
}
