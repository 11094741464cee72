using Qdrant.Client.Grpc;

namespace AiMe.VectorStores.Qdrant;

/// <summary>A memory as a point of Qdrant.</summary>
internal static class QdrantPayload
{
    /// <summary>What people and searches filter by, with the index that Qdrant keeps of it.</summary>
    public static IReadOnlyList<(string Name, PayloadSchemaType Type)> Indexed { get; } =
    [
        ("run", PayloadSchemaType.Keyword),
        ("instance", PayloadSchemaType.Keyword),
        ("variant", PayloadSchemaType.Keyword),
        ("kind", PayloadSchemaType.Keyword),
        ("topic", PayloadSchemaType.Keyword),
        ("verdict", PayloadSchemaType.Keyword),
        ("recallable", PayloadSchemaType.Bool),
        ("cycle", PayloadSchemaType.Integer),
        ("round", PayloadSchemaType.Integer),
        ("importance", PayloadSchemaType.Float),
        ("at", PayloadSchemaType.Datetime),
    ];

    /// <summary>The point: id, vector and payload.</summary>
    public static PointStruct PointOf(StoredMemory memory)
    {
        var fields = MemoryFields.Of(memory);
        return new PointStruct
        {
            Id = memory.Key,
            Vectors = VectorFloats.Of(memory.Vector),
            Payload =
            {
                ["run"] = fields.Run,
                ["instance"] = fields.Instance,
                ["memory"] = fields.Memory,
                ["variant"] = fields.Variant,
                ["kind"] = fields.Kind,
                ["text"] = fields.Text,
                ["cycle"] = fields.Cycle,
                ["round"] = fields.Round,
                ["topic"] = fields.Topic,
                ["verdict"] = fields.Verdict,
                ["importance"] = fields.Importance,
                ["at"] = fields.At,
                ["atUnix"] = fields.AtUnix,
                ["recallable"] = fields.Recallable,
                ["digest"] = fields.Digest,
            },
        };
    }

    /// <summary>The points of an instance.</summary>
    public static Filter FilterOf(InstanceKey instance) =>
        new() { Must = { Conditions.MatchKeyword("run", instance.Run), Conditions.MatchKeyword("instance", instance.Instance) } };

    /// <summary>The points of a run.</summary>
    public static Filter FilterOf(string run) => new() { Must = { Conditions.MatchKeyword("run", run) } };

    /// <summary>The points that AiMe wrote.</summary>
    public static Filter Own => new() { MustNot = { Conditions.IsEmpty("digest") } };

    /// <summary>Only these members of the payload are sent.</summary>
    public static WithPayloadSelector Selected(params ReadOnlySpan<string> names)
    {
        PayloadIncludeSelector include = new();
        foreach (var name in names)
            include.Fields.Add(name);
        return new WithPayloadSelector { Include = include };
    }
}
