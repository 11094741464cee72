using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>Identifies a writing process.</summary>
/// <param name="Host">The machine's name.</param>
/// <param name="ProcessId">The operating system's process id; it can be reused after the process has ended.</param>
/// <param name="ProcessStarted">
/// The start time, as <see cref="Processes.Started"/> writes it; distinguishes two processes with the same id.
/// </param>
/// <param name="Writer">The writer id of the incarnation that appends.</param>
public sealed record OwnerInfo(string Host, int ProcessId, string ProcessStarted, WriterId Writer)
{
    /// <summary>This process.</summary>
    public static OwnerInfo Here(WriterId writer) =>
        new(Environment.MachineName, Environment.ProcessId, Processes.Started(Environment.ProcessId) ?? "", writer);
}

/// <summary>An owned name.</summary>
/// <param name="Name">The name, as the claimer writes it.</param>
/// <param name="Epoch">1 for the first owner; one more with each take-over.</param>
public sealed record Owned(string Name, long Epoch);

/// <summary>The recorded owner of a name.</summary>
/// <param name="Heartbeat">Time of its last heartbeat.</param>
public sealed record Owner(string Name, long Epoch, OwnerInfo Info, DateTimeOffset Heartbeat);

/// <summary>The holder of a name. A killed process remains its holder until the next claim.</summary>
/// <param name="IsAlive">
/// False if the process has ended (on this host), or its heartbeat is too old (on another host).
/// </param>
public sealed record Holder(Owner Owner, bool IsAlive)
{
    /// <summary>Age of its heartbeat, by the clock that set it; negative if the heartbeat is in the future.</summary>
    public TimeSpan Silence { get; init; }

    /// <summary>Whether the clock was set back, so that nobody knows how old the heartbeat is.</summary>
    public bool IsAgeUnknown => Silence < TimeSpan.Zero;
}

/// <summary>Another process owns a name. The message names its host and process.</summary>
public sealed class AlreadyOwnedException(Owner holder, bool isAgeUnknown = false)
    : Exception(
        $"{holder.Name} is owned by process {holder.Info.ProcessId} on {holder.Info.Host} (heartbeat "
            + $"{holder.Heartbeat:yyyy-MM-dd HH:mm:ss} UTC{(isAgeUnknown ? ", which is in the future" : "")}): stop that process, or "
            + $"{(isAgeUnknown ? "if it is dead, free its names with `aime doctor --take-over`." : "wait for it to end.")}"
    )
{
    /// <summary>The owner.</summary>
    public Owner Holder { get; } = holder;
}
