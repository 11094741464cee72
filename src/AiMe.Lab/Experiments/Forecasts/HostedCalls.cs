namespace AiMe.Lab.Experiments.Forecasts;

/// <summary>How many chat requests a run of a hosted model makes.</summary>
public static class HostedCalls
{
    /// <summary>Expected; a failed request that is repeated is not counted.</summary>
    /// <returns>
    /// Where the server tells log-probabilities, one request is enough for a wording of a choice probe; else each is
    /// sampled.
    /// </returns>
    public static (double Least, double Most) Of(Experiment experiment, OpenAiModel model)
    {
        var (m, insights) = (experiment.Matrix, Workload.Of(experiment.Plan(default, origin: null)).Insights);
        double asks = experiment.Probes.Choices.Sum(p => p.Asks.Length),
            open = experiment.Probes.Open.Length;
        var sittings = m.Instances * (m.Rounds + 1.0);
        var choices = (sittings + 1 + m.TrainingsAtMost) * asks; // the agents', the bare model's once, and each bare candidate's
        var rest = m.Answers + m.Reflections + insights + sittings * open + (open > 0 ? m.TrainingsAtMost * Workload.RepeatSamples : 0);
        return (rest + choices, rest + choices * model.Samples);
    }
}
