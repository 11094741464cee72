using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Forecasts;

namespace AiMe.Lab.Tests.Experiments.Schema;

/// <summary>Checks the size and forecast of a plan: every number is finite and not negative, and every range is ordered.</summary>
internal static class PlanIsSound
{
    private static readonly UnitCosts Second = new(Prompt: 1, Token: 1, Scoring: 1, Trained: 1);

    public static void ShouldHold(Experiment experiment, string which)
    {
        var (size, work) = (experiment.Size, Workload.Of(experiment.Plan(default, origin: null)));
        foreach (
            var number in (long[])
                [
                    size.Instances,
                    size.Cycles,
                    size.Rounds,
                    size.Answers,
                    size.Reflections,
                    size.InsightsAtMost,
                    size.Probes,
                    size.TrainingsAtMost,
                ]
        )
            number.ShouldBeInRange(0, (long)1e15, which);
        foreach (var number in (double[])[work.Scorings, work.Embeddings, work.OpenAnswers])
            number.ShouldBeInRange(0, 1e18, which);
        Ordered(work.Insights, work.InsightsAtMost);
        Ordered(work.Sampled, work.SampledAtMost);
        Ordered(work.Trained, work.TrainedAtMost);
        if (experiment.Model is OpenAiModel hosted)
        {
            var (least, most) = HostedCosts.Of(experiment, hosted);
            Ordered(least.Total, most.Total);
            var calls = HostedCalls.Of(experiment, hosted);
            Ordered(calls.Least, calls.Most);
            return;
        }

        var forecast = Forecast.Of(experiment, Second, earlier: null, threads: 2, hasBase: false);
        foreach (var range in (Bounds[])[forecast.Seconds, forecast.BaseSeconds, forecast.JournalBytes, forecast.BlobBytes])
            Ordered(range.Low, range.High);

        void Ordered(double low, double high)
        {
            low.ShouldBeGreaterThanOrEqualTo(0, which);
            high.ShouldBeInRange(low, 1e300, which);
        }
    }
}
