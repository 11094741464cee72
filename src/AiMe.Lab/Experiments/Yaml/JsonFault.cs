using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiMe.Lab.Experiments.Yaml;

/// <summary>Says in words, and with its place, why a text is not the expected JSON.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">In characters, from 1.</param>
/// <param name="What">Without a period at the end.</param>
internal sealed partial record JsonFault(int Line, int Column, string What)
{
    private const string Cut = "it ends inside a value, expected the rest of it: the file was cut off, or a bracket or quote is missing";

    /// <summary>The mistake in the form; null if the text is JSON.</summary>
    public static JsonFault? Find(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return null;
        }
        catch (JsonException e)
        {
            return Of(e, text);
        }
    }

    /// <summary>A mistake in the form that a reader found.</summary>
    /// <param name="text">All that was read.</param>
    public static JsonFault Of(JsonException e, string text)
    {
        var line = (int)(e.LineNumber ?? 0);
        var start = 0;
        for (var i = 0; i < line; i++)
            start = text.IndexOf('\n', start) + 1;
        var bytes = Encoding.UTF8.GetBytes(text[start..]);
        var column = Encoding.UTF8.GetCharCount(bytes.AsSpan(0, (int)Math.Min(bytes.Length, e.BytePositionInLine ?? 0)));
        return string.IsNullOrWhiteSpace(text[(start + column)..]) || Unclosed().IsMatch(e.Message)
            ? AtEnd(text.TrimEnd())
            : new JsonFault(line + 1, column + 1, WithoutPlace(e.Message));
    }

    private static JsonFault AtEnd(string text) => new(text.Count(c => c == '\n') + 1, text.Length - text.LastIndexOf('\n'), Cut);

    /// <summary>Why JSON is not of the expected form: what it lacks, has beyond it, or has with another type.</summary>
    public static string OfForm(JsonException e) =>
        Missing().Match(e.Message) is { Success: true } missing
            ? $"it has no {missing.Groups[1].Value.Replace("'", "", StringComparison.Ordinal)}"
        : Unknown().Match(e.Message) is { Success: true } unknown
            ? $"it has a member '{unknown.Groups[1].Value}', which the form does not have"
        : e.Path is { Length: > 1 } path ? $"{path[(path[1] == '.' ? 2 : 1)..]} is of another type than expected"
        : e.InnerException is null && !e.Message.Contains("converted", StringComparison.Ordinal) ? WithoutPlace(e.Message)
        : "it is of another type than expected";

    private static string WithoutPlace(string message) => message.Split(" LineNumber")[0].Split(" Path:")[0].TrimEnd('.');

    // The reader names the place where a text that is never closed begins.
    [GeneratedRegex("end of data|end of string, but|incomplete JSON|not closed")]
    private static partial Regex Unclosed();

    [GeneratedRegex("missing required properties including: (.+?)\\.?$")]
    private static partial Regex Missing();

    [GeneratedRegex("JSON property '(.+?)' could not be mapped")]
    private static partial Regex Unknown();
}
