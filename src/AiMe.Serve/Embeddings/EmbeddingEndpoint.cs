using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using AiMe.Serve.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Embeddings;

/// <summary><c>POST /v1/embeddings</c>.</summary>
/// <param name="embedders">By name.</param>
internal sealed class EmbeddingEndpoint(IReadOnlyDictionary<string, ServedEmbedder> embedders, WorkGate gate)
{
    private const int MostTexts = 2048;

    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context);
        var model = request.NeedText("model");
        if (!embedders.TryGetValue(model, out var embedder))
            throw ApiException.NotFound(
                $"The model '{model}' does not exist or gives no embeddings; expected one of {string.Join(", ", embedders.Keys)}.",
                "model",
                "model_not_found"
            );
        var texts = Texts(request);
        var dimensions = (int?)request.Whole("dimensions", 1, int.MaxValue);
        var isBase64 = request.Text("encoding_format") switch
        {
            null or "float" => false,
            "base64" => true,
            var other => throw ApiException.Invalid(
                $"Invalid value for 'encoding_format': found '{other}', expected float or base64.",
                "encoding_format",
                "invalid_value"
            ),
        };
        request.Ignore("user");
        request.End();
        using var turn = await gate.EnterAsync(context.RequestAborted);
        var vectors = await Task.Run(() => embedder.Generator.GenerateAsync(texts, null, context.RequestAborted), context.RequestAborted);
        var tokens = texts.Sum(embedder.Tokens);
        await JsonBody.WriteAsync(context, json =>
        {
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            for (var i = 0; i < vectors.Count; i++)
                Write(json, i, Shortened(vectors[i].Vector, dimensions), isBase64);
            json.WriteEndArray();
            json.WriteString("model", model);
            json.WriteStartObject("usage");
            json.WriteNumber("prompt_tokens", tokens);
            json.WriteNumber("total_tokens", tokens);
            json.WriteEndObject();
        });
    }

    private static ImmutableArray<string> Texts(RequestMembers request)
    {
        if (request.Find("input") is not { } input)
            throw ApiException.Invalid(
                "Missing required parameter: 'input': expected a text or an array of texts.",
                "input",
                "missing_required_parameter"
            );
        if (input.ValueKind == JsonValueKind.String)
            return [input.GetString()!];
        if (input.ValueKind != JsonValueKind.Array || input.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
            throw ApiException.Invalid(
                "Invalid type for 'input': expected a text or an array of texts; token ids are not supported.",
                "input",
                "invalid_type"
            );
        return input.GetArrayLength() is >= 1 and <= MostTexts
            ? [.. input.EnumerateArray().Select(e => e.GetString()!)]
            : throw ApiException.Invalid($"Invalid value for 'input': expected 1 to {MostTexts} texts.", "input", "invalid_value");
    }

    // The first components, at unit length again, as OpenAI does it.
    private static float[] Shortened(ReadOnlyMemory<float> vector, int? dimensions)
    {
        if (dimensions is not { } n || n == vector.Length)
            return vector.ToArray();
        if (n > vector.Length)
            throw ApiException.Invalid(
                $"Invalid value for 'dimensions': expected at most {vector.Length}, found {n}.",
                "dimensions",
                "invalid_value"
            );
        var kept = vector.Span[..n];
        var square = 0.0;
        foreach (var x in kept)
            square += (double)x * x;
        var (length, result) = (Math.Sqrt(square), kept.ToArray());
        for (var i = 0; i < n && length > 0; i++)
            result[i] = (float)(result[i] / length);
        return result;
    }

    private static void Write(Utf8JsonWriter json, int index, float[] vector, bool isBase64)
    {
        json.WriteStartObject();
        json.WriteString("object", "embedding");
        json.WriteNumber("index", index);
        if (isBase64)
        {
            json.WriteBase64String("embedding", MemoryMarshal.AsBytes<float>(vector)); // little-endian on every platform of .NET
        }
        else
        {
            json.WriteStartArray("embedding");
            foreach (var x in vector)
                json.WriteNumberValue(x);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}

/// <summary>An embedder that is served.</summary>
/// <param name="Tokens">Number of tokens of a text, for usage.</param>
public sealed record ServedEmbedder(IEmbeddingGenerator<string, Embedding<float>> Generator, Func<string, int> Tokens);
