using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Console.Output.Documents;

/// <summary>A run that paused because its budget is used up.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Digest">Null: the run has not ended.</param>
/// <param name="State"><c>paused</c>.</param>
/// <param name="SpentTokens">Reported tokens.</param>
/// <param name="SpentUsd">Reported US dollars.</param>
/// <param name="NeededTokens">Tokens of the refused call.</param>
/// <param name="NeededUsd">US dollars of the refused call.</param>
internal sealed record PausedOutput(
    string Run,
    string? Digest,
    RunState State,
    long SpentTokens,
    decimal SpentUsd,
    long NeededTokens,
    decimal NeededUsd
) : OutputDocument
{
    /// <param name="ledger">After all open reservations were settled.</param>
    public static PausedOutput Of(string run, SpendingLedger ledger)
    {
        var (spent, needed) = (ledger.Spent, ledger.Refused?.Need ?? default);
        return new(run, Digest: null, RunState.Paused, spent.Tokens, spent.Usd, needed.Tokens, needed.Usd);
    }
}
