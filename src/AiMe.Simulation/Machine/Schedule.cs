using System.Globalization;

namespace AiMe.Simulation.Machine;

/// <summary>
/// What happened on a simulated machine, in order. Kept only where a seed is to be read: a run without one costs
/// nothing.
/// </summary>
/// <param name="machine">Gives step and virtual time.</param>
public sealed class Schedule(SimulatedMachine machine)
{
    private readonly List<ScheduleLine> _lines = [];

    /// <summary>All of it.</summary>
    public IReadOnlyList<ScheduleLine> Lines => _lines;

    /// <summary>Notes one happening.</summary>
    /// <param name="who">A process, a stream, a message's way, a server.</param>
    /// <param name="what">In the present tense; a fault begins with an exclamation mark.</param>
    public void Note(string who, string what) => _lines.Add(new ScheduleLine(machine.Steps, machine.Clock.Elapsed, who, what));
}

/// <summary>One happening.</summary>
/// <param name="Step">The machine's step in which it happened, from 1.</param>
/// <param name="At">Virtual time since the machine's beginning.</param>
public readonly record struct ScheduleLine(long Step, TimeSpan At, string Who, string What)
{
    /// <inheritdoc />
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Step, 6}  {At.TotalSeconds, 9:0.0000} s  {Who, -28}  {What}");
}
