namespace AiMe.Models.OpenAi;

/// <summary>A request for which the package has no simple method.</summary>
/// <param name="Path">Relative to the base URL, without a leading slash.</param>
internal sealed record OpenAiCall(string Method, string Path)
{
    public string Query { get; init; } = "";

    public BinaryData? Body { get; init; }

    public string Type { get; init; } = "application/json";

    /// <summary>Whether the path is relative to the server's root, beside <c>/v1</c>.</summary>
    public bool IsAtRoot { get; init; }

    public OpenAiTurns Turns { get; init; } = OpenAiTurns.AsUsual;
}

/// <summary>When a failed request is sent again.</summary>
internal enum OpenAiTurns
{
    /// <summary>As often as the options say, if the server is busy, fails or cannot be reached.</summary>
    AsUsual,

    /// <summary>Only if the server certainly did nothing: it refused the request because it is busy (429).</summary>
    WhereTurnedAway,
}
