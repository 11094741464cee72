namespace AiMe.Faculties.Supervisor;

/// <summary>A scheduled change of the policy or the model of one instance.</summary>
/// <param name="Cycle">The planned cycle before which it takes effect.</param>
/// <param name="AtRoundStart">
/// Whether it waits for the end of a round: a policy of the instance holds experiences until then. Without unplanned input its cycle
/// is the first of a round.
/// </param>
public sealed record ScheduledChange(int Cycle, Input Input, bool AtRoundStart)
{
    // An arrival that people give is a GUID or a path, so that it cannot be this.
    private const string Prefix = "plan/";

    /// <summary>The key under which the Supervisor journals it.</summary>
    /// <param name="ordinal">1-based index among the changes of the instance.</param>
    public static string ArrivalOf(string instance, int ordinal) => $"{Prefix}{instance}/{ordinal}";

    /// <summary>Whether an input came from the plan.</summary>
    public static bool IsArrival(string arrival)
    {
        ArgumentNullException.ThrowIfNull(arrival);
        return arrival.StartsWith(Prefix, StringComparison.Ordinal);
    }
}
