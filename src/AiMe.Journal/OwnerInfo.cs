using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>Who writes.</summary>
/// <param name="Host">The machine's name.</param>
/// <param name="ProcessId">The operating system's number; used again after the process has gone.</param>
/// <param name="ProcessStarted">
/// When it started, as <see cref="Processes.Started"/> writes it: tells two processes of one number apart.
/// </param>
/// <param name="Writer">The incarnation that appends.</param>
public sealed record OwnerInfo(string Host, int ProcessId, string ProcessStarted, WriterId Writer)
{
    /// <summary>This process.</summary>
    public static OwnerInfo Here(WriterId writer) =>
        new(Environment.MachineName, Environment.ProcessId, Processes.Started(Environment.ProcessId) ?? "", writer);
}

/// <summary>A name that is owned.</summary>
/// <param name="Name">Of an instance, as the claimer writes it.</param>
/// <param name="Epoch">1 for the first owner; one more at each take-over.</param>
public sealed record Owned(string Name, long Epoch);

/// <summary>What is known of a name's owner.</summary>
/// <param name="Heartbeat">When it last said that it lives.</param>
public sealed record Owner(string Name, long Epoch, OwnerInfo Info, DateTimeOffset Heartbeat);

/// <summary>Who holds a name, the dead included: they are what a killed process leaves behind.</summary>
/// <param name="IsAlive">
/// False where the process is gone (on this host) or has been silent for too long (on another).
/// </param>
public sealed record Holder(Owner Owner, bool IsAlive)
{
    /// <summary>How old its heartbeat is, by the clock that set it.</summary>
    public TimeSpan Silence { get; init; }
}

/// <summary>Somebody else owns a name. The message names the holder's host and process.</summary>
public sealed class AlreadyOwnedException(Owner holder)
    : Exception(
        $"{holder.Name} is owned by process {holder.Info.ProcessId} on {holder.Info.Host} (heartbeat "
            + $"{holder.Heartbeat:yyyy-MM-dd HH:mm:ss} UTC): stop that process, or wait for it to end."
    )
{
    /// <summary>Who holds it.</summary>
    public Owner Holder { get; } = holder;
}
