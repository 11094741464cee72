using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Recuration;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Tests.Runs.Forks;

namespace AiMe.Lab.Tests.Analysis.Recuration;

/// <summary>Recorded instances judged by other policies, without a model.</summary>
public sealed class RecurationReportTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Shipped = new(StringComparer.Ordinal)
    {
        ["everything"] = "config/policies/keep-all.yaml",
    };

    private LivedStore _lived = null!;

    public async Task InitializeAsync() => _lived = await LivedStore.OpenAsync();

    public async Task DisposeAsync() => await _lived.DisposeAsync();

    [Fact]
    public async Task An_instances_own_policy_gives_exactly_the_verdicts_that_it_had()
    {
        foreach (var name in (string[])["kept-1", "frozen-1"])
        {
            var instance = await ReadAsync(name);
            var recorded = instance.Cases.Select(c => c.Judged).ToArray();
            recorded.ShouldNotBeEmpty();
            Rejudging.Of(instance, rules: null).Select(Bytes).ShouldBe(recorded.Select(Bytes));
            Rejudging
                .Of(instance, _lived.Plan.Variants.Single(v => v.Name == instance.Variant).Curate)
                .Select(Bytes)
                .ShouldBe(recorded.Select(Bytes));
        }
    }

    [Fact]
    public async Task A_fork_that_changed_its_policy_is_reproduced_with_the_change()
    {
        var name = (await _lived.MakeAsync(await _lived.OrderAsync(40, sets: ["curate=[{random: 0.5}]", "seed=3"])))[0].Name;
        await _lived.LiveAsync(name);
        var instance = await ReadAsync(name);
        Rejudging.Of(instance, rules: null).Select(Bytes).ShouldBe(instance.Cases.Select(c => Bytes(c.Judged)));
    }

    [Fact]
    public async Task The_sets_under_its_own_policy_hold_what_was_sealed()
    {
        var recuration = RecurationReport.Of([(await ReadAsync("kept-1"), [NamedPolicy.Own])]);
        var own = recuration.Outcomes[1];
        var sealedBatches = (await _lived.InstanceAsync("kept-1")).Select(e => e.Happened).OfType<Sealed>().ToArray();
        sealedBatches.ShouldNotBeEmpty();
        foreach (var batch in sealedBatches)
            own.Instances[0]
                .Cases.Where(c => c.Case.Stored!.Round == batch.Round && c.Rejudged.Judgement.Verdict == Verdict.Keep)
                .Select(c => c.Case.Stored!.Id)
                .ShouldBe(batch.Kept);
        recuration.Diverged.ShouldBeEmpty();
        own.Jaccard.ShouldBe(1);
    }

    [Fact]
    public async Task The_overlap_counts_every_experience_once()
    {
        var instance = await ReadAsync("kept-1");
        var kept = instance.Cases.Count(c => c.Judged.Judgement.Verdict == Verdict.Keep);
        var recuration = RecurationReport.Of([(instance, [Policy("[keep-all]"), Policy("[keep-none]")])]);
        var (all, none) = (recuration.Outcomes[1], recuration.Outcomes[2]);
        (all.Both, all.OnlyThen, all.OnlyNow).ShouldBe((kept, 0, all.Judged - kept));
        (none.Both, none.OnlyThen, none.OnlyNow, none.Jaccard).ShouldBe((0, kept, 0, 0d));
        all.Figures.Count.ShouldBe(all.Judged);
        none.Figures.Count.ShouldBe(0);
        all.Then.Count.ShouldBe(kept);
    }

    [Fact]
    public async Task A_window_is_causal_over_the_recorded_instance_and_looks_back_on_this_policys_own_verdicts()
    {
        var instance = await ReadAsync("kept-1");
        var alone = Rejudging.Of(
            instance with
            {
                Steps = instance.Steps.RemoveRange(5, instance.Steps.Length - 5),
            },
            Policy("[{dedupe: 0.5}]").Rules
        );
        Rejudging
            .Of(instance, Policy("[{dedupe: 0.5}]").Rules)
            .Take(alone.Length)
            .Select(Bytes)
            .ShouldBe(alone.Select(Bytes), "what comes later changes nothing before");
    }

    [Fact]
    public async Task What_a_policy_holds_for_people_has_their_recorded_verdict_and_else_stays_held()
    {
        var instance = await ReadAsync("kept-1");
        var at = instance.Steps.IndexOf(instance.Steps.OfType<RecordedCase>().First());
        var first = (RecordedCase)instance.Steps[at];
        var answered = first.Stored! with { Review = new ReviewTerms(OnOpen.Wait, 1), Verdict = Verdict.Keep };
        var reviewed = instance with { Steps = instance.Steps.SetItem(at, first with { Stored = answered }) };
        var cases = instance.Cases.Count();

        var nobody = RecurationReport.Of([(instance, [Policy("[{review: {when: all}}]")])]).Outcomes[1];
        (nobody.Held, nobody.Instances[0].Kept.Count()).ShouldBe((cases, 0));
        var one = RecurationReport.Of([(reviewed, [Policy("[{review: {when: all}}]")])]).Outcomes[1];
        (one.Held, one.Instances[0].Kept.Count()).ShouldBe((cases - 1, 1));
        RecurationReport.Of([(reviewed, [Policy("[keep-all]")])]).Outcomes[1].Held.ShouldBe(0, "this policy asks nobody");
    }

    [Fact]
    public async Task A_policy_whose_score_was_never_recorded_is_kept_apart()
    {
        var recuration = RecurationReport.Of([(await ReadAsync("kept-1"), [Policy("[{min: {score: correctness, at-least: 0.5}}]")])]); // no problem of the script can be checked
        recuration.Outcomes[1].Apart.Single().Missing.ShouldBe(["correctness"]);
        recuration.Outcomes[1].Instances.ShouldBeEmpty();
        recuration.Outcomes[1].Judged.ShouldBe(0);
    }

    [Fact]
    public async Task Solved_problems_are_counted_beside_their_share()
    {
        RecordedCase[] cases = [.. (await ReadAsync("kept-1")).Steps.OfType<RecordedCase>().Take(4)];
        double[] correct = [1, 0, 1, double.NaN];
        DatasetFigures
            .Of(
                [
                    .. cases.Select(
                        (c, i) => c with { Stored = c.Stored! with { Scores = c.Stored!.Scores with { Correctness = correct[i] } } }
                    ),
                ],
                10
            )
            .Problems.ShouldBe((2, 3));
        DatasetFigures.Of([], 10).Problems.ShouldBe((0, 0));
    }

    [Fact]
    public void A_judgement_that_differs_in_a_reason_alone_is_told()
    {
        var judged = new Judged(
            1,
            AiMe.Faculties.Tests.Some.Judgement(),
            AiMe.Faculties.Tests.Some.Scored(0.5),
            AiMe.Faculties.Tests.Some.Pointing(0)
        );
        Rejudging.Differs(judged, judged).ShouldBeNull();
        Rejudging
            .Differs(
                judged,
                judged with
                {
                    Judgement = judged.Judgement with { Columns = [judged.Judgement.Columns[0] with { Reason = "another" }] },
                }
            )
            .ShouldNotBeNull()
            .ShouldContain("cycle 1");
    }

    [Theory]
    [InlineData("kept", 2)]
    [InlineData("keep-none: nothing", -1)]
    [InlineData("[{dedupe: 0.9}]", 1)]
    [InlineData("dedupe: 0.9", 1)]
    [InlineData("curate: [{dedupe: 0.9}, keep-all]", 2)]
    [InlineData("[{dedupe: 9}]", -1)]
    [InlineData("kep", -1)]
    [InlineData("nowhere.yaml", -1)]
    public void A_policy_is_a_variant_rules_or_a_file(string text, int rules)
    {
        var (policy, problems) = PolicyReader.Read(text, _lived.Plan, Shipped);
        (policy?.Rules?.Length ?? -1).ShouldBe(rules);
        problems.Any(p => p.Severity == Severity.Error).ShouldBe(rules < 0);
    }

    [Fact]
    public void A_policy_that_nobody_knows_is_told_with_those_that_are_there_and_the_nearest() =>
        PolicyReader
            .Read("kep", _lived.Plan, Shipped)
            .Problems.Single()
            .Text.ShouldSatisfyAllConditions(
                t => t.ShouldContain("(kept, frozen)"),
                t => t.ShouldContain("everything"),
                t => t.ShouldContain("did you mean 'kept'?")
            );

    private async Task<RecordedInstance> ReadAsync(string name)
    {
        var state = await _lived.StateAsync();
        return RecordedInstance.Of(_lived.Plan.Run, name, state.Instances[name].Variant, await _lived.InstanceAsync(name));
    }

    private NamedPolicy Policy(string text) => PolicyReader.Read(text, _lived.Plan, Shipped).Policy.ShouldNotBeNull();

    private static string Bytes(Judged judged) => System.Text.Encoding.UTF8.GetString(FacultyEvents.Codec.Write(judged));
}
