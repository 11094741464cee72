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
/// The only serializer of our messages: rows and snapshots as the other hosts write them, with their identifier and manifests, and commands between nodes. What it
/// does not know it refuses.
/// </summary>
public sealed class JournalSerializer(ExtendedActorSystem system, Catalogue events, CommandCatalogue commands) : SerializerWithStringManifest(system)
{
    private const string Command = "command:", State = ".state@", Take = "units:take", Taken = "units:taken";

    private readonly ImmutableHashSet<string> _manifests = [.. events.Readable];

    /// <summary>The types that it is bound to.</summary>
    public static ImmutableArray<Type> Types { get; } = [typeof(Row), typeof(StoredState), typeof(Told), typeof(TakeUnits), typeof(UnitsTaken)];

    /// <inheritdoc />
    public override int Identifier => Journal.Sqlite.SqliteJournal.SerializerId;

    /// <inheritdoc />
    public override string Manifest(object o) => o switch
    {
        Row row => row.Manifest,
        StoredState state => state.Manifest,
        Told told => Command + commands.NameOf(told.Command),
        TakeUnits => Take,
        UnitsTaken => Taken,
        _ => throw Refused(o?.GetType().Name ?? "null"),
    };

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) => obj switch
    {
        Row row => row.Message.ToArray(),
        StoredState state => state.State.ToArray(),
        Told told => [.. Encoding.UTF8.GetBytes($"{told.To.Instance}\n{told.To.Faculty}\n"), .. commands.Write(told.Command)],
        TakeUnits take => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{take.Wanted} {take.Rate.PerMinute} {take.Rate.Name}")),
        UnitsTaken taken => Encoding.UTF8.GetBytes(taken.Given.ToString(CultureInfo.InvariantCulture)),
        _ => throw Refused(obj?.GetType().Name ?? "null"),
    };

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (manifest.StartsWith(Command, StringComparison.Ordinal))
            return ToldOf(bytes, manifest[Command.Length..]);
        if (manifest == Take)
            return TakeOf(Encoding.UTF8.GetString(bytes));
        if (manifest == Taken)
            return new UnitsTaken(Number(Encoding.UTF8.GetString(bytes)));
        if (_manifests.Contains(manifest))
            return new Row(manifest, bytes, []);
        if (manifest.Contains(State, StringComparison.Ordinal))
            return new StoredState(manifest, bytes); // of another version: passed over by who reads it
        throw Refused($"the manifest '{manifest}'");
    }

    private Told ToldOf(byte[] bytes, string name)
    {
        var instance = bytes.AsSpan().IndexOf((byte)'\n');
        var faculty = instance < 0 ? -1 : bytes.AsSpan(instance + 1).IndexOf((byte)'\n');
        if (faculty < 0)
            throw Refused($"a command '{name}' without an address");
        var to = new Address(Encoding.UTF8.GetString(bytes.AsSpan(0, instance)), Encoding.UTF8.GetString(bytes.AsSpan(instance + 1, faculty)));
        try
        {
            return new Told(to, commands.Read(name, bytes.AsSpan(instance + faculty + 2)));
        }
        catch (JsonException e)
        {
            throw new System.Runtime.Serialization.SerializationException($"The command '{name}' for {to} cannot be read: {e.Message}. Do all nodes run the same build?", e);
        }
    }

    private static TakeUnits TakeOf(string text) => text.Split(' ', 3) is [var wanted, var perMinute, var name] ? new TakeUnits(new Rate(name, Number(perMinute)), Number(wanted)) : throw Refused($"'{text}' as units to take");

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Refused($"'{text}' as a number");

    private static System.Runtime.Serialization.SerializationException Refused(string what) =>
        new($"AiMe's serializer does not know {what}. Nothing of another kind is stored or sent; do all nodes run the same build?");
}
