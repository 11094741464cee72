using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiMe.Models.OpenAi;

/// <summary>An error as a server words it: a response with its status, or an object in place of an answer.</summary>
/// <param name="Status">HTTP status; of an error in place of an answer, its code if that is a status, else 0.</param>
/// <param name="Words">The server's own words; empty if it says nothing, or sends a page.</param>
/// <param name="Code">Its code or type, such as <c>model_not_found</c>; empty if there is none.</param>
/// <param name="Parameter">The member of the request that it refuses; empty if it names none.</param>
internal sealed partial record OpenAiError(int Status, string Words, string Code = "", string Parameter = "")
{
    private const int MostParts = 5,
        Deepest = 6;

    private static readonly string[] Says = ["error", "errors", "message", "detail", "msg", "error_message", "error_msg", "title"];

    /// <summary>Whether it stands in an answer whose status is that of success.</summary>
    public bool InAnswer { get; init; }

    /// <summary>The new address if the server has moved; empty if it names none.</summary>
    public string Location { get; init; } = "";

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient =>
        !Code.Contains("quota", StringComparison.OrdinalIgnoreCase)
        && (Status is 408 or 429 or (>= 500 and not 501) || Status is 0 or 200 && Passing().IsMatch(Code));

    /// <summary>Whether the prompt does not fit the model.</summary>
    public bool IsTooLong => Status is not (401 or 403 or 429) && TooLong().IsMatch($"{Code} {Words}");

    /// <summary>Whether a content filter refused the request.</summary>
    public bool IsFiltered => Filtered().IsMatch($"{Code} {Words}");

    /// <summary>Reads the body of a failed response.</summary>
    public static OpenAiError Of(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = OpenAiJson.Parse(body);
            return Of(status, json.RootElement);
        }
        catch (FormatException)
        {
            var text = System.Text.Encoding.UTF8.GetString(JsonText.Clean(body).Span).Trim();
            return new(status, text.StartsWith('<') ? "" : text); // a page of a proxy: the status says as much
        }
    }

    /// <summary>The error that an answer is or contains; null if it contains none.</summary>
    public static OpenAiError? In(JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Array && answer.GetArrayLength() == 1)
            answer = answer[0];
        if (answer.ValueKind != JsonValueKind.Object)
            return null;
        var named = OpenAiJson.Find(answer, "error") ?? OpenAiJson.Find(answer, "errors");
        var has = OpenAiJson.Find(answer, "choices") is not null || OpenAiJson.Find(answer, "data") is not null;
        var isOne = named is { } error && !(has && IsEmpty(error));
        if (!isOne && OpenAiJson.Find(answer, "object") is { ValueKind: JsonValueKind.String } kind)
            isOne = kind.ValueEquals("error");
        if (!isOne && !has)
            isOne =
                OpenAiJson.Find(answer, "detail") is not null || OpenAiJson.Find(answer, "message") is { ValueKind: JsonValueKind.String };
        return isOne ? Of(0, answer) with { InAnswer = true } : null;
    }

    /// <summary>The same, of bytes that may be any answer; null also if they are not JSON.</summary>
    public static OpenAiError? In(ReadOnlyMemory<byte> answer)
    {
        if (answer.Span.IndexOf("\"error"u8) < 0)
            return null;
        try
        {
            using var json = OpenAiJson.Parse(answer);
            return In(json.RootElement);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool IsEmpty(JsonElement error) =>
        error.ValueKind switch
        {
            JsonValueKind.String => error.GetString()!.Length == 0,
            JsonValueKind.Object => !error.EnumerateObject().Any(),
            JsonValueKind.Array => error.GetArrayLength() == 0,
            JsonValueKind.False or JsonValueKind.Null => true,
            _ => false,
        };

    private static OpenAiError Of(int status, JsonElement root)
    {
        var (code, type, parameter) = ("", "", "");
        for (var (at, depth) = ((JsonElement?)root, 0); at is { } found && depth < Deepest; depth++)
        {
            if (found.ValueKind == JsonValueKind.Array)
            {
                at = found.GetArrayLength() > 0 ? found[0] : null;
                continue;
            }

            (code, type, parameter) = (First(code, found, "code"), First(type, found, "type"), First(parameter, found, "param"));
            if (parameter.Length == 0 && OpenAiJson.Find(found, "loc") is { ValueKind: JsonValueKind.Array } path)
                parameter = path.EnumerateArray().LastOrDefault(p => p.ValueKind == JsonValueKind.String)
                    is { ValueKind: JsonValueKind.String } last
                    ? last.GetString()!
                    : "";
            at = OpenAiJson.Find(found, "error")
                ?? OpenAiJson.Find(found, "errors")
                ?? (OpenAiJson.Find(found, "detail") is { ValueKind: JsonValueKind.Array or JsonValueKind.Object } detail ? detail : null);
        }

        var isStatus = int.TryParse(code, out var number) && number is >= 300 and < 600;
        return new(
            status == 0 && isStatus ? number : status,
            WordsOf(root, 0).Trim().TrimEnd('.', ' '),
            isStatus || code.Length == 0 ? type : code,
            parameter
        );
    }

    private static string First(string known, JsonElement parent, string name) =>
        known.Length > 0 ? known
        : OpenAiJson.Find(parent, name) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } found ? found.ToString()
        : "";

    private static string WordsOf(JsonElement said, int depth)
    {
        if (said.ValueKind == JsonValueKind.String)
            return said.GetString()!;
        if (depth == Deepest)
            return "";
        if (said.ValueKind == JsonValueKind.Array)
            return string.Join(
                "; ",
                said.EnumerateArray().Take(MostParts).Select(part => WordsOf(part, depth + 1)).Where(w => w.Length > 0)
            );
        foreach (var name in Says)
        {
            if (OpenAiJson.Find(said, name) is { } inner && WordsOf(inner, depth + 1) is { Length: > 0 } words)
                return Placed(said, words);
        }

        return "";
    }

    // With the place that is meant (FastAPI), and what a relay was told itself (OpenRouter).
    private static string Placed(JsonElement said, string words)
    {
        if (OpenAiJson.Find(said, "loc") is { ValueKind: JsonValueKind.Array } path)
            return $"{string.Join('.', path.EnumerateArray().Select(p => p.ToString()))}: {words}";
        return OpenAiJson.Find(said, "metadata") is { } more && OpenAiJson.Find(more, "raw") is { ValueKind: JsonValueKind.String } raw
            ? $"{words}: {raw.GetString()}"
            : words;
    }

    [GeneratedRegex(
        "rate_?limit|overload|server_?error|internal_?error|timeout|timed_?out|unavailable|busy|capacity|loading",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Passing();

    [GeneratedRegex(
        "context_length|context length|context window|context size|maximum context|prompt is too long|too many tokens"
            + "|exceeds? the (?:available )?context|max_model_len|input is too long",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex TooLong();

    [GeneratedRegex("content_filter|content filter|content management policy|content_policy|responsibleai", RegexOptions.IgnoreCase)]
    private static partial Regex Filtered();
}
