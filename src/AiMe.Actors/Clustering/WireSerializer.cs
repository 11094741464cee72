using System.Globalization;
using System.Runtime.Serialization;
using System.Text;
using System.Text.Json;
using AiMe.EventSourcing;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Serialization;

namespace AiMe.Actors.Clustering;

/// <summary>Passes the codecs of the messages between nodes to the serializer.</summary>
internal sealed class WireSetup(Wire wire) : Setup
{
    public Wire Wire => wire;
}

/// <summary>Serializes the messages between nodes: header lines, then JSON. Other types are refused.</summary>
/// <remarks>
/// Every manifest carries the version of the format. Nodes of two builds work together if both write the same version.
/// A test compares the format with a golden file, so that it cannot change unnoticed.
/// </remarks>
public sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>
    /// Version of the format. A node refuses messages of another version, and leaves a cluster whose older nodes write
    /// one.
    /// </summary>
    public const int Version = 9;

    /// <summary>The cluster role that names the version which a node writes.</summary>
    public static readonly string Role = string.Create(CultureInfo.InvariantCulture, $"wire-{Version}");

    private const string Command = "command",
        Work = "work",
        Done = "work-done",
        Failed = "work-failed",
        Deferred = "work-deferred",
        Declined = "work-declined",
        Take = "units-take",
        Taken = "units-taken";

    private static readonly string s_version = string.Create(CultureInfo.InvariantCulture, $"@{Version}");

    private readonly Wire _wire = system.Settings.Setup.Get<WireSetup>().Value.Wire;

    /// <summary>The types that can be serialized.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        typeof(CommandEnvelope),
        typeof(ModelWork),
        typeof(ModelWorkDone),
        typeof(ModelWorkFailed),
        typeof(ModelWorkDeferred),
        typeof(ModelWorkDeclined),
        typeof(TakeUnits),
        typeof(UnitsTaken),
    ];

    /// <inheritdoc />
    public override int Identifier => 174_202;

    /// <inheritdoc />
    public override string Manifest(object o) =>
        o switch
        {
            CommandEnvelope envelope => $"{Command}{s_version}:{_wire.Commands.NameOf(envelope.Command)}",
            ModelWork work => $"{Work}{s_version}:{_wire.Effects.NameOf(work.Effect)}",
            ModelWorkDone done => $"{Done}{s_version}:{_wire.Answers.NameOf(done.Command)}",
            ModelWorkFailed => Failed + s_version,
            ModelWorkDeferred => Deferred + s_version,
            ModelWorkDeclined => Declined + s_version,
            TakeUnits => Take + s_version,
            UnitsTaken => Taken + s_version,
            _ => throw Unknown(o?.GetType().Name ?? "null"),
        };

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) =>
        obj switch
        {
            CommandEnvelope envelope => [.. Lines(envelope.To.Instance, envelope.To.Faculty), .. _wire.Commands.Write(envelope.Command)],
            ModelWork work => [.. Lines(work.Id, work.Instance), .. _wire.Effects.Write(work.Effect)],
            ModelWorkDone done => [.. Lines(done.Id), .. _wire.Answers.Write(done.Command)],
            ModelWorkFailed failed => Lines(failed.Id, failed.Type, failed.Message),
            ModelWorkDeferred deferred => Lines(deferred.Id, deferred.Message),
            ModelWorkDeclined declined => Lines(declined.Id),
            TakeUnits take => Lines(take.Rate.Name, Text(take.Rate.PerMinute), Text(take.Wanted)),
            UnitsTaken taken => Lines(Text(taken.Given)),
            _ => throw Unknown(obj?.GetType().Name ?? "null"),
        };

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, string manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var at = manifest.IndexOf('@', StringComparison.Ordinal);
        var colon = manifest.IndexOf(':', StringComparison.Ordinal);
        if (at < 0 || manifest[at..(colon < 0 ? manifest.Length : colon)] != s_version)
            throw Unknown($"the manifest '{manifest}'; this node writes version {Version}");
        try
        {
            var (name, rest) = (colon < 0 ? "" : manifest[(colon + 1)..], new Reader(bytes));
            return manifest[..at] switch
            {
                Command => new CommandEnvelope(new FacultyAddress(rest.Line(), rest.Line()), _wire.Commands.Read(name, rest.Rest())),
                Work => new ModelWork(rest.Line(), rest.Line(), _wire.Effects.Read(name, rest.Rest())),
                Done => new ModelWorkDone(rest.Line(), _wire.Answers.Read(name, rest.Rest())),
                Failed => new ModelWorkFailed(rest.Line(), rest.Line(), rest.RestAsText()),
                Deferred => new ModelWorkDeferred(rest.Line(), rest.RestAsText()),
                Declined => new ModelWorkDeclined(rest.Line()),
                Take => TakeOf(rest),
                Taken => new UnitsTaken(rest.Number()),
                _ => throw Unknown($"the manifest '{manifest}'"),
            };
        }
        catch (JsonException e)
        {
            throw new SerializationException($"A message '{manifest}' from another node cannot be read: {e.Message}", e);
        }
    }

    private static TakeUnits TakeOf(Reader rest)
    {
        var rate = new Rate(rest.Line(), rest.Number());
        return new TakeUnits(rate, rest.Number());
    }

    private static byte[] Lines(params ReadOnlySpan<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
            text.Append(line).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static SerializationException Unknown(string what) =>
        new($"AiMe's serializer does not know {what}. No other kind of message is sent between nodes.");

    private sealed class Reader(byte[] bytes)
    {
        private int _at;

        public string Line()
        {
            var end = Array.IndexOf(bytes, (byte)'\n', _at);
            if (end < 0)
                throw new JsonException("a line is missing");
            var line = Encoding.UTF8.GetString(bytes.AsSpan(_at..end));
            _at = end + 1;
            return line;
        }

        public int Number() =>
            int.TryParse(Line(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new JsonException("a number is missing");

        public ReadOnlySpan<byte> Rest() => bytes.AsSpan(_at..);

        public string RestAsText() => Encoding.UTF8.GetString(Rest()).TrimEnd('\n');
    }
}
