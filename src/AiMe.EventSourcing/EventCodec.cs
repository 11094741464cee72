using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AiMe.EventSourcing;

/// <summary>The stable name of an event on disk: never a CLR type name.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ManifestAttribute(string name, int version = 1) : Attribute
{
    /// <summary>Faculty and fact, such as <c>curator.judged</c>.</summary>
    public string Name { get; } = name;

    /// <summary>1-based version of the payload's form.</summary>
    public int Version { get; } = version;

    /// <summary>As stored: <c>curator.judged@2</c>.</summary>
    public override string ToString() => $"{Name}@{Version}";
}

/// <summary>A change of form: how the payload of an old manifest becomes the payload of a newer one.</summary>
/// <param name="From">The old manifest, such as <c>curator.judged@1</c>.</param>
/// <param name="To">The manifest that it becomes.</param>
/// <param name="Rewrite">From the old JSON to the new JSON.</param>
public sealed record Upcast(string From, string To, Func<JsonElement, JsonElement> Rewrite);

/// <summary>Which events exist, and how each becomes bytes and comes back.</summary>
/// <remarks>
/// What JSON needs to know of a type is put together when the first of it is written or read: most commands meet few of
/// them, and all together take longer than a short command does.
/// </remarks>
public sealed class EventCodec
{
    private readonly Dictionary<string, Registration> _byManifest = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, Registration> _byType = [];
    private readonly Dictionary<string, Upcast> _upcasts = new(StringComparer.Ordinal);

    /// <param name="json">
    /// Source-generated JSON descriptions of every event type; one that is missing is found when the first event of it
    /// is written or read.
    /// </param>
    /// <param name="events">The event types; each carries a <see cref="ManifestAttribute"/>.</param>
    /// <param name="upcasts">Old forms.</param>
    /// <exception cref="ArgumentException">
    /// A type without a manifest, or two with the same; JSON options that would let an unknown or a missing member
    /// pass; an upcast of a current manifest, or one that does not lead to a current manifest.
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
                    + "parameters and nullable annotations: a lost value would pass unseen."
            );
        foreach (var type in events)
        {
            var manifest = type.GetCustomAttribute<ManifestAttribute>()?.ToString()
                ?? throw new ArgumentException($"The event type {type.Name} has no [Manifest].");
            var entry = new Registration(json, manifest, type);
            if (!_byManifest.TryAdd(manifest, entry))
                throw new ArgumentException($"Two event types bear the manifest {manifest}.");
            _byType.Add(type, entry);
        }

        foreach (var upcast in upcasts ?? [])
            _upcasts.Add(upcast.From, upcast);
        foreach (var upcast in _upcasts.Values)
            CheckLeadsToTheCurrent(upcast);
    }

    /// <summary>All manifests that can be written, in ordinal order.</summary>
    public IEnumerable<string> Manifests => _byManifest.Keys.Order(StringComparer.Ordinal);

    /// <summary>All manifests that can be read: those, and the old ones that are upcast.</summary>
    public IEnumerable<string> Readable => _byManifest.Keys.Concat(_upcasts.Keys).Order(StringComparer.Ordinal);

    /// <summary>All event types, in the order of their manifests.</summary>
    public IEnumerable<Type> Types => Manifests.Select(m => _byManifest[m].Type);

    /// <summary>The manifest of an event.</summary>
    /// <exception cref="ArgumentException">An event that is not in the catalogue.</exception>
    public string ManifestOf(Event happened) => EntryOf(happened).Manifest;

    /// <summary>The event as UTF-8 JSON.</summary>
    /// <exception cref="ArgumentException">An event that is not in the catalogue.</exception>
    public byte[] Write(Event happened) => JsonSerializer.SerializeToUtf8Bytes(happened, EntryOf(happened).Json);

    /// <summary>The event that a row holds, upcast where its manifest is an old one.</summary>
    /// <exception cref="CorruptEventException">An unknown manifest, an unknown or a missing member.</exception>
    public Event Read(string manifest, ReadOnlySpan<byte> data)
    {
        try
        {
            if (_byManifest.TryGetValue(manifest, out var entry))
                return Present(JsonSerializer.Deserialize(data, entry.Json));
            if (!_upcasts.ContainsKey(manifest))
                throw new CorruptEventException($"unknown manifest '{manifest}'; this build knows {string.Join(", ", Manifests)}");
            using var document = JsonDocument.Parse(data.ToArray());
            var element = document.RootElement;
            while (_upcasts.TryGetValue(manifest, out var upcast))
                (manifest, element) = (upcast.To, upcast.Rewrite(element));
            return Present(element.Deserialize(_byManifest[manifest].Json));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // The last three are what an upcast meets in a payload that never had the old form.
            throw new CorruptEventException($"the payload of {manifest} cannot be read: {e.Message}", e);
        }
    }

    private static Event Present(object? read) => (Event?)read ?? throw new JsonException("it is null");

    private void CheckLeadsToTheCurrent(Upcast upcast)
    {
        if (_byManifest.ContainsKey(upcast.From))
            throw new ArgumentException($"The upcast from {upcast.From} would never run: that manifest is the current one.");
        var to = upcast.To;
        for (var steps = 0; steps < _upcasts.Count && _upcasts.TryGetValue(to, out var next); steps++)
            to = next.To;
        if (!_byManifest.ContainsKey(to))
            throw new ArgumentException($"The upcast from {upcast.From} leads to {to}, which is no current manifest.");
    }

    private Registration EntryOf(Event happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return _byType.TryGetValue(happened.GetType(), out var entry)
            ? entry
            : throw new ArgumentException($"The event {happened.GetType().Name} is not in the catalogue.");
    }

    // One event type. What JSON needs to know of it is the same whoever asks first.
    private sealed class Registration(JsonSerializerContext context, string manifest, Type type)
    {
        private volatile JsonTypeInfo? _json;

        public string Manifest => manifest;

        public Type Type => type;

        public JsonTypeInfo Json => _json ??= context.Options.GetTypeInfo(type);
    }
}

/// <summary>
/// A stored event cannot be read. The message names what was found and what was expected; the journal adds the row.
/// </summary>
public sealed class CorruptEventException(string message, Exception? inner = null) : Exception(message, inner);
