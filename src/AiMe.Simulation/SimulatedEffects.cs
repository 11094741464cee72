using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation;

/// <summary>The scripted world behind the runtime's port, with delays and simulated bugs.</summary>
internal sealed class SimulatedEffects(SimulatedMachine machine, Scenario scenario, JobServer jobs) : IEffects
{
    private int _bugs;

    /// <inheritdoc />
    public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken)
    {
        machine.Schedule?.Note(instance, $"requests {effect.Key}");
        await machine.LingerAsync();
        if (_bugs < 4 && machine.Dice.Chance(scenario.Bugs)) // too few to park an instance
        {
            _bugs++;
            machine.Schedule?.Note(instance, $"! {effect.Key} throws");
            throw new PlannedBugException(effect.Key);
        }

        var answer = effect is JobEffect job
            ? await jobs.AnswerAsync(instance, job)
            : scenario.World.Answer(instance, effect, scenario.Fickle ? machine.Dice.Below(1000) / 1000.0 : null);
        await machine.LingerAsync();
        machine.Schedule?.Note(instance, $"has the result of {effect.Key}: {CommandText.Of(answer)}");
        return answer;
    }
}

/// <summary>A simulated bug.</summary>
internal sealed class PlannedBugException(string where) : Exception($"a bug in {where}");
