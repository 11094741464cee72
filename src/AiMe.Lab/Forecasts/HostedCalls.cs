namespace AiMe.Lab;

/// <summary>How many chat requests a run of a hosted model makes.</summary>
public static class HostedCalls
{
    /// <summary>Expected; a failed request that is repeated is not counted.</summary>
    /// <returns>Where the server tells log-probabilities, one request is enough for a wording of a choice probe; else each is sampled.</returns>
    public static (double Least, double Most) Of(Experiment experiment, OpenAiModel model)
    {
        var (m, insights) = (experiment.Matrix, Workload.Of(experiment.Plan(default, origin: null)).Insights);
        double asks = experiment.Probes.Choices.Sum(p => p.Asks.Length), open = experiment.Probes.Open.Length;
        var sittings = m.Instances * (m.Rounds + 1.0);
        var choices = (sittings + 1) * asks; // the agents', and the bare model's once
        var rest = m.Answers + m.Reflections + insights + sittings * open;
        return (rest + choices, rest + choices * model.Samples);
    }
}
