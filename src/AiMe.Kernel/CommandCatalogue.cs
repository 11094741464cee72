using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AiMe.Kernel;

/// <summary>Which commands go from node to node, and how each becomes bytes and comes back. Commands are never stored.</summary>
public sealed class CommandCatalogue
{
    private readonly Dictionary<string, JsonTypeInfo> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, JsonTypeInfo> _byType = [];

    /// <param name="commands">Source-generated JSON descriptions.</param>
    /// <exception cref="ArgumentException">Two of one name.</exception>
    public CommandCatalogue(IEnumerable<JsonTypeInfo> commands)
    {
        ArgumentNullException.ThrowIfNull(commands);
        foreach (var json in commands)
        {
            _byName.Add(json.Type.Name, json);
            _byType.Add(json.Type, json);
        }
    }

    /// <summary>The commands that can be sent.</summary>
    public IEnumerable<Type> Types => _byType.Keys;

    /// <summary>The name of a command on the wire.</summary>
    /// <exception cref="ArgumentException">A command that stays within its instance.</exception>
    public string NameOf(Command command) => Find(command).Type.Name;

    /// <summary>The command as UTF-8 JSON.</summary>
    /// <exception cref="ArgumentException">A command that stays within its instance.</exception>
    public byte[] Write(Command command) => JsonSerializer.SerializeToUtf8Bytes(command, Find(command));

    /// <summary>The command that bytes hold.</summary>
    /// <exception cref="JsonException">An unknown name, an unknown or a missing member.</exception>
    public Command Read(string name, ReadOnlySpan<byte> json) =>
        (Command?)JsonSerializer.Deserialize(json, _byName.GetValueOrDefault(name) ?? throw new JsonException($"no command '{name}' is sent between nodes"))
        ?? throw new JsonException("it is null");

    private JsonTypeInfo Find(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return _byType.GetValueOrDefault(command.GetType()) ?? throw new ArgumentException($"The command {command.GetType().Name} stays within its instance: it is not sent between nodes.");
    }
}
