namespace AiMe.Lab.Experiments.Yaml;

/// <summary>Reads the ids of a list and reports duplicates.</summary>
internal sealed class UniqueIds
{
    private readonly Dictionary<string, Place> _seen = new(StringComparer.Ordinal);

    public string Read(Section section)
    {
        var field = section.Need("id", "a unique name");
        var id = field?.Text("a unique name") ?? "";
        if (field is not null && id.Length > 0 && !_seen.TryAdd(id, field.At))
            field.Fail($"found '{id}' twice, expected a unique id; its first use is at {_seen[id]}");
        return id;
    }
}
