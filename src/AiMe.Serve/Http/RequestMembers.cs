using System.Text.Json;

namespace AiMe.Serve.Http;

/// <summary>Reads the members of a JSON object, and refuses those that nothing has read.</summary>
/// <param name="path">Where the object stands in the request, with a dot at its end; empty for the request itself.</param>
internal sealed class RequestMembers(JsonElement root, string path = "")
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>A member, or null if it is absent or null.</summary>
    public JsonElement? Find(string name)
    {
        _read.Add(name);
        return root.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;
    }

    /// <summary>The full name of a member.</summary>
    public string At(string name) => path + name;

    /// <summary>A text, or null.</summary>
    public string? Text(string name) =>
        Find(name) is not { } found ? null
        : found.ValueKind == JsonValueKind.String ? found.GetString()
        : throw Wrong(name, "a string", found);

    /// <summary>A required text that is not empty.</summary>
    public string NeedText(string name) =>
        Text(name) is { Length: > 0 } text
            ? text
            : throw ApiException.Invalid(
                $"Missing required parameter: '{At(name)}': expected a string.",
                At(name),
                "missing_required_parameter"
            );

    /// <summary>True or false, or null.</summary>
    public bool? Flag(string name) =>
        Find(name) is not { } found ? null
        : found.ValueKind is JsonValueKind.True or JsonValueKind.False ? found.GetBoolean()
        : throw Wrong(name, "true or false", found);

    /// <summary>A whole number in a range, or null.</summary>
    public long? Whole(string name, long least, long most)
    {
        if (Find(name) is not { } found)
            return null;
        if (found.ValueKind != JsonValueKind.Number || !found.TryGetInt64(out var number))
            throw Wrong(name, "a whole number", found);
        return number >= least && number <= most ? number : throw OutOfRange(name, found, $"from {least} to {most}");
    }

    /// <summary>A number in a range as 32-bit float, as Microsoft.Extensions.AI has it, or null.</summary>
    public double? Real(string name, double least, double most, bool aboveLeast = false)
    {
        if (Find(name) is not { } found)
            return null;
        if (found.ValueKind != JsonValueKind.Number)
            throw Wrong(name, "a number", found);
        var number = found.GetSingle();
        return number <= most && (aboveLeast ? number > least : number >= least)
            ? number
            : throw OutOfRange(name, found, $"{(aboveLeast ? "above" : "from")} {least} to {most}");
    }

    /// <summary>An object, or null.</summary>
    public RequestMembers? Inner(string name) =>
        Find(name) is not { } found ? null
        : found.ValueKind == JsonValueKind.Object ? new RequestMembers(found, $"{At(name)}.")
        : throw Wrong(name, "an object", found);

    /// <summary>Reads members that change nothing here.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            _read.Add(name);
    }

    /// <summary>Refuses a member unless it has a value that changes nothing.</summary>
    public void Unless(string name, Func<JsonElement, bool> changesNothing, string why)
    {
        if (Find(name) is { } found && !changesNothing(found))
            throw ApiException.Unsupported(At(name), why);
    }

    /// <summary>Refuses members that nothing has read.</summary>
    public void End()
    {
        foreach (var member in root.EnumerateObject())
        {
            if (!_read.Contains(member.Name))
                throw ApiException.Invalid($"Unknown parameter: '{At(member.Name)}'.", At(member.Name), "unknown_parameter");
        }
    }

    /// <summary>A value of another type.</summary>
    public ApiException Wrong(string name, string expected, JsonElement found) =>
        ApiException.Invalid($"Invalid type for '{At(name)}': expected {expected}, found {Worded(found)}.", At(name), "invalid_type");

    private ApiException OutOfRange(string name, JsonElement found, string range) =>
        ApiException.Invalid($"Invalid value for '{At(name)}': expected {range}, found {found}.", At(name), "invalid_value");

    private static string Worded(JsonElement found) =>
        found.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            _ => "true or false",
        };
}
