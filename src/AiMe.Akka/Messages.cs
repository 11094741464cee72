using Akka.Actor;
using AiMe.Kernel;
using Address = AiMe.Kernel.Address;

namespace AiMe.Akka;

/// <summary>A command for a faculty, wherever it lives.</summary>
public sealed record Told(Address To, Command Command);

/// <summary>To a node that does model work for others: run this for a life of another node.</summary>
/// <param name="Id">Names instance and effect to the byte: two of one id are one piece of work.</param>
public sealed record Asked(string Id, string Instance, Effect Effect);

/// <summary>To the node that was asked: there is no answer yet; it may be lost, or the question. Models think for longer than one waits before asking again, so this does not say the question anew.</summary>
/// <param name="Id">Of what was asked.</param>
public sealed record AskedAgain(string Id);

/// <summary>To who asks again: what is the question? Neither is it in hand here, nor was it answered lately.</summary>
/// <param name="Id">Of what was asked.</param>
public sealed record Unknown(string Id);

/// <summary>What came of an effect on another node.</summary>
/// <param name="Id">Of what was asked.</param>
public sealed record Answered(string Id, Command Command);

/// <summary>An effect failed on another node: a bug.</summary>
/// <param name="Id">Of what was asked.</param>
/// <param name="Type">Name of the exception's type.</param>
/// <param name="Message">The exception's.</param>
public sealed record FailedThere(string Id, string Type, string Message);

/// <summary>An effect is not run on another node now, and stays owed.</summary>
/// <param name="Id">Of what was asked.</param>
/// <param name="Message">Why.</param>
public sealed record LeftThere(string Id, string Message);

/// <summary>A node that is to end takes nothing new: another is to be asked.</summary>
/// <param name="Id">Of what was asked.</param>
/// <param name="Node">The name of the node, as <see cref="Lookout"/> gives it.</param>
public sealed record Declined(string Id, string Node);

/// <summary>To the keeper of the rates, from any node: wait for a turn, and take so many units or fewer.</summary>
public sealed record TakeUnits(Rate Rate, int Wanted);

/// <summary>From the keeper of the rates: so many are taken; none where the turn did not come in time, and the question is to be asked again.</summary>
public sealed record UnitsTaken(int Given);

/// <summary>To the asker: a node that does model work can be asked.</summary>
internal sealed record NodeThere(string Node, ICanTell Worker) : INoSerializationVerificationNeeded;

/// <summary>To the asker: a node can be asked no longer. What it was asked is to be asked of another.</summary>
internal sealed record NodeGone(string Node) : INoSerializationVerificationNeeded;

/// <summary>A row of the journal, on its way in or out: its bytes are those that the other hosts write.</summary>
public sealed record Row(string Manifest, ReadOnlyMemory<byte> Message);

/// <summary>A snapshot, on its way in or out: its bytes are those that the other hosts write.</summary>
public sealed record StoredState(string Manifest, ReadOnlyMemory<byte> State);

/// <summary>From its life: a command is the faculty's to take.</summary>
/// <param name="EffectKey">Of the effect whose result it is, or null.</param>
internal sealed record Take(Command Command, string? EffectKey) : INoSerializationVerificationNeeded;

/// <summary>To its life: a faculty has been read back.</summary>
internal sealed record ReadBack : INoSerializationVerificationNeeded
{
    public static readonly ReadBack Instance = new();
}

/// <summary>From its life: all faculties have been read back; run what is owed.</summary>
internal sealed record Resume : INoSerializationVerificationNeeded
{
    public static readonly Resume Instance = new();
}

/// <summary>From its life: hand on again what is still owed to others since the last time, should it have been lost on the way.</summary>
/// <param name="All">Whether to wait for nothing: a node has come or gone.</param>
internal sealed record Nudge(bool All) : INoSerializationVerificationNeeded;

/// <summary>To its life: a command was taken, and so many effects were begun by it.</summary>
/// <param name="Taken">Commands that are in hand no longer.</param>
/// <param name="Progressed">Whether an event became durable.</param>
internal sealed record Settled(int Taken, int Begun, bool Progressed) : INoSerializationVerificationNeeded;

/// <summary>To its life: why a faculty is about to end.</summary>
internal sealed record Failed(Exception Failure, Failing What) : INoSerializationVerificationNeeded;

/// <summary>What failed, and so what becomes of the life.</summary>
internal enum Failing
{
    /// <summary>The faculty or an effect of it: a bug. Restarted, and parked after too many.</summary>
    Life,

    /// <summary>What is written of it. Parked at once: it will not read better a second time.</summary>
    Record,

    /// <summary>The newest snapshot cannot be used: read from the first event.</summary>
    Snapshot,

    /// <summary>The journal's database. Tried again, and the node ends after too many.</summary>
    Journal,

    /// <summary>What all lives need. The node ends.</summary>
    Host,
}

/// <summary>To a life, its faculties, or the supervisor: finish what is being written, and end.</summary>
internal sealed record End : INoSerializationVerificationNeeded
{
    public static readonly End Instance = new();
}
