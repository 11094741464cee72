using System.Globalization;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Runs.Spending;

/// <summary>What a run has spent, in words.</summary>
public static class SpendingWords
{
    /// <summary>
    /// Of each figure that is bounded how much of it is spent, and what more is not free; else what was spent. Null where
    /// nothing was, and nothing is bounded.
    /// </summary>
    public static string? Of(SpendingLedger ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var (spent, more) = (ledger.Spent, ledger.Committed - ledger.Spent);
        if (!ledger.Budget.IsBound)
            return spent == default ? null : $"{Of(spent)} spent";
        List<string> used = [],
            aside = [];
        if (ledger.Budget.Usd is { } usd)
        {
            used.Add($"{Usd(spent.Usd)} of {Usd(usd)} USD");
            aside.Add($"{Usd(more.Usd)} USD");
        }

        if (ledger.Budget.Tokens is { } tokens)
        {
            used.Add($"{Tokens(spent.Tokens)} of {Tokens(tokens)} tokens");
            aside.Add($"{Tokens(more.Tokens)} tokens");
        }

        return $"{string.Join(" and ", used)} "
            + $"spent{(more == default ? "" : $", {string.Join(" and ", aside)} more set aside, or lost with a killed process")}";
    }

    /// <summary>The keys of the bounds that did not hold what was last refused, and twice what they would have had to be.</summary>
    /// <param name="parts">What the whole run's budget is to that of the ledger.</param>
    public static IReadOnlyList<(string Key, string Enough)> Lacking(SpendingLedger ledger, decimal parts = 1)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var needed = ledger.Committed + (ledger.Refused?.Need ?? default);
        List<(string, string)> lacking = [];
        if (ledger.Budget.Usd is { } usd && needed.Usd > usd)
            lacking.Add(("budget.usd", Math.Max(2 * parts * needed.Usd, 0.01m).ToString("0.00####", CultureInfo.InvariantCulture)));
        if (ledger.Budget.Tokens is { } tokens && needed.Tokens > tokens)
            lacking.Add(("budget.tokens", decimal.Ceiling(2 * parts * needed.Tokens).ToString(CultureInfo.InvariantCulture)));
        return lacking;
    }

    /// <summary>A budget; null where it bounds nothing.</summary>
    public static string? Of(Budget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        List<string> bounds = [];
        if (budget.Usd is { } usd)
            bounds.Add($"{Usd(usd)} USD");
        if (budget.Tokens is { } tokens)
            bounds.Add($"{Tokens(tokens)} tokens");
        return bounds.Count == 0 ? null : string.Join(" and ", bounds);
    }

    /// <summary>A cost.</summary>
    public static string Of(Cost cost)
    {
        var tokens = $"{Tokens(cost.Tokens)} {(cost.Tokens == 1 ? "token" : "tokens")}";
        return cost.Usd == 0 ? tokens : $"{Usd(cost.Usd)} USD for {tokens}";
    }

    /// <summary>US dollars, to the millionth where that says anything.</summary>
    public static string Usd(decimal usd) =>
        usd is > 0 and < 0.000001m ? "less than 0.000001" : usd.ToString("0.00####", CultureInfo.InvariantCulture);

    private static string Tokens(long tokens) => tokens.ToString("N0", CultureInfo.InvariantCulture);
}
