using YamlDotNet.Core;

namespace AiMe.Lab;

/// <summary>Why a YAML text cannot be read, in plain words.</summary>
internal static class YamlReason
{
    /// <summary>The parser's reason; where it is a usual slip, what to do about it.</summary>
    public static string Of(YamlException reason, string text)
    {
        var message = reason.Message.Trim().TrimEnd('.');
        message = message.Length > 1 && char.IsUpper(message[0]) && char.IsLower(message[1]) ? char.ToLowerInvariant(message[0]) + message[1..] : message;
        var index = (int)reason.Start.Index;
        var character = index >= 0 && index < text.Length ? text[index] : '\0';
        return message + Advice(message, character, LineOf(text, (int)reason.Start.Line));
    }

    private static string Advice(string message, char character, string line) => character switch
    {
        '\t' => "; there is a tab here: indent with spaces",
        '@' or '`' or '%' => $"; a text that begins with '{character}' needs quotes",
        _ when line.TrimStart(' ').StartsWith('\t') => "; there is a tab here: indent with spaces",
        _ when message.Contains("flow", StringComparison.OrdinalIgnoreCase) => "; is a ']', a '}' or a comma missing before this place?",
        _ when message.Contains("mapping value", StringComparison.OrdinalIgnoreCase) || message.Contains("invalid mapping", StringComparison.OrdinalIgnoreCase) =>
            "; a text that contains ': ' needs quotes, and neighbouring keys need the same indent",
        _ => "",
    };

    private static string LineOf(string text, int line) => text.Split('\n').ElementAtOrDefault(line - 1) ?? "";
}
