using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation;

/// <summary>
/// The scripted world behind the runtime's port: it takes its time, and now and then throws as a bug does.
/// </summary>
internal sealed class SimulatedEffects(SimulatedMachine machine, Scenario scenario, JobServer jobs) : IEffects
{
    private int _bugs;

    /// <inheritdoc />
    public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken)
    {
        machine.Schedule?.Note(instance, $"asks for {effect.Key}");
        await machine.LingerAsync();
        if (_bugs < 4 && machine.Dice.Chance(scenario.Bugs)) // so few that no life is parked for them
        {
            _bugs++;
            machine.Schedule?.Note(instance, $"! {effect.Key} throws");
            throw new PlannedBugException(effect.Key);
        }

        var answer = effect is JobEffect job
            ? await jobs.AnswerAsync(instance, job)
            : scenario.World.Answer(instance, effect, scenario.Fickle ? machine.Dice.Below(1000) / 1000.0 : null);
        await machine.LingerAsync();
        machine.Schedule?.Note(instance, $"hears of {effect.Key}: {CommandText.Of(answer)}");
        return answer;
    }
}

/// <summary>A fault that the simulator put there.</summary>
internal sealed class PlannedBugException(string where) : Exception($"a bug in {where}");
