using System.Globalization;
using System.Text;
using System.Text.Json;
using AiMe.Corpora;
using AiMe.Faculties.Curation;
using AiMe.Models;

namespace AiMe.Effects.Judges;

/// <summary>Reads a judge's reply, strictly: what is not certainly a rating is none.</summary>
internal static class JudgeReply
{
    /// <summary>Greatest length of a journalled text, in characters.</summary>
    public const int LongestText = 2000;

    private const string Fence = "```";

    /// <summary>The rating in a reply; or, with the reason, that it is none.</summary>
    /// <param name="cut">Whether the reply reached its limit of tokens.</param>
    public static JudgeAnswer Read(string reply, Rubric rubric, bool cut)
    {
        try
        {
            return Rating(reply, rubric);
        }
        catch (FormatException e)
        {
            return new JudgeAnswer.Unparsable(Cut(reply), cut ? $"{e.Message}, and it was cut off at its limit of tokens" : e.Message);
        }
    }

    /// <summary>A text within the limit.</summary>
    public static string Cut(string text) => TextCut.Beginning(text, LongestText);

    private static JudgeAnswer.Rating Rating(string reply, Rubric rubric)
    {
        using var json = Parse(Unfenced(reply));
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            throw new FormatException("it is not a JSON object");
        var members = json.RootElement.EnumerateObject().ToList();
        string[] names = [.. members.Select(m => m.Name).Order(StringComparer.Ordinal)];
        if (!names.SequenceEqual(["explanation", "label", "score"]))
            throw new FormatException($"its members are {(names.Length == 0 ? "none" : string.Join(", ", names))}");
        var score = json.RootElement.GetProperty("score");
        if (score.ValueKind != JsonValueKind.Number || !score.TryGetDouble(out var number))
            throw new FormatException("its score is not a number");
        var text = Text(json.RootElement, "label").Trim();
        var explanation = Text(json.RootElement, "explanation").Trim();
        var point = rubric.Scale.FirstOrDefault(p => p.Score == number)
            ?? throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"its score {number} is not on the scale"));
        return string.Equals(text, point.Label, StringComparison.OrdinalIgnoreCase)
            ? new JudgeAnswer.Rating(point.Score, point.Label, Cut(explanation))
            : throw new FormatException($"its score {point.Score} is '{point.Label}', and its label is '{text}'");
    }

    private static string Text(JsonElement form, string name) =>
        form.GetProperty(name) is { ValueKind: JsonValueKind.String } text
            ? text.GetString()!
            : throw new FormatException($"its {name} is not a text");

    private static JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(JsonText.Clean(Encoding.UTF8.GetBytes(text)));
        }
        catch (JsonException e)
        {
            throw new FormatException("it is not JSON", e);
        }
    }

    // Many models put their JSON between marks of code, which say nothing else.
    private static string Unfenced(string reply)
    {
        var text = reply.Trim();
        if (!text.StartsWith(Fence, StringComparison.Ordinal) || !text.EndsWith(Fence, StringComparison.Ordinal))
            return text;
        var first = text.IndexOf('\n', StringComparison.Ordinal);
        return first < 0 || text.Length < first + Fence.Length ? text : text[first..^Fence.Length].Trim();
    }
}
