using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AiMe.EventSourcing;

/// <summary>The stable name of an event on disk; never the name of a CLR type.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ManifestAttribute(string name, int version = 1) : Attribute
{
    /// <summary>Faculty and event, such as <c>curator.judged</c>.</summary>
    public string Name { get; } = name;

    /// <summary>1-based version of the payload's format.</summary>
    public int Version { get; } = version;

    /// <summary>The stored form, such as <c>curator.judged@2</c>.</summary>
    public override string ToString() => $"{Name}@{Version}";
}

/// <summary>A change of format: converts the payload of an old manifest to that of a newer one.</summary>
/// <param name="From">The old manifest, such as <c>curator.judged@1</c>.</param>
/// <param name="To">The newer manifest.</param>
/// <param name="Rewrite">Converts the old JSON to the new JSON.</param>
public sealed record Upcast(string From, string To, Func<JsonElement, JsonElement> Rewrite);

/// <summary>Catalogue of the event types, and their conversion to and from bytes.</summary>
/// <remarks>
/// The JSON metadata of a type is created when its first event is written or read. Most commands meet few types, and
/// the metadata of all types takes longer to create than a short command takes to run.
/// </remarks>
public sealed class EventCodec
{
    private readonly Dictionary<string, Registration> _byManifest = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, Registration> _byType = [];
    private readonly Dictionary<string, Upcast> _upcasts = new(StringComparer.Ordinal);

    /// <param name="json">
    /// Source-generated JSON metadata of every event type; a missing type is detected when its first event is written
    /// or read.
    /// </param>
    /// <param name="events">The event types; each carries a <see cref="ManifestAttribute"/>.</param>
    /// <param name="upcasts">Conversions of old formats.</param>
    /// <exception cref="ArgumentException">
    /// A type has no manifest, or two have the same; the JSON options accept unknown or missing members; an upcast
    /// starts at a current manifest, or does not lead to one.
    /// </exception>
    public EventCodec(JsonSerializerContext json, IEnumerable<Type> events, IEnumerable<Upcast>? upcasts = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(events);
        if (
            json.Options
            is not {
                UnmappedMemberHandling: JsonUnmappedMemberHandling.Disallow,
                RespectRequiredConstructorParameters: true,
                RespectNullableAnnotations: true
            }
        )
            throw new ArgumentException(
                $"The JSON options of {json.GetType().Name} must disallow unmapped members and respect required "
                    + "parameters and nullable annotations: otherwise a lost value would go unnoticed."
            );
        foreach (var type in events)
        {
            var manifest = type.GetCustomAttribute<ManifestAttribute>()?.ToString()
                ?? throw new ArgumentException($"The event type {type.Name} has no [Manifest].");
            var entry = new Registration(json, manifest, type);
            if (!_byManifest.TryAdd(manifest, entry))
                throw new ArgumentException($"Two event types have the manifest {manifest}.");
            _byType.Add(type, entry);
        }

        foreach (var upcast in upcasts ?? [])
            _upcasts.Add(upcast.From, upcast);
        foreach (var upcast in _upcasts.Values)
            CheckLeadsToCurrent(upcast);
    }

    /// <summary>All manifests that can be written, in ordinal order.</summary>
    public IEnumerable<string> Manifests => _byManifest.Keys.Order(StringComparer.Ordinal);

    /// <summary>All manifests that can be read, including the old ones that are upcast, in ordinal order.</summary>
    public IEnumerable<string> Readable => _byManifest.Keys.Concat(_upcasts.Keys).Order(StringComparer.Ordinal);

    /// <summary>All event types, in the order of their manifests.</summary>
    public IEnumerable<Type> Types => Manifests.Select(m => _byManifest[m].Type);

    /// <summary>The manifest of an event.</summary>
    /// <exception cref="ArgumentException">The event is not in the catalogue.</exception>
    public string ManifestOf(Event happened) => EntryOf(happened).Manifest;

    /// <summary>The event as UTF-8 JSON.</summary>
    /// <exception cref="ArgumentException">The event is not in the catalogue.</exception>
    public byte[] Write(Event happened) => JsonSerializer.SerializeToUtf8Bytes(happened, EntryOf(happened).Json);

    /// <summary>Reads the event of a row, and upcasts it if its manifest is an old one.</summary>
    /// <exception cref="CorruptEventException">The manifest is unknown, or a member is unknown or missing.</exception>
    public Event Read(string manifest, ReadOnlySpan<byte> data)
    {
        try
        {
            if (_byManifest.TryGetValue(manifest, out var entry))
                return NotNull(JsonSerializer.Deserialize(data, entry.Json));
            if (!_upcasts.ContainsKey(manifest))
                throw new CorruptEventException($"unknown manifest '{manifest}'; this build knows {string.Join(", ", Manifests)}");
            using var document = JsonDocument.Parse(data.ToArray());
            var element = document.RootElement;
            while (_upcasts.TryGetValue(manifest, out var upcast))
                (manifest, element) = (upcast.To, upcast.Rewrite(element));
            return NotNull(element.Deserialize(_byManifest[manifest].Json));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // An upcast throws the last three for a payload that does not have the old format.
            throw new CorruptEventException($"the payload of {manifest} cannot be read: {e.Message}", e);
        }
    }

    private static Event NotNull(object? read) => (Event?)read ?? throw new JsonException("found null, expected an event");

    private void CheckLeadsToCurrent(Upcast upcast)
    {
        if (_byManifest.ContainsKey(upcast.From))
            throw new ArgumentException($"The upcast from {upcast.From} would never run: that manifest is current.");
        var to = upcast.To;
        for (var steps = 0; steps < _upcasts.Count && _upcasts.TryGetValue(to, out var next); steps++)
            to = next.To;
        if (!_byManifest.ContainsKey(to))
            throw new ArgumentException($"The upcast from {upcast.From} leads to {to}, which is not a current manifest.");
    }

    private Registration EntryOf(Event happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return _byType.TryGetValue(happened.GetType(), out var entry)
            ? entry
            : throw new ArgumentException($"The event {happened.GetType().Name} is not in the catalogue.");
    }

    // One event type. Its JSON metadata is created on first use; a race is harmless, because both results are the same.
    private sealed class Registration(JsonSerializerContext context, string manifest, Type type)
    {
        private volatile JsonTypeInfo? _json;

        public string Manifest => manifest;

        public Type Type => type;

        public JsonTypeInfo Json => _json ??= context.Options.GetTypeInfo(type);
    }
}

/// <summary>
/// A stored event cannot be read. The message says what was found and expected; the journal adds the row.
/// </summary>
public sealed class CorruptEventException(string message, Exception? inner = null) : Exception(message, inner);
