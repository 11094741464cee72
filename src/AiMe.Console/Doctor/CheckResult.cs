using AiMe.Console.Output;
using AiMe.Journal;

namespace AiMe.Console.Doctor;

/// <summary>Whether what a check found lets a run go on.</summary>
internal enum Health
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>A run goes on, but something is to be known or done.</summary>
    Warning,

    /// <summary>A run would fail.</summary>
    Bad,
}

/// <summary>What a check found.</summary>
/// <param name="Advice">What to do; empty where there is nothing to do.</param>
internal sealed record CheckResult(string Check, Health Health, string Found, string Advice = "")
{
    /// <summary>One object, for programs.</summary>
    public byte[] ToJson() =>
        JsonObject.Of(json =>
        {
            json.WriteString("check", Check);
            json.WriteString("health", Health.ToString().ToLowerInvariant());
            json.WriteString("found", Found);
            json.WriteString("advice", Advice);
        });
}

/// <summary>What is looked at.</summary>
/// <param name="Store">The store, which need not be there.</param>
/// <param name="Provider">The hosted provider to be reached, or null: then nothing goes over the network.</param>
/// <param name="BaseUrl">Of the provider.</param>
internal sealed record Subject(StoreAddress Store, string? Provider, Uri? BaseUrl);

/// <summary>One question about this machine or a store.</summary>
internal interface ICheck
{
    /// <summary>What was found, line by line; nothing where the question does not arise.</summary>
    IAsyncEnumerable<CheckResult> LookAsync(Subject subject, CancellationToken cancellationToken);
}
