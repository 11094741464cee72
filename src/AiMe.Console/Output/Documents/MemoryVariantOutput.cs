using System.Text.Json.Serialization;

namespace AiMe.Console.Output.Documents;

/// <summary>The memories of all planned instances of a variant together.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Totals">Sums over its instances, and means of shares.</param>
internal sealed record MemoryVariantOutput(string Run, MemoryTotalsOutput Totals) : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "variant";
}
