using System.Text;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Forecasts;
using AiMe.Lab.Tests.Experiments.Schema;

namespace AiMe.Lab.Tests.Experiments;

/// <summary>Numbers that are each within their bounds may have a product that nothing can hold.</summary>
public sealed class PlanLimitTests : IDisposable
{
    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void Too_many_instances_are_refused_with_their_number_the_bound_and_the_key() =>
        _study
            .Problems("replicates=600000", "variants.other={}")
            .ShouldHaveSingleItem()
            .ShouldEndWith(
                "replicates: 2 variants x 600000 replicates are 1,200,000 instances, expected at most 1,000,000: lower replicates, or remove variants"
            );

    [Fact]
    public void So_are_too_many_experiences()
    {
        WriteStimuli(1500);

        _study
            .Problems("replicates=70000")
            .ShouldHaveSingleItem()
            .ShouldEndWith(
                "stimuli.count: 1 variants x 70000 replicates with 1500 stimuli and drives each are 105,000,000 experiences, "
                    + "expected at most 100,000,000: lower stimuli.count or replicates"
            );
    }

    [Fact]
    public void So_are_too_many_probe_questions()
    {
        WriteStimuli(1000);
        var open = string.Concat(Enumerable.Range(0, 120).Select(i => $"  - {{id: p{i}, kind: open, asks: [\"Who?\"]}}\n"));
        _study.Write("probes.yaml", Study.Probes + open);

        _study
            .Problems("replicates=90000", "train.every=1")
            .ShouldHaveSingleItem()
            .ShouldContain("probe questions, expected at most 10,000,000,000: raise train.every, or lower replicates");
    }

    [Fact]
    public void So_are_too_many_training_examples()
    {
        WriteStimuli(20_000);

        _study
            .Problems("replicates=10", "train.every=1", "train.data=accumulate", "train.epochs=1000")
            .ShouldHaveSingleItem()
            .ShouldContain("training examples, expected at most 1,000,000,000,000: set train.data to a window(n)");
    }

    [Fact]
    public void The_largest_plan_has_a_sound_forecast()
    {
        WriteStimuli(100);
        PlanIsSound.ShouldHold(_study.Experiment("replicates=1000000", "train.every=10", "generate.candidates=64"), "the largest plan");
    }

    [Theory]
    [InlineData("reflect.insight-threshold=1000000")]
    [InlineData("reflect.insight-threshold=31")]
    [InlineData("reflect.insight-threshold=29")]
    [InlineData("reflect.insight-threshold=1e-300")]
    public void Expected_insights_are_never_more_than_the_insights_at_most(string set)
    {
        var experiment = _study.Experiment("replicates=1000000", set);
        var work = Workload.Of(experiment.Plan(default, origin: null));
        work.Insights.ShouldBeLessThanOrEqualTo(work.InsightsAtMost);
        work.InsightsAtMost.ShouldBe(experiment.Size.InsightsAtMost);
    }

    private void WriteStimuli(int count)
    {
        StringBuilder lines = new();
        for (var i = 0; i < count; i++)
            lines.Append("{\"id\": \"s").Append(i).Append("\", \"text\": \"Hello.\"}\n");
        _study.Write("stimuli.jsonl", lines.ToString());
    }
}
