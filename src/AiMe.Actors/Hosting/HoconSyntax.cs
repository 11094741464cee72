using System.Text.RegularExpressions;

namespace AiMe.Actors.Hosting;

/// <summary>Checks the brackets and quotes of HOCON, which Akka's parser hardly checks.</summary>
internal static partial class HoconSyntax
{
    /// <summary>Checks that each bracket is closed and each quote ends.</summary>
    /// <exception cref="FormatException">One is not. The message gives its 1-based line.</exception>
    public static void Check(string hocon)
    {
        if (Include().Match(hocon) is { Success: true } include)
            throw new FormatException(
                $"line {LineOf(hocon, include.Groups["word"].Index)}: 'include' is not supported; put those settings into this file"
            );
        var open = new Stack<(char Bracket, int At)>();
        for (var at = 0; at < hocon.Length; at++)
        {
            switch (hocon[at])
            {
                case '#':
                case '/' when at + 1 < hocon.Length && hocon[at + 1] == '/':
                    at = EndOfLine(hocon, at);
                    break;
                case '"':
                    at = EndOfQuote(hocon, at);
                    break;
                case '{' or '[':
                    open.Push((hocon[at], at));
                    break;
                case '}' or ']':
                    if (!open.TryPop(out var opened))
                        throw new FormatException($"line {LineOf(hocon, at)}: '{hocon[at]}' closes nothing");
                    if (opened.Bracket == '{' != (hocon[at] == '}'))
                        throw new FormatException(
                            $"line {LineOf(hocon, at)}: '{hocon[at]}' does not close the '{opened.Bracket}' of line "
                                + $"{LineOf(hocon, opened.At)}"
                        );
                    break;
            }
        }

        if (open.TryPop(out var left))
            throw new FormatException($"line {LineOf(hocon, left.At)}: '{left.Bracket}' is never closed");
    }

    private static int EndOfQuote(string hocon, int at)
    {
        if (hocon.AsSpan(at).StartsWith("\"\"\"", StringComparison.Ordinal))
        {
            var end = hocon.IndexOf("\"\"\"", at + 3, StringComparison.Ordinal);
            return end < 0 ? throw new FormatException($"line {LineOf(hocon, at)}: the text in triple quotes never ends") : end + 2;
        }

        for (var i = at + 1; i < hocon.Length && hocon[i] != '\n'; i++)
        {
            if (hocon[i] == '"')
                return i;
            if (hocon[i] == '\\')
                i++;
        }

        throw new FormatException($"line {LineOf(hocon, at)}: the text in quotes does not end on its line");
    }

    private static int EndOfLine(string hocon, int at) => hocon.IndexOf('\n', at) is >= 0 and var end ? end : hocon.Length;

    private static int LineOf(string hocon, int at) => hocon.AsSpan(0, at).Count('\n') + 1;

    [GeneratedRegex(@"^[ \t]*(?<word>include)[ \t]+[""(ufc]", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Include();
}
