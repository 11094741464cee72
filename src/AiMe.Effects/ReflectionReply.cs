using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiMe.Models;

namespace AiMe.Effects;

/// <summary>A reflection as a model writes it: leniently read if the meaning is certain.</summary>
/// <param name="Text">Not blank.</param>
/// <param name="Alignment">From 0 to 1.</param>
/// <param name="Quality">From 0 to 1.</param>
internal sealed partial record ReflectionReply(string Text, double Alignment, double Quality)
{
    private const string OtherForm = "it is not an object with exactly these three members";

    private static readonly string[] Members = ["reflection", "alignment", "quality"];

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>
    /// Reads a reply: the JSON alone, in a fence, or within prose; scores as numbers, or as <c>"0.8"</c>, <c>"80%"</c> or
    /// <c>"8/10"</c>.
    /// </summary>
    /// <exception cref="FormatException">It is no reflection, or more than one; the message says why.</exception>
    public static ReflectionReply Read(string reply)
    {
        List<JsonDocument> documents = [.. DocumentsIn(reply)];
        try
        {
            var forms = documents.SelectMany(d => FormsIn(d.RootElement)).ToList();
            return forms.Count switch
            {
                0 => throw new FormatException(documents.Count == 0 ? "it is not JSON" : OtherForm),
                1 => Of(forms[0]),
                _ => OneOf(forms),
            };
        }
        finally
        {
            documents.ForEach(d => d.Dispose());
        }
    }

    // Several objects are one reflection if they say the same, or if only one of them is whole.
    private static ReflectionReply OneOf(List<JsonElement> forms)
    {
        List<ReflectionReply> whole = [];
        foreach (var form in forms)
        {
            try
            {
                whole.Add(Of(form));
            }
            catch (FormatException)
            {
                // Such as an example of the form, with words in place of scores.
            }
        }

        return whole.Distinct().ToList() switch
        {
            [var one] => one,
            [] => Of(forms[0]),
            var several => throw new FormatException($"it has {several.Count} different ones"),
        };
    }

    private static ReflectionReply Of(JsonElement form)
    {
        var members = form.EnumerateObject().ToList();
        if (members.Exists(m => !Members.Contains(NameOf(m))) || members.DistinctBy(NameOf).Count() != members.Count)
            throw new FormatException(OtherForm);
        var text = members.Find(m => NameOf(m) == Members[0]).Value is { ValueKind: JsonValueKind.String } said
            ? said.GetString()!.Trim()
            : "";
        return text.Length > 0
            ? new(text, Score(members, Members[1]), Score(members, Members[2]))
            : throw new FormatException("its reflection is empty");
    }

    private static double Score(List<JsonProperty> members, string name)
    {
        var found = members.Find(m => NameOf(m) == name).Value;
        var value = found.ValueKind switch
        {
            JsonValueKind.Number when found.TryGetDouble(out var number) => number,
            JsonValueKind.String => Number(found.GetString()!.Trim()),
            _ => double.NaN,
        };
        return value is >= 0 and <= 1 ? value : throw new FormatException($"{name} is not a number from 0 to 1");
    }

    // NaN if the text could mean something else.
    private static double Number(string text)
    {
        if (Parsed(text) is var plain && !double.IsNaN(plain))
            return plain;
        if (text.EndsWith('%'))
            return Parsed(text[..^1].TrimEnd()) / 100;
        return Part().Match(text) is { Success: true } part && Parsed(part.Groups["whole"].Value) is var whole and (1 or 5 or 10 or 100)
            ? Parsed(part.Groups["part"].Value) / whole
            : double.NaN;
    }

    private static double Parsed(string text) =>
        double.TryParse(
            DecimalComma().Replace(text, "."),
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : double.NaN;

    private static string NameOf(JsonProperty member) => member.Name.Trim().ToLowerInvariant();

    // Objects with one of the members, also within a list or another object.
    private static IEnumerable<JsonElement> FormsIn(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Array => json.EnumerateArray().SelectMany(FormsIn),
            JsonValueKind.Object when json.EnumerateObject().Any(m => Members.Contains(NameOf(m))) => [json],
            JsonValueKind.Object => json.EnumerateObject().SelectMany(m => FormsIn(m.Value)),
            _ => [],
        };

    // The whole text, or each outermost object in it.
    private static IEnumerable<JsonDocument> DocumentsIn(string reply)
    {
        if (Parse(reply) is { } whole)
        {
            yield return whole;
            yield break;
        }

        for (var at = reply.IndexOf('{', StringComparison.Ordinal); at >= 0; at = reply.IndexOf('{', at))
        {
            var end = EndOf(reply, at);
            if (end > 0 && Parse(reply[at..end]) is { } document)
            {
                yield return document;
                at = end;
            }
            else
            {
                at++;
            }

            if (at >= reply.Length)
                yield break;
        }
    }

    // Just behind the brace that closes the one here; 0 if there is none.
    private static int EndOf(string text, int at)
    {
        var (depth, quoted) = (0, false);
        for (var i = at; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\')
                i++;
            else if (text[i] == '"')
                quoted = !quoted;
            else if (!quoted && text[i] == '{')
                depth++;
            else if (!quoted && text[i] == '}' && --depth == 0)
                return i + 1;
        }

        return 0;
    }

    private static JsonDocument? Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(JsonText.Clean(Encoding.UTF8.GetBytes(Escaped(text))), Lenient);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Line breaks within a JSON text must be escaped, which not every model knows.
    private static string Escaped(string text)
    {
        StringBuilder escaped = new(text.Length);
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\' && i + 1 < text.Length)
                escaped.Append(text[i++]);
            else if (text[i] == '"')
                quoted = !quoted;
            if (quoted && text[i] < ' ')
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            else
                escaped.Append(text[i]);
        }

        return escaped.ToString();
    }

    [GeneratedRegex(@"^(?<part>[0-9.,]+)\s*(?:/|of|out of)\s*(?<whole>[0-9]+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Part();

    [GeneratedRegex(@"(?<=^[0-9]),(?=[0-9]+$)")]
    private static partial Regex DecimalComma();
}
