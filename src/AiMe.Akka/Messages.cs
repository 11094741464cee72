using System.Collections.Immutable;
using Akka.Actor;
using AiMe.Kernel;
using Address = AiMe.Kernel.Address;

namespace AiMe.Akka;

/// <summary>A command for a faculty, wherever it lives. The one message of ours that goes from node to node.</summary>
public sealed record Told(Address To, Command Command);

/// <summary>A row of the journal, on its way in or out: its bytes are those that the other hosts write.</summary>
/// <param name="Tags">Of a row on its way in; a row that comes out has none.</param>
public sealed record Row(string Manifest, ReadOnlyMemory<byte> Message, ImmutableArray<string> Tags);

/// <summary>A snapshot, on its way in or out: its bytes are those that the other hosts write.</summary>
public sealed record StoredState(string Manifest, ReadOnlyMemory<byte> State);

/// <summary>From its life: a command is the faculty's to take.</summary>
/// <param name="EffectKey">Of the effect whose result it is, or null.</param>
internal sealed record Take(Command Command, string? EffectKey) : INoSerializationVerificationNeeded;

/// <summary>To its life: a faculty has been read back.</summary>
internal sealed record ReadBack(int Stream, long Index, Link Head) : INoSerializationVerificationNeeded;

/// <summary>From its life: all faculties have been read back; run what is owed.</summary>
internal sealed record Resume : INoSerializationVerificationNeeded
{
    public static readonly Resume Instance = new();
}

/// <summary>From its life: hand on again what is still owed to others since the last time, should it have been lost on the way.</summary>
internal sealed record Nudge : INoSerializationVerificationNeeded
{
    public static readonly Nudge Instance = new();
}

/// <summary>To its life: a command was taken, and so many effects were begun by it.</summary>
/// <param name="Taken">Commands that are in hand no longer.</param>
/// <param name="Progressed">Whether an event became durable.</param>
internal sealed record Settled(int Taken, int Begun, bool Progressed) : INoSerializationVerificationNeeded;

/// <summary>To its life: why a faculty is about to end.</summary>
/// <param name="OfStore">Whether the journal failed, not the faculty.</param>
internal sealed record Failed(Exception Failure, bool OfStore) : INoSerializationVerificationNeeded;

/// <summary>To a life, its faculties, or the supervisor: finish what is being written, and end.</summary>
internal sealed record End : INoSerializationVerificationNeeded
{
    public static readonly End Instance = new();
}
