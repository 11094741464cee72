using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Exports;
using AiMe.Lab.Analysis.Recuration;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;
using AiMe.Lab.Tests.Runs.Forks;

namespace AiMe.Lab.Tests.Analysis.Recuration;

/// <summary>Instances with a matched policy, read from a store: what was drawn counts as kept everywhere.</summary>
public sealed class MatchedRecurationTests : IAsyncLifetime
{
    private const string Control = "matched-1";

    private LivedStore _lived = null!;
    private ImmutableArray<InstanceEvent> _events;
    private ImmutableArray<MemoryId> _sealed;

    public async Task InitializeAsync()
    {
        _lived = await LivedStore.OpenAsync(Faculties.Tests.Plans.Matched() with { Replicates = 1 });
        _events = await _lived.InstanceAsync(Control);
        _sealed = [.. _events.Select(e => e.Happened).OfType<Sealed>().SelectMany(s => s.Kept)];
        _sealed.ShouldNotBeEmpty();
    }

    public async Task DisposeAsync() => await _lived.DisposeAsync();

    [Fact]
    public void Its_own_policy_gives_the_recorded_verdicts_and_what_was_drawn()
    {
        var report = RecurationReport.Of([(Recorded(), [NamedPolicy.Own])]);
        report.Diverged.ShouldBeEmpty();
        report.Outcomes[1].Instances.Single().Kept.Select(c => c.Stored!.Id).ShouldBe(_sealed);
        (report.Outcomes[1].Jaccard, report.Outcomes[1].Held).ShouldBe((1, 0));
    }

    [Fact]
    public void The_policy_of_its_variant_draws_the_same_again()
    {
        var own = _lived.Plan.Variants.Single(v => v.Name == "matched");
        var report = RecurationReport.Of([(Recorded(), [new NamedPolicy(own.Name, own.Curate)])]);
        var whole = _events.Select(e => e.Happened).OfType<Sealed>().Select(s => s.Round).ToHashSet();
        report.Outcomes[1].Instances.Single().Kept.Where(c => whole.Contains(c.Stored!.Round)).Select(c => c.Stored!.Id).ShouldBe(_sealed);
    }

    [Fact]
    public void Another_policy_judges_what_waited_for_the_draw()
    {
        var outcome = RecurationReport.Of([(Recorded(), [new NamedPolicy("all", [new KeepAll()])])]).Outcomes[1];
        outcome.Kept.ShouldBe(outcome.Judged - Recorded().Cases.Count(c => c.Draft.IsEmpty));
    }

    [Fact]
    public async Task An_export_of_kept_experiences_has_what_was_drawn()
    {
        List<MemoryId> exported = [];
        await foreach (
            var e in ExportReader.ReadAsync(
                _lived.Store.Journal,
                await _lived.StateAsync(),
                [Control],
                ExportFilter.All with
                {
                    Verdicts = [Verdict.Keep],
                },
                null,
                CancellationToken.None
            )
        )
            exported.Add(e.Experience.Id);
        exported.ShouldBe(_sealed);
    }

    [Fact]
    public void A_replay_counts_what_was_drawn_as_kept_at_every_event()
    {
        var tally = InstanceTally.Nothing;
        foreach (var e in _events)
        {
            tally = tally.With(e.Happened);
            Math.Min(tally.Held, tally.Kept).ShouldBeGreaterThanOrEqualTo(0);
        }

        tally.Kept.ShouldBe(_sealed.Length);
        tally.Stored.ShouldBe(_events.Count(e => e.Happened is Stored));
    }

    private RecordedInstance Recorded() => RecordedInstance.Of(_lived.Plan.Run, Control, "matched", _events);
}
