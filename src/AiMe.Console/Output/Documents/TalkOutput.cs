using System.Text.Json.Serialization;

namespace AiMe.Console.Output.Documents;

/// <summary>The first line of a conversation.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="New">Whether the instance was created by this command.</param>
/// <param name="Hosted">Whether this process runs the instance.</param>
/// <param name="Cycle">The last cycle.</param>
/// <param name="Generation">The last generation reached.</param>
internal sealed record TalkBeginOutput(string Run, string Instance, bool New, bool Hosted, int Cycle, int Generation) : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "instance";
}

/// <summary>The last line of a conversation.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Exchanges">Exchanges of this conversation.</param>
/// <param name="Cycle">The last cycle.</param>
/// <param name="Generation">The last generation reached.</param>
/// <param name="Events">Events of the instance.</param>
/// <param name="Digest">Digest of the instance; null while it is running.</param>
internal sealed record TalkEndOutput(string Run, string Instance, int Exchanges, int Cycle, int Generation, int Events, string? Digest)
    : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "end";
}

/// <summary>An input and its answer.</summary>
/// <param name="Exchange">As <c>inject</c> prints it.</param>
/// <param name="TakenBack">False if the input was withdrawn too late; otherwise absent.</param>
/// <param name="Round">The round that ended with it; absent if none did.</param>
/// <param name="Error">Null.</param>
internal sealed record TurnOutput(
    [property: Flattened] ExchangeOutput Exchange,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? TakenBack,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RoundOutput? Round,
    string? Error = null
) : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "turn";
}

/// <summary>A withdrawn input.</summary>
/// <param name="Input">The text.</param>
/// <param name="TakenBack">True.</param>
/// <param name="Cycle">The cycle that it had begun; absent if none.</param>
/// <param name="Error">Null.</param>
internal sealed record WithdrawnTurnOutput(
    string Input,
    bool TakenBack,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Cycle,
    string? Error = null
) : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "turn";
}

/// <summary>An input without an answer.</summary>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Input">The text.</param>
/// <param name="Error">Why there is no answer.</param>
internal sealed record FailedTurnOutput(string Instance, string Input, string Error) : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "turn";
}

/// <summary>A command and its reply.</summary>
/// <param name="Command">Name of the command, without the slash.</param>
/// <param name="At">The instance that receives input after the command.</param>
/// <param name="Reply">The members of the reply.</param>
/// <param name="Error">Null.</param>
internal sealed record CommandOutput<T>(string Command, string At, [property: Flattened] T Reply, string? Error = null) : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "command";
}

/// <summary>A command that failed.</summary>
/// <param name="Command">Name of the command, or the line if it is no command.</param>
/// <param name="At">The instance that receives input.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record FailedCommandOutput(string Command, string At, string Error) : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "command";
}

/// <summary>In a file that <c>/save</c> writes: an exchange.</summary>
/// <param name="Exchange">As <c>inject</c> prints it.</param>
internal sealed record SavedTurnOutput([property: Flattened] ExchangeOutput Exchange) : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "turn";
}

/// <summary>In a file that <c>/save</c> writes: what happened between two exchanges.</summary>
/// <param name="Text">In words.</param>
internal sealed record SavedNoteOutput(string Text) : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "note";
}
