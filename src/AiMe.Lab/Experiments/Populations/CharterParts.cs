using System.Collections.Immutable;
using System.Text;
using AiMe.Faculties;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Populations;

/// <summary>Lists of parts from which charters are drawn.</summary>
/// <param name="Trades">Without an article.</param>
/// <param name="Traits">Each completes "I am ...", and suits every other.</param>
/// <param name="Values">Each completes "I value ...".</param>
/// <param name="Goals">Each completes "I want to ...".</param>
/// <param name="Voice">Rules of speech.</param>
/// <param name="Drives">The same for every charter.</param>
internal sealed record CharterParts(
    ImmutableArray<string> Names,
    ImmutableArray<string> Trades,
    ImmutableArray<string> Traits,
    ImmutableArray<string> Values,
    ImmutableArray<string> Goals,
    ImmutableArray<string> Voice,
    ImmutableArray<Drive> Drives
)
{
    /// <summary>Where the lists are that this program has; <c>config/populations/parts.yaml</c> is the same file.</summary>
    public const string BuiltIn = "built-in parts.yaml";

    private const string Resource = "AiMe.Lab.parts.yaml";

    /// <summary>The lists in a file; null if it has an error.</summary>
    /// <param name="path">Null for the lists that this program has.</param>
    public static CharterParts? Read(string? path, Problems problems)
    {
        Problems own = new();
        var text = path is null ? Shipped() : TextFile.Read(path, own);
        var parts =
            text is not null && YamlText.Read(path ?? BuiltIn, text, own) is { } root
                ? root is MappingNode mapping
                    ? Read(new Section("", mapping, own))
                    : Fail(root)
                : null;
        foreach (var problem in own.All)
            problems.Fail(problem.At, problem.Key, problem.Text);
        return own.Any ? null : parts;

        CharterParts? Fail(YamlNode found)
        {
            own.Fail(
                found.At,
                "",
                $"found {found.Found}, expected lists of parts: {{names, trades, traits, values, goals, voice, drives}}"
            );
            return null;
        }
    }

    private static CharterParts Read(Section s)
    {
        CharterParts parts = new(
            Texts(s, "names", 1),
            Texts(s, "trades", 1),
            Texts(s, "traits", CharterSample.Traits),
            Texts(s, "values", CharterSample.Values),
            Texts(s, "goals", CharterSample.Goals),
            Texts(s, "voice", CharterSample.Rules),
            CharterFile.Drives(s.Need("drives", "a list of {id, topic, text}: the questions that every charter asks itself"))
        );
        s.Close();
        return parts;
    }

    private static ImmutableArray<string> Texts(Section s, string key, int atLeast)
    {
        var expected = $"a list of at least {(atLeast == 1 ? "one text" : $"{atLeast} texts")}";
        List<string> texts = [];
        foreach (var item in s.Need(key, expected)?.Items(expected, atLeast, distinct: true) ?? [])
        {
            var text = item.Text();
            if (text.Length > 0 && texts.Contains(text))
                item.Fail($"found '{text}' twice, expected once");
            texts.Add(text);
        }

        return [.. texts];
    }

    private static string Shipped()
    {
        using var stream = typeof(CharterParts).Assembly.GetManifestResourceStream(Resource)!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
