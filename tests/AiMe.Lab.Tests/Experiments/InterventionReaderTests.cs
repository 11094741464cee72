using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;

namespace AiMe.Lab.Tests.Experiments;

public sealed class InterventionReaderTests : IDisposable
{
    private const string Variants = "variants:\n  control: {curate: [keep-all]}\n  treated: {curate: [keep-all], seeds-of: control}\n";

    private readonly Study _study = new Study().Spoil("study.yaml", "variants:\n  keep-all: {curate: [keep-all]}\n", Variants);

    public void Dispose() => _study.Dispose();

    [Fact]
    public void Each_action_is_read_with_its_cycle_and_variants()
    {
        var experiment = With(
            "- {at: {cycle: 2}, variants: [treated], say: What if not?}",
            "- {at: {cycle: 3}, variants: [treated], say: {text: 'Add 2 and 2.', topic: numbers, check: '4'}}",
            "- {at: {round: 2}, variants: [control, treated], set-policy: [{random: 0.5}]}",
            "- {at: {cycle: 3}, variants: [treated], swap-model: base}"
        );
        experiment
            .Interventions.Select(i => (i.Cycle, string.Join(' ', i.Variants), i.Do))
            .ShouldBe([
                (2, "treated", new InterventionAction.Say(new Stimulus("event-1", "What if not?", "general"))),
                (3, "treated", new InterventionAction.Say(new Stimulus("event-2", "Add 2 and 2.", "numbers", Check: "4"))),
                (3, "control treated", new InterventionAction.SetPolicy([new RandomShare(0.5)])),
                (3, "treated", new InterventionAction.SwapModel()),
            ]);
    }

    [Fact]
    public void Another_variants_model_of_generation_0_can_be_named()
    {
        _study.Spoil("study.yaml", "seeds-of: control}", "seeds-of: control}\n  small: {model: {preset: small}}");
        With("- {at: {cycle: 2}, variants: [treated], swap-model: {variant: small}}")
            .Interventions[0]
            .Do.ShouldBe(new InterventionAction.SwapModel("small"));
    }

    [Fact]
    public void A_matched_policy_takes_the_policy_of_the_variant_that_it_names()
    {
        var policy = (InterventionAction.SetPolicy)
            With("- {at: {round: 2}, variants: [treated], set-policy: [{matched: control}]}").Interventions[0].Do;
        Matched.In(policy.Policy).ShouldNotBeNull().Policy.ShouldBe([new KeepAll()]);
    }

    [Theory]
    [InlineData("{at: {cycle: 9}, variants: [treated], say: Hm?}", "an instance has 3 cycles")]
    [InlineData("{at: {cycle: 0}, variants: [treated], say: Hm?}", "expected a whole number from 1")]
    [InlineData("{at: {}, variants: [treated], say: Hm?}", "found neither cycle and round")]
    [InlineData("{at: {cycle: 1, round: 1}, variants: [treated], say: Hm?}", "found both cycle and round")]
    [InlineData("{variants: [treated], say: Hm?}", "the key is missing, expected {cycle: 40}")]
    [InlineData("{at: {cycle: 2}, say: Hm?}", "the key is missing, expected a list of variants")]
    [InlineData("{at: {cycle: 2}, variants: [traeted], say: Hm?}", "did you mean 'treated'?")]
    [InlineData("{at: {cycle: 2}, variants: [treated]}", "found no action, expected one of say, set-policy, swap-model")]
    [InlineData("{at: {cycle: 2}, variants: [treated], say: Hm?, swap-model: base}", "found say and swap-model, expected one of")]
    [InlineData("{at: {cycle: 2}, variants: [treated], swap-model: {model: m}}", "this experiment has none")]
    [InlineData("{at: {cycle: 2}, variants: [treated], swap-model: bass}", "expected base, {variant: NAME} or {model: NAME}")]
    [InlineData("{at: {cycle: 2}, variants: [treated], set-policy: [{matched: control}]}", "holds experiences until the end of a round")]
    [InlineData("{at: {cycle: 2}, variants: [treated], set-policy: [{review: {when: all}}]}", "such as at: {round: 2}")]
    [InlineData("{at: {cycle: 2}, variants: [treated], set-policy: [keep-al]}", "did you mean 'keep-all'?")]
    public void What_cannot_take_effect_is_refused(string item, string text) =>
        Problems($"- {item}").ShouldContain(p => p.Contains(text, StringComparison.Ordinal));

