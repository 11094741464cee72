using AiMe.Effects;

namespace AiMe.Lab.Experiments.Forecasts;

/// <summary>The number of chat requests that a run of a hosted model makes.</summary>
public static class HostedCalls
{
    /// <summary>The expected range; retries are not counted.</summary>
    /// <returns>
    /// The least if the server returns log-probabilities, so that a wording of a choice probe needs one request; the
    /// most if each answer is sampled. If given text is scored, the least if every prompt alone was asked for before.
    /// </returns>
    public static (double Least, double Most) Of(Experiment experiment, OpenAiModel model)
    {
        var (m, insights) = (experiment.Size, Workload.Of(experiment.Plan(default, origin: null)).Insights);
        double asks = experiment.Probes.Choices.Sum(p => p.Asks.Length),
            open = experiment.Probes.Open.Length;
        var sittings = m.Instances * (m.Rounds + 1.0);
        var choices = (sittings + 1 + m.TrainingsAtMost) * asks; // of the agents, of the bare model once, and of each bare candidate
        var rest = m.Answers + m.Reflections + insights + sittings * open + (open > 0 ? m.TrainingsAtMost * Workload.RepeatSamples : 0);
        rest += JudgeCosts.Of(experiment).Where(j => j.Model is null).Sum(j => j.Calls);
        return model.Scoring is null
            ? (rest + choices, rest + choices * model.Samples)
            : (rest + Scorings(experiment, model, choices, least: true), rest + Scorings(experiment, model, choices, least: false));
    }

    // Every text needs one request, and its prompt alone another, unless that was asked for before.
    private static double Scorings(Experiment experiment, OpenAiModel model, double choices, bool least)
    {
        var m = experiment.Size;
        var options = experiment.Probes.Choices.Select(p => (double)p.Options.Length).DefaultIfEmpty(0).Average();
        double prompts = least ? 0 : 1,
            heldOut = Math.Min(model.HeldOut?.Exchanges ?? 0, HostedScoring.MostHeldOut);
        var answers = m.Answers + HostedScoring.Outputs; // with the charter, and without it
        return HostedScoring.Outputs
            + answers * 2 * (1 + prompts)
            + choices * 2 * (options + prompts)
            + (1 + m.TrainingsAtMost) * heldOut * (1 + prompts);
    }
}
