using AiMe.Kernel;

namespace AiMe.Runtime.Simulation;

/// <summary>A post office that delays, doubles and reorders messages. It loses none but with the process.</summary>
public sealed class SimulatedPost(SimulatedMachine machine, SimulatedScheduler scheduler)
{
    /// <summary>Messages on their way.</summary>
    public int UnderWay { get; private set; }

    /// <summary>What a delivery failed with: nobody else would hear of it.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Takes a message and delivers it once or twice, each at a time of its own.</summary>
    public ValueTask CarryAsync(string from, Address to, Command command, Func<ValueTask> deliver)
    {
        var copies = machine.Dice.Chance(machine.Faults.Duplicate) ? 2 : 1;
        machine.Schedule?.Note($"{from} -> {NameOf(to)}", copies == 2 ? $"! {machine.Describe(command)}, doubled" : machine.Describe(command));
        for (var copy = 1; copy <= copies; copy++)
        {
            UnderWay++;
            _ = scheduler.Begin(() => DeliverAsync(to, command, deliver));
        }

        return ValueTask.CompletedTask;
    }

    private static string NameOf(Address at) => at == Address.Supervisor ? at.Instance : at.ToString();

    private async Task DeliverAsync(Address to, Command command, Func<ValueTask> deliver)
    {
        try
        {
            await machine.LingerAsync();
            await deliver();
            machine.Schedule?.Note(NameOf(to), $"has {machine.Describe(command)}");
        }
        catch (Exception failure) // the sender has gone on; whoever drives the machine looks here
        {
            Failure ??= failure;
        }
        finally
        {
            UnderWay--;
        }
    }
}