    [Fact]
    public void A_drive_is_no_stimulus_that_could_be_replaced() =>
        Problems("- {at: {cycle: 3}, variants: [treated], say: Hm?}", "stimuli.internal-every=2")
            .ShouldContain(p => p.Contains("cycle 3 is an internal drive", StringComparison.Ordinal));

    [Fact]
    public void Two_of_a_kind_before_a_cycle_contradict_each_other() =>
        Problems("- {at: {cycle: 2}, variants: [treated], say: Yes.}\n  - {at: {cycle: 2}, variants: [control, treated], say: No.}")
            .ShouldContain(p => p.Contains("expected one of a kind before a cycle", StringComparison.Ordinal));

    [Fact]
    public void An_intervention_in_every_variant_leaves_nothing_to_compare_with() =>
        Problems("- {at: {cycle: 2}, variants: [control, treated], swap-model: base}")
            .ShouldContain(p => p.Contains("none is left to compare with", StringComparison.Ordinal));

    [Fact]
    public void A_policy_that_a_variant_has_already_changes_nothing() =>
        Problems("- {at: {cycle: 2}, variants: [treated], set-policy: [keep-all]}")
            .ShouldContain(p => p.Contains("treated has this policy already before cycle 2", StringComparison.Ordinal));

    [Fact]
    public void A_judge_without_a_model_is_refused_in_a_scheduled_policy_too()
    {
        _study.Write("rubric.yaml", File.ReadAllText(Path.Combine(Repository.Config, "rubrics", "charter-fit.yaml")));
        Problems("- {at: {cycle: 2}, variants: [treated], set-policy: [{judge: {rubric: rubric.yaml, keep: {at-least: 3}}}]}")
            .ShouldContain(p => p.Contains("the embedded model cannot be a judge", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("seeds-of: nobody", "expected another variant with seeds of its own: control")]
    [InlineData("seeds-of: treated", "expected another variant with seeds of its own: control")]
    public void Seeds_are_of_another_variant(string wrong, string text)
    {
        _study.Spoil("study.yaml", "seeds-of: control", wrong);
        _study.Problems().ShouldContain(p => p.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void Variants_that_share_seeds_and_settings_are_told_to_be_identical_unless_an_event_differs()
    {
        _study.Load().Advice.ShouldContain(p => p.Text.Contains("the two are identical", StringComparison.Ordinal));
        With("- {at: {cycle: 2}, variants: [treated], say: Hm?}").ShouldNotBeNull();
        _study.Load().Advice.ShouldNotContain(p => p.Text.Contains("the two are identical", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_without_them_is_written_as_before_and_one_with_them_round_trips()
    {
        var experiment = With(
            "- {at: {round: 2}, variants: [treated], set-policy: [{random: 0.5}]}",
            "- {at: {cycle: 2}, variants: [treated], swap-model: base}"
        );
        var plan = experiment.Plan(new ModelId("base"), origin: null);
        Text(plan with { Interventions = default }).ShouldNotContain("interventions");
        var codec = FacultyEvents.Codec;
        var read = (RunPlanned)codec.Read(codec.ManifestOf(new RunPlanned(plan)), codec.Write(new RunPlanned(plan)));
        Text(read.Plan).ShouldBe(Text(plan));
        read.Plan.Spec(plan.Variants[1], 1).Seed.ShouldBe(plan.Spec(plan.Variants[0], 1).Seed);
        experiment.RunId.ShouldNotBe((experiment with { Interventions = [] }).RunId);

        static string Text(RunPlan plan) => System.Text.Encoding.UTF8.GetString(FacultyEvents.Codec.Write(new RunPlanned(plan)));
    }

    private Experiment With(params string[] items)
    {
        _study.Write("study.yaml", File.ReadAllText(_study.PathOf("study.yaml")) + $"events:\n  {string.Join("\n  ", items)}\n");
        return _study.Load().Experiment.ShouldNotBeNull(string.Join('\n', _study.Problems()));
    }

    private string[] Problems(string items, params string[] sets)
    {
        _study.Write("study.yaml", File.ReadAllText(_study.PathOf("study.yaml")) + $"events:\n  {items}\n");
        return _study.Problems(sets);
    }
}
