using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiMe.Nano.Tests.Independent;

/// <summary>A second reader of tokenizer.json: byte-level byte-pair encoding by its description in Hugging Face's tokenizers.</summary>
internal sealed class BytePairs
{
    private readonly Regex _pieces;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<(string Left, string Right)> _merges = [];

    public BytePairs(string folder)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "tokenizer.json")));
        var split = json.RootElement.GetProperty("pre_tokenizer").GetProperty("pretokenizers")[0];
        split.GetProperty("behavior").GetString().ShouldBe("Isolated");
        // The pattern is Oniguruma's; .NET counts in UTF-16, where all beyond ASCII is in this range too, a sign beyond the first plane as two.
        var pattern = split
            .GetProperty("pattern")
            .GetProperty("Regex")
            .GetString()!
            .Replace(@"\x{80}-\x{10FFFF}", @"\u0080-\uFFFF", StringComparison.Ordinal);
        _pieces = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(5));
        var model = json.RootElement.GetProperty("model");
        foreach (var entry in model.GetProperty("vocab").EnumerateObject())
            _ids[entry.Name] = entry.Value.GetInt32();
        foreach (var merge in model.GetProperty("merges").EnumerateArray())
            _merges.Add((merge[0].GetString()!, merge[1].GetString()!));
    }

    public int[] Encode(string text)
    {
        List<int> ids = [];
        foreach (Match piece in _pieces.Matches(text))
        {
            List<string> parts = [.. Encoding.UTF8.GetBytes(piece.Value).Select(Letter)];
            foreach (var (left, right) in _merges) // the earliest learned first, each wherever it stands
            {
                for (var i = 0; i + 1 < parts.Count; i++)
                {
                    if (parts[i] != left || parts[i + 1] != right)
                        continue;
                    parts[i] = left + right;
                    parts.RemoveAt(i + 1);
                }
            }

            ids.AddRange(parts.Select(p => _ids[p]));
        }

        return [.. ids];
    }

    // GPT-2's bytes_to_unicode.
    private static string Letter(byte value)
    {
        static bool Shown(int b) => b is >= 33 and <= 126 or >= 161 and <= 172 or >= 174 and <= 255;
        var letter = Shown(value) ? value : 256 + Enumerable.Range(0, value).Count(b => !Shown(b));
        return ((char)letter).ToString();
    }
}
