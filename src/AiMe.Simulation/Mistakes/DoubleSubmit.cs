using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Trainer;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation.Mistakes;

/// <summary>Who does not know whether a job was submitted submits it again.</summary>
public sealed record DoubleSubmit()
    : Mistake("double-submit", "a job that may have been submitted is submitted again instead of looked for", "submitted")
{
    internal override SimulatedParts Plant(SimulatedParts parts) => parts with { Effects = new Hasty(parts.Effects) };

    private sealed class Hasty(IEffects inner) : IEffects
    {
        public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken)
        {
            if (effect is not FindJob e)
                return await inner.RunAsync(instance, effect, cancellationToken);
            var answer = await inner.RunAsync(instance, new SubmitJob(e.Plan, e.By, e.Attempt, e.JobKey, e.Data), cancellationToken);
            return answer is JobSubmitted ? answer : new JobAskingFailed(e.Plan.Round, e.Try, "it did not work out");
        }
    }
}
