using System.Text.Json.Nodes;

namespace AiMe.VectorStores.Tests.Stubs;

/// <summary>What a stub keeps: a vector, and fields that searches filter by.</summary>
internal sealed record StubPoint(string Id, float[] Vector, JsonObject Fields)
{
    /// <summary>0 if either is all zeros, as stores have it that scale vectors to length 1 and leave zeros alone.</summary>
    public double CosineTo(float[] query)
    {
        var (dot, own, its) = (0d, 0d, 0d);
        for (var i = 0; i < query.Length; i++)
            (dot, own, its) = (dot + Vector[i] * query[i], own + Vector[i] * Vector[i], its + query[i] * query[i]);
        return own == 0 || its == 0 ? 0 : dot / Math.Sqrt(own * its);
    }
}
