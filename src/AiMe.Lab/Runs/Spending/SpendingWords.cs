using System.Globalization;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Runs.Spending;

/// <summary>The spending of a run, in words.</summary>
public static class SpendingWords
{
    /// <summary>
    /// The spent part of each limit and the amount that is set aside, or the total cost if there is no limit. Null if
    /// nothing was spent and there is no limit.
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

        var rest = more == default ? "" : $", {string.Join(" and ", aside)} more set aside by calls, or by a process that was killed";
        return $"{string.Join(" and ", used)} spent{rest}";
    }

    /// <summary>
    /// The keys of the limits that did not cover the last refused call, and a limit of twice the needed amount.
    /// </summary>
    /// <param name="parts">Ratio of the whole run's budget to that of the ledger.</param>
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

    /// <summary>A budget; null if it sets no limit.</summary>
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

    /// <summary>US dollars, with up to six decimals.</summary>
    public static string Usd(decimal usd) =>
        usd is > 0 and < 0.000001m ? "less than 0.000001" : usd.ToString("0.00####", CultureInfo.InvariantCulture);

    private static string Tokens(long tokens) => tokens.ToString("N0", CultureInfo.InvariantCulture);
}
