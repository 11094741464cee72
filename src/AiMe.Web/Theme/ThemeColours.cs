using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace AiMe.Web.Theme;

/// <summary>The custom properties of the style sheet as plain values, for files that no browser opens.</summary>
public static partial class ThemeColours
{
    private static readonly Lazy<(FrozenDictionary<string, string> Light, FrozenDictionary<string, string> Dark)> s_read = new(Read);

    /// <summary>The text of a drawing with every <c>var(--name)</c> replaced.</summary>
    /// <exception cref="ArgumentException">The style sheet has no such property.</exception>
    public static string Resolve(string text, bool isDark)
    {
        var values = isDark ? s_read.Value.Dark : s_read.Value.Light;
        return Use().Replace(text, m => Value(values, m.Groups[1].Value));
    }

    /// <summary>The value of one property, such as <c>--paper</c>.</summary>
    /// <exception cref="ArgumentException">The style sheet has no such property.</exception>
    public static string Of(string name, bool isDark) => Value(isDark ? s_read.Value.Dark : s_read.Value.Light, name);

    private static string Value(FrozenDictionary<string, string> values, string name) =>
        values.TryGetValue(name, out var value)
            ? Use().Replace(value, m => Value(values, m.Groups[1].Value))
            : throw new ArgumentException($"The style sheet {WebAsset.Style} has no property '{name}'.");

    // The first block is the light theme; the one under prefers-color-scheme overrides it.
    private static (FrozenDictionary<string, string>, FrozenDictionary<string, string>) Read()
    {
        var style = WebAsset.Text(WebAsset.Style);
        var roots = style.Split(":root", 3);
        Dictionary<string, string> light = Block(roots[1]);
        Dictionary<string, string> dark = new(light, StringComparer.Ordinal);
        foreach (var (name, value) in Block(roots[2]))
            dark[name] = value;
        return (light.ToFrozenDictionary(StringComparer.Ordinal), dark.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private static Dictionary<string, string> Block(string text) =>
        Declaration()
            .Matches(text[..text.IndexOf('}', StringComparison.Ordinal)])
            .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value.Trim(), StringComparer.Ordinal);

    [GeneratedRegex(@"var\((--[a-z0-9-]+)\)")]
    private static partial Regex Use();

    [GeneratedRegex(@"(--[a-z0-9-]+):\s*([^;]+);")]
    private static partial Regex Declaration();
}
