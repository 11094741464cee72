using System.Buffers.Binary;
using System.Text.Json;

namespace AiMe.Models.OpenAi;

/// <summary>Reads an answer with embeddings.</summary>
internal static class OpenAiVectors
{
    /// <summary>One finite vector with a direction for each text, in the order of the texts, and the usage.</summary>
    /// <exception cref="FormatException">The answer is something else.</exception>
    public static (float[][] Vectors, TokenUse? Used) Read(ReadOnlyMemory<byte> json, int texts)
    {
        using var document = OpenAiJson.Parse(json);
        return (Read(document.RootElement, texts), UseOf(document.RootElement));
    }

    // By index and not by position: the API does not guarantee an order.
    private static float[][] Read(JsonElement answer, int wanted)
    {
        OpenAiJson.MustBe(answer, JsonValueKind.Object, "the answer");
        if (OpenAiError.In(answer) is { } error)
            throw new FormatException($"it is an error: {error.Words}");
        var data = OpenAiJson.Need(answer, "data", JsonValueKind.Array, "data");
        if (data.GetArrayLength() != wanted)
            throw new FormatException($"there are {data.GetArrayLength()} for {wanted} {(wanted == 1 ? "text" : "texts")}");
        var vectors = new float[wanted][];
        foreach (var (item, i) in data.EnumerateArray().Select((item, i) => (item, i)))
        {
            OpenAiJson.MustBe(item, JsonValueKind.Object, $"data[{i}]");
            var at = IndexOf(item, i);
            if (at < 0 || at >= wanted || vectors[at] is not null)
                throw new FormatException($"data[{i}] has the index {at}, which is a duplicate or not one of {wanted}");
            vectors[at] = Vector(
                OpenAiJson.Find(item, "embedding") ?? throw new FormatException($"data[{i}].embedding is missing"),
                $"data[{i}].embedding"
            );
        }

        return vectors;
    }

    // Without an index, the position counts. An index of another kind could be any text's.
    private static int IndexOf(JsonElement item, int position)
    {
        if (OpenAiJson.Find(item, "index") is not { } index)
            return position;
        return OpenAiJson.Count(item, "index") is { } at ? (int)at : throw new FormatException($"data[{position}].index is {index}");
    }

    private static TokenUse? UseOf(JsonElement answer) =>
        OpenAiJson.Find(answer, "usage") is { } usage && OpenAiJson.Count(usage, "prompt_tokens") is { } tokens
            ? new TokenUse(Embedded: tokens)
            : null;

    private static float[] Vector(JsonElement json, string path)
    {
        var vector = json.ValueKind == JsonValueKind.String ? Decoded(json, path) : Listed(json, path);
        if (Array.Exists(vector, x => !float.IsFinite(x)))
            throw new FormatException($"{path} has a component that is not a finite number");
        return vector.Length == 0 || Array.TrueForAll(vector, x => x == 0)
            ? throw new FormatException($"{path} has no direction: {(vector.Length == 0 ? "it is empty" : "all its components are 0")}")
            : vector;
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
