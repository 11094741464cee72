using YamlDotNet.Core;

namespace AiMe.Lab.Experiments.Yaml;

/// <summary>Why a YAML text cannot be read, in plain words.</summary>
internal static class YamlReason
{
    /// <summary>The place and, for common mistakes, how to fix them; for others the parser's own reason.</summary>
    public static (Mark At, string Text) Of(YamlException reason, string text)
    {
        var message = reason.Message.Trim().TrimEnd('.');
        if (Says(message, "tab character"))
            return (reason.End, "found a tab, expected spaces: YAML is indented with spaces only");
        if (Says(message, "cannot start any token"))
            return (
                reason.Start,
                CharacterAt(text, reason.Start) is '\t'
                    ? "found a tab, expected spaces: YAML is indented with spaces only"
                    : $"a text cannot begin with '{CharacterAt(text, reason.Start)}'; put it in quotes"
            );
        if (Says(message, "invalid mapping") || Says(message, "mapping values are not allowed"))
            return (
                reason.Start,
                "found ': ' inside a value; put a text that contains it in quotes, and give neighbouring keys the same indent"
            );
        if (Says(message, "did not find expected node content"))
            return (reason.Start, "a value is missing before this place");
        if (Says(message, "quoted scalar") && Says(message, "end of stream"))
            return (reason.Start, "the quotation mark that is opened here is not closed");
        return (reason.Start, char.ToLowerInvariant(message[0]) + message[1..]);
    }

    private static bool Says(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static char CharacterAt(string text, Mark mark) => mark.Index < text.Length ? text[(int)mark.Index] : ' ';
}
