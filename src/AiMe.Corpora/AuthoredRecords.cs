using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiMe.Corpora;

/// <summary>Reads hand-written exchanges: one JSON object a line; empty lines are ignored.</summary>
internal static class AuthoredRecords
{
    /// <summary>Reads every line.</summary>
    /// <exception cref="GrammarException">
    /// A line is not such an object, lacks a member or has an unknown one.
    /// </exception>
    public static ImmutableArray<CorpusRecord> Parse(string file, string jsonl)
    {
        ImmutableArray<CorpusRecord>.Builder records = ImmutableArray.CreateBuilder<CorpusRecord>();
        int line = 0;
        foreach (string text in jsonl.Split('\n'))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
                continue;
            try
            {
                AuthoredLine a = JsonSerializer.Deserialize(text, AuthoredJson.Default.AuthoredLine)!;
                records.Add(
                    new CorpusRecord(
                        "authored",
                        a.Topic,
                        a.InCharacter,
                        a.SelfModel,
                        a.Recalled ?? [],
                        a.Stimulus,
                        a.Internal,
                        a.Answer,
                        a.Reflection,
                        a.Insight,
                        a.Check
                    )
                );
            }
            catch (JsonException e)
            {
                throw new GrammarException(file, line, e.Path ?? "$", $"not an authored exchange: {e.Message}");
            }
        }

        return records.ToImmutable();
    }
}

/// <summary>One line of an authored file. Topic, stimulus and answer are required; the rest may be left out.</summary>
internal sealed record AuthoredLine
{
    public required string Topic { get; init; }

    public bool InCharacter { get; init; } = true;

    public string? SelfModel { get; init; }

    public ImmutableArray<string>? Recalled { get; init; }

    public required string Stimulus { get; init; }

    public bool Internal { get; init; }

    public required string Answer { get; init; }

    public string? Reflection { get; init; }

    public string? Insight { get; init; }

    public string? Check { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(AuthoredLine))]
internal sealed partial class AuthoredJson : JsonSerializerContext;
