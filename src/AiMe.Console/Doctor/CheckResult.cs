using AiMe.Console.Output.Documents;
using AiMe.Journal;

namespace AiMe.Console.Doctor;

/// <summary>Result of a check.</summary>
internal enum Health
{
    /// <summary>No problem.</summary>
    Good,

    /// <summary>A run works, but the finding needs attention.</summary>
    Warning,

    /// <summary>A run would fail.</summary>
    Bad,
}

/// <summary>A finding of a check.</summary>
/// <param name="Check">Name of the check.</param>
/// <param name="Health">With a bad finding a run would fail.</param>
/// <param name="Found">What was found.</param>
/// <param name="Advice">What to do; empty if nothing is to be done.</param>
internal sealed record CheckResult(string Check, Health Health, string Found, string Advice = "") : OutputDocument;

/// <summary>What to check.</summary>
/// <param name="Store">The store, which need not exist.</param>
/// <param name="Provider">The hosted provider to reach, or null to use no network.</param>
/// <param name="BaseUrl">Base URL of the provider.</param>
internal sealed record Subject(StoreAddress Store, string? Provider, Uri? BaseUrl);

/// <summary>A check of this machine or of a store.</summary>
internal interface ICheck
{
    /// <summary>Returns the findings; none if the check does not apply.</summary>
    IAsyncEnumerable<CheckResult> LookAsync(Subject subject, CancellationToken cancellationToken);
}
