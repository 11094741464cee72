using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Trainer;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation.Mistakes;

/// <summary>A job is submitted again if its submission is unclear.</summary>
public sealed record DoubleSubmit()
    : Mistake("double-submit", "a job whose submission is unclear is submitted again instead of searched for", "submitted")
{
    internal override SimulatedParts Plant(SimulatedParts parts) => parts with { Effects = new Resubmitting(parts.Effects) };

    private sealed class Resubmitting(IEffects inner) : IEffects
    {
        public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken)
        {
            if (effect is not FindJob e)
                return await inner.RunAsync(instance, effect, cancellationToken);
            var answer = await inner.RunAsync(instance, new SubmitJob(e.Plan, e.By, e.Attempt, e.JobKey, e.Data), cancellationToken);
            return answer is JobSubmitted ? answer : new JobAskingFailed(e.Plan.Round, e.Try, "the submission failed");
        }
    }
}
