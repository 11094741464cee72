namespace AiMe.Lab.Experiments.Forecasts;

/// <summary>The number of chat requests that a run of a hosted model makes.</summary>
public static class HostedCalls
{
    /// <summary>The expected range; retries are not counted.</summary>
    /// <returns>
    /// The least if the server returns log-probabilities, so that a wording of a choice probe needs one request; the
    /// most if each answer is sampled.
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
        return (rest + choices, rest + choices * model.Samples);
    }
}
