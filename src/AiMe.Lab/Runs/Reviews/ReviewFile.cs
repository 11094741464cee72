using System.Collections.Immutable;
using System.Text.Json;
using AiMe.Faculties;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Reviews;

/// <summary>An answer in a file of ratings.</summary>
/// <param name="Line">From 1.</param>
public sealed record RatedLine(int Line, string Instance, MemoryId Experience, Verdict Verdict, string By, string? Note);

/// <summary>Reads answers from JSON Lines: <c>{"id": "aligned-1/e12", "value": "keep", "rater": "Ada", "note": "..."}</c>.</summary>
public static class ReviewFile
{
    private const string Form = """{"id": "aligned-1/e12", "value": "keep", "rater": "Ada"}, and "note" if there is one""";

    /// <summary>The answers, or every problem with its line.</summary>
    /// <param name="name">Of the file, for messages.</param>
    /// <param name="rater">The name of lines without one; null to require it.</param>
    public static (ImmutableArray<RatedLine> Lines, ImmutableArray<Problem> Problems) Read(
        string name,
        IEnumerable<string> lines,
        string? rater
    )
    {
        var (read, problems) = (ImmutableArray.CreateBuilder<RatedLine>(), new Problems());
        foreach (var (i, line) in lines.Index())
        {
            if (
                !string.IsNullOrWhiteSpace(line)
                && Line(i + 1, line, rater, text => problems.Fail(new Place(name, i + 1, 1), "", text)) is { } rated
            )
                read.Add(rated);
        }

        return (read.ToImmutable(), problems.All);
    }

    private static RatedLine? Line(int number, string line, string? rater, Action<string> fail)
    {
        Dictionary<string, string> members = new(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(line);
            foreach (var member in json.RootElement.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.Null)
                    continue;
                if (member.Name is not ("id" or "value" or "rater" or "note") || member.Value.ValueKind != JsonValueKind.String)
                {
                    fail($"found {member.Name}: {member.Value.GetRawText()}, expected texts of {Form}");
                    return null;
                }

                members[member.Name] = member.Value.GetString()!;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            fail($"found what is no JSON object, expected {Form}");
            return null;
        }

        var path = members.GetValueOrDefault("id", "").Split('/');
        Verdict? verdict = members.GetValueOrDefault("value") switch
        {
            "keep" => Verdict.Keep,
            "reject" => Verdict.Reject,
            _ => null,
        };
        var by = members.GetValueOrDefault("rater") ?? rater ?? "";
        if (path.Length is not (2 or 3) || path.Any(p => p.Length == 0))
            fail($"found id '{members.GetValueOrDefault("id")}', expected an instance and an experience, such as aligned-1/e12");
        else if (verdict is null)
            fail($"found value '{members.GetValueOrDefault("value")}', expected keep or reject");
        else if (ReviewDesk.FaultOf(by) is { } fault)
            fail($"{fault}, as rater of the line or with --as");
        else
            return new RatedLine(number, path[^2], new MemoryId(path[^1]), verdict.Value, by, members.GetValueOrDefault("note"));
        return null;
    }
}
