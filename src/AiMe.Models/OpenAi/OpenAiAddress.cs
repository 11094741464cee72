namespace AiMe.Models.OpenAi;

/// <summary>Mistakes in the base URL of a server.</summary>
public static class OpenAiAddress
{
    private static readonly string[] Calls = ["/chat/completions", "/completions", "/embeddings", "/models", "/chat"];

    // Servers that have their API at the root.
    private static readonly string[] AtRoot = ["api.deepseek.com"];

    /// <summary>What is probably wrong with a base URL, and the better one; null if nothing is.</summary>
    public static string? Fault(string url)
    {
        if (WithoutCall(url) is { } shorter)
            return $"it ends in the path of a call, which AiMe adds itself; expected {shorter}";
        return Uri.TryCreate(url, UriKind.Absolute, out var address) && LacksVersion(address)
            ? $"its path has no version, and most servers have their API under /v1: {url.TrimEnd('/')}/v1"
            : null;
    }

    /// <summary>The base URL without the path of a call, if it ends in one; else null.</summary>
    internal static string? WithoutCall(string url)
    {
        var trimmed = url.TrimEnd('/');
        foreach (var path in Calls)
        {
            if (trimmed.EndsWith(path, StringComparison.OrdinalIgnoreCase))
                return trimmed[..^path.Length];
        }

        return null;
    }

    /// <summary>The address without the version at its end, where servers have what is not OpenAI's, such as <c>/tokenize</c>.</summary>
    internal static string Root(Uri url)
    {
        var trimmed = url.OriginalString.TrimEnd('/');
        return trimmed.EndsWith("/v1", StringComparison.Ordinal) ? trimmed[..^3] : trimmed;
    }

    /// <summary>Whether the path has no version, such as /v1 or /v1beta, and the server needs one.</summary>
    internal static bool LacksVersion(Uri url) =>
        !url.Segments.Any(s => s.Length > 1 && s[0] is 'v' or 'V' && char.IsAsciiDigit(s[1])) && !AtRoot.Contains(url.Host);
}
