using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AiMe.EventSourcing;

/// <summary>What goes from node to node. All else stays where its life is.</summary>
/// <param name="Commands">Between a supervisor and its instances.</param>
/// <param name="Effects">What a node may ask of another for a life of its own.</param>
/// <param name="Answers">The commands that answer such an effect.</param>
public sealed record Wire(MessageCodec<Command> Commands, MessageCodec<Effect> Effects, MessageCodec<Command> Answers);

/// <summary>
/// Which commands or effects go from node to node, and how each becomes bytes and comes back. None of them is ever
/// stored so.
/// </summary>
/// <typeparam name="T">What they have in common.</typeparam>
public sealed class MessageCodec<T>
    where T : class
{
    private static readonly string s_kind = typeof(T).Name.ToLowerInvariant();

    private readonly Dictionary<string, JsonTypeInfo> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, JsonTypeInfo> _byType = [];

    /// <param name="known">Source-generated JSON descriptions.</param>
    /// <exception cref="ArgumentException">Two of one name.</exception>
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

    /// <summary>The JSON form of a type that can be sent. A test compares it with a golden file.</summary>
    public JsonTypeInfo FormOf(Type type) => _byType[type];

    /// <summary>Whether it can be sent.</summary>
    public bool Has(T message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _byType.ContainsKey(message.GetType());
    }

    /// <summary>Its name on the wire.</summary>
    /// <exception cref="ArgumentException">It stays within its instance.</exception>
    public string NameOf(T message) => Find(message).Type.Name;

    /// <summary>It as UTF-8 JSON.</summary>
    /// <exception cref="ArgumentException">It stays within its instance.</exception>
    public byte[] Write(T message) => JsonSerializer.SerializeToUtf8Bytes(message, Find(message));

    /// <summary>What bytes hold.</summary>
    /// <exception cref="JsonException">An unknown name, an unknown or a missing member.</exception>
    public T Read(string name, ReadOnlySpan<byte> json) =>
        (T?)
            JsonSerializer.Deserialize(
                json,
                _byName.GetValueOrDefault(name) ?? throw new JsonException($"no {s_kind} '{name}' is sent between nodes")
            )
        ?? throw new JsonException("it is null");

    private JsonTypeInfo Find(T message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _byType.GetValueOrDefault(message.GetType())
            ?? throw new ArgumentException(
                $"The {s_kind} {message.GetType().Name} stays within its instance: it is not sent between nodes."
            );
    }
}
