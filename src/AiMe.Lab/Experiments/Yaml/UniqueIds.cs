namespace AiMe.Lab.Experiments.Yaml;

/// <summary>Reads the ids of a list and tells those that occur twice.</summary>
internal sealed class UniqueIds
{
    private readonly Dictionary<string, Place> _seen = new(StringComparer.Ordinal);

    public string Read(Section section)
    {
        var field = section.Need("id", "a name of its own");
        var id = field?.Text("a name of its own") ?? "";
        if (field is not null && id.Length > 0 && !_seen.TryAdd(id, field.At))
            field.Fail($"found '{id}' twice, expected an id of its own; it stands first at {_seen[id]}");
        return id;
    }
}
