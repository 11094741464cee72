using System.Globalization;

namespace AiMe.Simulation.Machine;

/// <summary>The record of a simulated machine, in order. It is kept only for seeds that are to be read.</summary>
/// <param name="machine">Provides the step and the virtual time.</param>
public sealed class Schedule(SimulatedMachine machine)
{
    private readonly List<ScheduleLine> _lines = [];

    /// <summary>All lines.</summary>
    public IReadOnlyList<ScheduleLine> Lines => _lines;

    /// <summary>Adds a line.</summary>
    /// <param name="who">A process, a stream, a sender with its receiver, or a server.</param>
    /// <param name="what">A phrase in the present tense; a fault begins with an exclamation mark.</param>
    public void Note(string who, string what) => _lines.Add(new ScheduleLine(machine.Steps, machine.Clock.Elapsed, who, what));
}

/// <summary>A line of a schedule.</summary>
/// <param name="Step">1-based step of the machine.</param>
/// <param name="At">Virtual time since the machine's start.</param>
public readonly record struct ScheduleLine(long Step, TimeSpan At, string Who, string What)
{
    /// <inheritdoc />
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Step, 6}  {At.TotalSeconds, 9:0.0000} s  {Who, -28}  {What}");
}
