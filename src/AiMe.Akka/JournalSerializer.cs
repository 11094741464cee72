using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;
using AiMe.Kernel;
using Address = AiMe.Kernel.Address;

namespace AiMe.Akka;

/// <summary>
/// The only serializer of our messages: rows and snapshots as the other hosts write them, with their identifier and manifests; and what goes between nodes, as a line for each name and then
/// JSON. What it does not know it refuses.
/// </summary>
public sealed class JournalSerializer(ExtendedActorSystem system, Catalogue events, Wire wire) : SerializerWithStringManifest(system)
{
    private const string Command = "command:", Effect = "effect:", Result = "result:", Again = "again", NotKnown = "unknown", Failure = "failure", Refusal = "declined", State = ".state@", Take = "units:take", Taken = "units:taken", Left = "left";

    private readonly ImmutableHashSet<string> _manifests = [.. events.Readable];

    /// <summary>The types that it is bound to.</summary>
    public static ImmutableArray<Type> Types { get; } = [typeof(Row), typeof(StoredState), typeof(Told), typeof(Asked), typeof(AskedAgain), typeof(Unknown), typeof(Answered), typeof(FailedThere), typeof(Declined), typeof(LeftThere), typeof(TakeUnits), typeof(UnitsTaken)];

    /// <inheritdoc />
    public override int Identifier => Journal.Sqlite.SqliteJournal.SerializerId;

    /// <inheritdoc />
    public override string Manifest(object o) => o switch
    {
        Row row => row.Manifest,
        StoredState state => state.Manifest,
        Told told => Command + wire.Commands.NameOf(told.Command),
        Asked asked => Effect + wire.Effects.NameOf(asked.Effect),
        Answered answered => Result + wire.Answers.NameOf(answered.Command),
        AskedAgain => Again,
        Unknown => NotKnown,
        FailedThere => Failure,
        Declined => Refusal,
        LeftThere => Left,
        TakeUnits => Take,
        UnitsTaken => Taken,
        _ => throw Refused(o?.GetType().Name ?? "null"),
    };

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) => obj switch
    {
        Row row => row.Message.ToArray(),
        StoredState state => state.State.ToArray(),
        Told told => [.. Encoding.UTF8.GetBytes($"{told.To.Instance}\n{told.To.Faculty}\n"), .. wire.Commands.Write(told.Command)],
        Asked asked => [.. Encoding.UTF8.GetBytes($"{asked.Id}\n{asked.Instance}\n"), .. wire.Effects.Write(asked.Effect)],
        Answered answered => [.. Encoding.UTF8.GetBytes($"{answered.Id}\n"), .. wire.Answers.Write(answered.Command)],
        AskedAgain again => Encoding.UTF8.GetBytes(again.Id),
        Unknown unknown => Encoding.UTF8.GetBytes(unknown.Id),
        FailedThere failed => Encoding.UTF8.GetBytes($"{failed.Id}\n{failed.Type}\n{failed.Message}"),
        Declined declined => Encoding.UTF8.GetBytes($"{declined.Id}\n{declined.Node}"),
        LeftThere left => Encoding.UTF8.GetBytes($"{left.Id}\n{left.Message}"),
        TakeUnits take => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{take.Wanted} {take.Rate.PerMinute} {take.Rate.Name}")),
        UnitsTaken taken => Encoding.UTF8.GetBytes(taken.Given.ToString(CultureInfo.InvariantCulture)),
        _ => throw Refused(obj?.GetType().Name ?? "null"),
    };

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (_manifests.Contains(manifest))
            return new Row(manifest, bytes);
        try
        {
            if (After(manifest, Command) is { } command)
                return new Told(new Address(Line(bytes, 0), Line(bytes, 1)), wire.Commands.Read(command, Rest(bytes, 2)));
            if (After(manifest, Effect) is { } effect)
                return new Asked(Line(bytes, 0), Line(bytes, 1), wire.Effects.Read(effect, Rest(bytes, 2)));
            if (After(manifest, Result) is { } result)
                return new Answered(Line(bytes, 0), wire.Answers.Read(result, Rest(bytes, 1)));
            if (manifest == Again)
                return new AskedAgain(Encoding.UTF8.GetString(bytes));
            if (manifest == NotKnown)
                return new Unknown(Encoding.UTF8.GetString(bytes));
            if (manifest == Failure)
                return new FailedThere(Line(bytes, 0), Line(bytes, 1), Encoding.UTF8.GetString(Rest(bytes, 2)));
            if (manifest == Left)
                return new LeftThere(Line(bytes, 0), Encoding.UTF8.GetString(Rest(bytes, 1)));
            if (manifest == Take)
                return TakeOf(Encoding.UTF8.GetString(bytes));
            if (manifest == Taken)
                return new UnitsTaken(Number(Encoding.UTF8.GetString(bytes)));
            if (manifest == Refusal)
                return new Declined(Line(bytes, 0), Encoding.UTF8.GetString(Rest(bytes, 1)));
        }
        catch (JsonException e)
        {
            throw new System.Runtime.Serialization.SerializationException($"A '{manifest}' from another node cannot be read: {e.Message}. Do all nodes run the same build?", e);
        }

        if (manifest.Contains(State, StringComparison.Ordinal))
            return new StoredState(manifest, bytes); // of another version: passed over by who reads it
        throw Refused($"the manifest '{manifest}'");
    }

    private static string? After(string manifest, string prefix) => manifest.StartsWith(prefix, StringComparison.Ordinal) ? manifest[prefix.Length..] : null;

    private static string Line(byte[] bytes, int number)
    {
        var rest = Rest(bytes, number);
        var end = rest.IndexOf((byte)'\n');
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private static ReadOnlySpan<byte> Rest(byte[] bytes, int lines)
    {
        var rest = bytes.AsSpan();
        for (; lines > 0; lines--)
            rest = rest.IndexOf((byte)'\n') is >= 0 and var end ? rest[(end + 1)..] : throw new JsonException("a line is missing");
        return rest;
    }

    private static TakeUnits TakeOf(string text) => text.Split(' ', 3) is [var wanted, var perMinute, var name] ? new TakeUnits(new Rate(name, Number(perMinute)), Number(wanted)) : throw Refused($"'{text}' as units to take");

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Refused($"'{text}' as a number");

    private static System.Runtime.Serialization.SerializationException Refused(string what) =>
        new($"AiMe's serializer does not know {what}. Nothing of another kind is stored or sent; do all nodes run the same build?");
}
