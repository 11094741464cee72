using System.Text.Json.Serialization;
using AiMe.Lab.Analysis.Memories;

namespace AiMe.Console.Output.Documents;

/// <summary>A stored text that a search found.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Words">Different words of the search that it has.</param>
/// <param name="Phrase">Whether it has them in the order of the search, without a gap.</param>
/// <param name="Times">Occurrences of those words in it.</param>
/// <param name="Memory">The text.</param>
internal sealed record MemoryMatchOutput(string Run, string Instance, int Words, bool Phrase, int Times, AuditedMemoryOutput Memory)
    : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "match";

    public static MemoryMatchOutput Of(string run, MemoryMatch m) =>
        new(run, m.Instance, m.Words, m.IsPhrase, m.Times, AuditedMemoryOutput.Of(m.Memory));
}

/// <summary>A text that an instance stored.</summary>
/// <param name="Id"><c>e12</c> for the experience of cycle 12, <c>i3</c> for the third insight.</param>
/// <param name="Cycle">The cycle in which it was stored.</param>
/// <param name="Fate"><c>kept</c>, <c>held</c>, <c>rejected</c>, <c>insight</c>, or <c>forgotten</c>.</param>
/// <param name="Recallable">Whether it is recallable at the end of the record.</param>
/// <param name="Recalls">Cycles in which it was recalled.</param>
/// <param name="LastRecall">The last of them; 0 if there is none.</param>
/// <param name="Text">As it appears in a prompt.</param>
internal sealed record AuditedMemoryOutput(string Id, int Cycle, string Fate, bool Recallable, int Recalls, int LastRecall, string Text)
{
    public static AuditedMemoryOutput Of(AuditedMemory m) =>
        new(m.Id.Value, m.Cycle, m.Fate, m.IsRecallable, m.Recalls, m.LastRecall, m.Text);
}
