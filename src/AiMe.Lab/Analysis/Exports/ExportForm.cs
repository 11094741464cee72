namespace AiMe.Lab.Analysis.Exports;

/// <summary>Formats for exported experiences, one per line.</summary>
public enum ExportForm
{
    /// <summary>
    /// <c>{"input", "output", "reflection", "timestamp"}</c>, the timestamp as <c>yyyy-MM-dd HH:mm:ss</c>.
    /// </summary>
    Experiences,

    /// <summary><c>{"prompt", "completion"}</c>, as used for training.</summary>
    Pairs,

    /// <summary>
    /// <c>{"messages": [{"role", "content"}, ...]}</c>, ending with the assistant, for hosted fine-tuning.
    /// </summary>
    Chat,

    /// <summary>All data of an experience except its embedding, which can be recomputed.</summary>
    Full,

    /// <summary>
    /// <c>{"id", "conversations": [{"from", "value"}, ...]}</c>: system with the charter, human, gpt.
    /// </summary>
    ShareGpt,

    /// <summary>RFC 4180, under the header of <see cref="ExportCsv.Header"/>.</summary>
    Csv,
}
