using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi;

/// <summary>
/// A hosted embedder. The number of components of its vectors is constant for its lifetime; another number is a
/// failure.
/// </summary>
public sealed class OpenAiEmbedder(OpenAiServer server, string model) : IEmbeddingGenerator<string, Embedding<float>>
{
    private int _dimensions = server.Options.Dimensions ?? 0; // 0 until the first answer

    /// <summary>One embedding for each text, in their order; many texts are sent in several requests.</summary>
    /// <exception cref="ProviderException">
    /// The server failed, or returned something other than one finite vector of the usual length for each text.
    /// </exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var name = options?.ModelId ?? model;
        GeneratedEmbeddings<Embedding<float>> all = [];
        foreach (var texts in values.Chunk(server.Options.Batch))
        {
            using var metered = await server.MeterAsync(OpenAiMetered.Of(texts), cancellationToken);
            var answer = await server.EmbedAsync(
                name,
                OpenAiRequest.Embeddings(name, texts, options?.Dimensions ?? server.Options.Dimensions),
                metered,
                cancellationToken
            );
            try
            {
                using var document = OpenAiJson.Parse(answer.ToMemory());
                metered.Used(UseOf(document.RootElement));
                all.AddRange(Read(document.RootElement, texts.Length).Select(vector => new Embedding<float>(vector) { ModelId = name }));
            }
            catch (FormatException e)
            {
                throw server.Failure(name, $"its embeddings cannot be used: {e.Message}. Check model.embeddings and model.dimensions");
            }
        }

        return all;
    }

    object? IEmbeddingGenerator.GetService(Type serviceType, object? serviceKey) =>
        serviceKey is null && serviceType?.IsInstanceOfType(this) == true ? this : null;

    void IDisposable.Dispose()
    {
        // The owner disposes of the server.
    }

    // By index and not by position: the API does not guarantee an order.
    private float[][] Read(JsonElement answer, int wanted)
    {
        OpenAiJson.MustBe(answer, JsonValueKind.Object, "the answer");
        var data = OpenAiJson.Need(answer, "data", JsonValueKind.Array, "data");
        if (data.GetArrayLength() != wanted)
            throw new FormatException($"there are {data.GetArrayLength()} for {wanted} {(wanted == 1 ? "text" : "texts")}");
        var vectors = new float[wanted][];
        foreach (var (item, i) in data.EnumerateArray().Select((item, i) => (item, i)))
        {
            OpenAiJson.MustBe(item, JsonValueKind.Object, $"data[{i}]");
            var at = OpenAiJson.Count(item, "index") ?? i;
            if (at >= wanted || vectors[at] is not null)
                throw new FormatException($"data[{i}] has the index {at}, which is a duplicate or not one of {wanted}");
            vectors[at] = Vector(
                OpenAiJson.Find(item, "embedding") ?? throw new FormatException($"data[{i}].embedding is missing"),
                $"data[{i}].embedding"
            );
        }

        return vectors;
    }

    private static TokenUse? UseOf(JsonElement answer) =>
        OpenAiJson.Find(answer, "usage") is { } usage && OpenAiJson.Count(usage, "prompt_tokens") is { } tokens
            ? new TokenUse(Embedded: tokens)
            : null;

    private float[] Vector(JsonElement json, string path)
    {
        var vector = json.ValueKind == JsonValueKind.String ? Decoded(json, path) : Listed(json, path);
        if (Array.Exists(vector, x => !float.IsFinite(x)))
            throw new FormatException($"{path} has a component that is not a finite number");
        if (vector.Length == 0 || Array.TrueForAll(vector, x => x == 0))
            throw new FormatException($"{path} has no direction: {(vector.Length == 0 ? "it is empty" : "all its components are 0")}");
        var usual = Interlocked.CompareExchange(ref _dimensions, vector.Length, 0);
        if (usual != 0 && usual != vector.Length)
            throw new FormatException(
                $"{path} has {vector.Length} components, but {usual} were "
                    + (server.Options.Dimensions == usual ? "requested" : "returned before")
                    + "; all embeddings of a run must have the same length"
            );
        return vector;
    }

    // 32-bit floats, little-endian.
    private static float[] Decoded(JsonElement json, string path)
    {
        if (!json.TryGetBytesFromBase64(out var bytes) || bytes.Length % sizeof(float) != 0)
            throw new FormatException($"{path} is not base64 of 32-bit numbers");
        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return vector;
    }

    // A server that does not support encoding_format answers with a list.
    private static float[] Listed(JsonElement json, string path)
    {
        OpenAiJson.MustBe(json, JsonValueKind.Array, path);
        return
        [
            .. json.EnumerateArray()
                .Select(x => x.ValueKind == JsonValueKind.Number && x.TryGetSingle(out var number) ? number : float.NaN),
        ];
    }
}
