using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AiMe.EventSourcing;

/// <summary>Codecs of the messages between nodes. All other messages stay within their instance.</summary>
/// <param name="Commands">Commands between a supervisor and its instances.</param>
/// <param name="Effects">Effects that a node may request from another.</param>
/// <param name="Answers">Commands that answer such an effect.</param>
public sealed record Wire(MessageCodec<Command> Commands, MessageCodec<Effect> Effects, MessageCodec<Command> Answers);

/// <summary>
/// Catalogue of the commands or effects that nodes exchange, and their conversion to and from bytes. This form is never
/// stored.
/// </summary>
/// <typeparam name="T">Base type of the messages.</typeparam>
public sealed class MessageCodec<T>
    where T : class
{
    private static readonly string s_kind = typeof(T).Name.ToLowerInvariant();

    private readonly Dictionary<string, JsonTypeInfo> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, JsonTypeInfo> _byType = [];

    /// <param name="known">Source-generated JSON metadata of the types.</param>
    /// <exception cref="ArgumentException">Two types have the same name.</exception>
    public MessageCodec(IEnumerable<JsonTypeInfo> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        foreach (var json in known)
        {
            _byName.Add(json.Type.Name, json);
            _byType.Add(json.Type, json);
        }
    }

    /// <summary>The types that can be sent.</summary>
    public IEnumerable<Type> Types => _byType.Keys;

    /// <summary>The JSON metadata of a type that can be sent. A test compares it with a golden file.</summary>
    public JsonTypeInfo FormOf(Type type) => _byType[type];

    /// <summary>Whether a message can be sent.</summary>
    public bool Has(T message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _byType.ContainsKey(message.GetType());
    }

    /// <summary>The name of a message on the wire.</summary>
    /// <exception cref="ArgumentException">The message cannot be sent between nodes.</exception>
    public string NameOf(T message) => Find(message).Type.Name;

    /// <summary>The message as UTF-8 JSON.</summary>
    /// <exception cref="ArgumentException">The message cannot be sent between nodes.</exception>
    public byte[] Write(T message) => JsonSerializer.SerializeToUtf8Bytes(message, Find(message));

    /// <summary>Reads a message from UTF-8 JSON.</summary>
    /// <exception cref="JsonException">The name is unknown, or a member is unknown or missing.</exception>
    public T Read(string name, ReadOnlySpan<byte> json) =>
        (T?)
            JsonSerializer.Deserialize(
                json,
                _byName.GetValueOrDefault(name) ?? throw new JsonException($"the {s_kind} '{name}' is unknown between nodes")
            )
        ?? throw new JsonException("found null, expected a message");

    private JsonTypeInfo Find(T message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _byType.GetValueOrDefault(message.GetType())
            ?? throw new ArgumentException(
                $"The {s_kind} {message.GetType().Name} cannot be sent between nodes: it stays within its instance."
            );
    }
}
