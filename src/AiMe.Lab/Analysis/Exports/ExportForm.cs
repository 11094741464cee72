namespace AiMe.Lab.Analysis.Exports;

/// <summary>As what an experience is exported, each on a line of its own.</summary>
public enum ExportForm
{
    /// <summary><c>{"input", "output", "reflection", "timestamp"}</c>, the timestamp as <c>yyyy-MM-dd HH:mm:ss</c>.</summary>
    Experiences,

    /// <summary><c>{"prompt", "completion"}</c>: what is learned, and under what.</summary>
    Pairs,

    /// <summary><c>{"messages": [{"role", "content"}, ...]}</c>, the last one the assistant's: what hosted fine-tuning takes.</summary>
    Chat,

    /// <summary>An experience with all that is known of it but its embedding, which can be computed again.</summary>
    Full,

    /// <summary><c>{"id", "conversations": [{"from", "value"}, ...]}</c>: system with the charter, human, gpt.</summary>
    ShareGpt,

    /// <summary>RFC 4180, under the header of <see cref="ExportCsv.Header"/>.</summary>
    Csv,
}
