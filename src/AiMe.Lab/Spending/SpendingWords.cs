using System.Globalization;
using AiMe.Mind;

namespace AiMe.Lab;

/// <summary>What a run has spent, in words.</summary>
public static class SpendingWords
{
    /// <summary>Of each figure that is bounded how much of it is used; else what was spent. Null where nothing was, and nothing is bounded.</summary>
    public static string? Of(Ledger ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var (spent, committed) = (ledger.Spent, ledger.Committed);
        if (!ledger.Budget.IsBound)
            return spent == default ? null : $"{Of(spent)} spent";
        List<string> used = [];
        if (ledger.Budget.Usd is { } usd)
            used.Add($"{Usd(committed.Usd)} of {Usd(usd)} USD");
        if (ledger.Budget.Tokens is { } tokens)
            used.Add($"{Tokens(committed.Tokens)} of {Tokens(tokens)} tokens");
        return $"{string.Join(" and ", used)} {(committed == spent ? "spent" : "spent or set aside")}";
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
    public static string Of(Cost cost) => cost.Usd == 0 ? $"{Tokens(cost.Tokens)} tokens" : $"{Usd(cost.Usd)} USD for {Tokens(cost.Tokens)} tokens";

    /// <summary>US dollars, to the millionth where that says anything.</summary>
    public static string Usd(decimal usd) => usd.ToString("0.00####", CultureInfo.InvariantCulture);

    private static string Tokens(long tokens) => tokens.ToString("N0", CultureInfo.InvariantCulture);
}
