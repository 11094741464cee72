namespace AiMe.Models.OpenAi;

/// <summary>A request that the package has no plain method for.</summary>
/// <param name="Path">Below the base URL, without a slash before it.</param>
internal sealed record OpenAiCall(string Method, string Path)
{
    public string Query { get; init; } = "";

    public BinaryData? Body { get; init; }

    public string Type { get; init; } = "application/json";

    public OpenAiTurns Turns { get; init; } = OpenAiTurns.AsUsual;
}

/// <summary>When a request that failed is sent again.</summary>
internal enum OpenAiTurns
{
    /// <summary>As often as the options say, where the server is busy, fails or cannot be reached.</summary>
    AsUsual,

    /// <summary>Only where the server certainly did nothing: it turned the request away because it is busy (429).</summary>
    WhereTurnedAway,
}
