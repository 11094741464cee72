using AiMe.Faculties.Self;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Output.Documents;

/// <summary>The answers of an instance to its identity probes now.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="BareDrift">Bare identity drift since generation 0, bits in [0, 1].</param>
/// <param name="AgentDrift">The same for the whole agent.</param>
/// <param name="HeldOut">Held-out cross-entropy, nats per token.</param>
/// <param name="Choices">One for each choice probe.</param>
/// <param name="Open">One for each open probe.</param>
internal sealed record ProbeOutput(
    string Run,
    string Instance,
    int Generation,
    double? BareDrift,
    double? AgentDrift,
    double? HeldOut,
    IReadOnlyList<ProbedChoice> Choices,
    IReadOnlyList<OpenAnswer> Open
) : OutputDocument
{
    public static ProbeOutput Of(string run, string instance, int generation, Examination found) =>
        new(
            run,
            instance,
            generation,
            found.BareDrift,
            found.AgentDrift,
            found.Results.HeldOut,
            [
                .. found.Results.Agent.Zip(found.Results.Bare, (agent, bare) =>
                    new ProbedChoice(agent.Probe, ProbedChoice.Rows(bare), ProbedChoice.Rows(agent))
                ),
            ],
            [.. found.Results.Open.Select(o => new OpenAnswer(o.Probe, o.Text))]
        );
}

/// <summary>The answers to a choice probe. A row is a wording, a column an option; undefined where none was named.</summary>
/// <param name="Probe">Id of the probe.</param>
/// <param name="Bare">Shape (paraphrases, options): probabilities of the bare model.</param>
/// <param name="Agent">The same of the whole agent.</param>
internal sealed record ProbedChoice(string Probe, IReadOnlyList<IReadOnlyList<double?>> Bare, IReadOnlyList<IReadOnlyList<double?>> Agent)
{
    public static IReadOnlyList<IReadOnlyList<double?>> Rows(ChoiceResult result) =>
        [.. result.ByParaphrase.Select(row => (IReadOnlyList<double?>)[.. row])];
}
