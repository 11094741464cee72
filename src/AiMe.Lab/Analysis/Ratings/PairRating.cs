using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Analysis.Ratings;

/// <summary>What a rater said of a pair: one line of a ratings file. The last line of a pair counts.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Between">The two variants, by name; which answer is whose follows from run and rater.</param>
/// <param name="Pair">Id of the pair.</param>
/// <param name="Rater">A name of the rater's own choice.</param>
/// <param name="Form">Version of the form.</param>
/// <param name="Shown">See <see cref="AnswerPair.Shown"/>.</param>
/// <param name="Choices">The choice for every sign, by key; null if the pair was skipped or taken back.</param>
/// <param name="Skipped">Whether the rater passed the pair over.</param>
/// <param name="Undone">Whether the rater took the line before back.</param>
/// <param name="Note">A remark; null for none.</param>
public sealed record PairRating(
    string Run,
    ImmutableArray<string> Between,
    string Pair,
    string Rater,
    string Form,
    string Shown,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableSortedDictionary<string, SignChoice>? Choices = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Skipped = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Undone = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note = null
);

/// <summary>Reads and extends files of pair ratings: JSON Lines that are only ever appended to.</summary>
public static class PairRatingFile
{
    /// <summary>The lines of a file in their order; none if there is no such file.</summary>
    /// <exception cref="PairRatingException">A line is not a rating.</exception>
    public static ImmutableArray<PairRating> Read(string path)
    {
        if (!File.Exists(path))
            return [];
        var ratings = ImmutableArray.CreateBuilder<PairRating>();
        foreach (var (i, line) in File.ReadLines(path).Index().Where(l => !string.IsNullOrWhiteSpace(l.Item)))
            ratings.Add(Parse(path, i + 1, line));
        return ratings.ToImmutable();
    }

    /// <summary>Appends a line and waits until it is on disk; makes the folder if it is missing.</summary>
    public static void Append(string path, PairRating rating)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        using FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        file.Write(JsonSerializer.SerializeToUtf8Bytes(rating, ReadableRatings.Json.PairRating));
        file.WriteByte((byte)'\n');
        file.Flush(flushToDisk: true);
    }

    /// <summary>The lines of one pair of variants, in any order of the two.</summary>
    public static IEnumerable<PairRating> Between(IEnumerable<PairRating> lines, IReadOnlyCollection<string> variants) =>
        lines.Where(l => l.Between.Order(StringComparer.Ordinal).SequenceEqual(variants.Order(StringComparer.Ordinal)));

    /// <summary>What counts: the last line of each pair and rater, without pairs that were skipped or taken back.</summary>
    /// <param name="lines">Of one pair of variants.</param>
    public static IEnumerable<PairRating> Counting(IEnumerable<PairRating> lines) =>
        lines.GroupBy(l => (l.Rater, l.Pair)).Select(g => g.Last()).Where(l => l.Choices is not null);

    private static PairRating Parse(string path, int line, string text)
    {
        if (JsonFault.Find(text) is { } fault)
            throw new PairRatingException($"{path}:{line}:{fault.Column}: this line is no rating of a pair: {fault.What}");
        try
        {
            var rating = JsonSerializer.Deserialize(text, ReadableRatings.Json.PairRating) ?? throw new JsonException("it is null");
            if (rating.Choices is { } choices && !choices.Keys.Order(StringComparer.Ordinal).SequenceEqual(Keys))
                throw new JsonException($"its choices are {string.Join(", ", choices.Keys)}, expected {string.Join(", ", Keys)}");
            return rating.Form == SignForm.Version
                ? rating
                : throw new JsonException($"its form is '{rating.Form}', expected '{SignForm.Version}'");
        }
        catch (JsonException e)
        {
            throw new PairRatingException($"{path}:{line}: this line is no rating of a pair: {JsonFault.OfForm(e)}", e);
        }
    }

    private static IEnumerable<string> Keys => SignForm.Signs.Select(s => s.Key).Order(StringComparer.Ordinal);
}

/// <summary>A file of pair ratings cannot be used; the message names file and line.</summary>
public sealed class PairRatingException(string message, Exception? inner = null) : Exception(message, inner);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(PairRating))]
internal sealed partial class RatingsJson : JsonSerializerContext;

/// <summary>The same metadata with text that stays readable.</summary>
internal static class ReadableRatings
{
    public static RatingsJson Json { get; } =
        new(new JsonSerializerOptions(RatingsJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
