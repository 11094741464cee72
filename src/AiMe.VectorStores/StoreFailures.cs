using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace AiMe.VectorStores;

/// <summary>Words a store's failure: which store, what it said, and what to do. The text never contains the key.</summary>
/// <param name="store">The store's name in messages.</param>
/// <param name="key">What must not be shown; null if there is none.</param>
internal sealed partial class StoreFailures(string store, string? key)
{
    private const int LongestWords = 300;

    /// <summary>A failure that passes: the same call may succeed later.</summary>
    public VectorStoreException Passing(string what, string advice, Exception? inner = null) => New(what, advice, inner, isTransient: true);

    /// <summary>A refusal: the same call would be refused again.</summary>
    public VectorStoreException Refusal(string what, string advice, Exception? inner = null) =>
        New(what, advice, inner, isTransient: false);

    /// <summary>The store took longer than its timeout.</summary>
    public VectorStoreException Slow(TimeSpan timeout, Exception? inner = null) =>
        Passing(
            $"it gave no answer within {timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s",
            "Raise the timeout, or give the store more room",
            inner
        );

    /// <summary>There is no connection.</summary>
    public VectorStoreException Unreachable(Exception inner) =>
        Passing($"there is no connection ({Cause(inner)})", "Check that it runs, and its address", inner);

    /// <summary>It has other vectors than those of this run.</summary>
    /// <param name="kind">What the store calls a place for vectors, such as <c>collection</c>.</param>
    public VectorStoreException OtherDimensions(string kind, string name, long has, int wanted) =>
        Refusal(
            $"{kind} {name} holds vectors of {has} components, and this embedder gives {wanted}",
            $"Use another {kind}, or the embedder that this one was filled with"
        );

    /// <summary>The deepest cause's own words.</summary>
    private static string Cause(Exception e)
    {
        while (e is not SocketException && e.InnerException is { } inner)
            e = inner;
        return e.Message.TrimEnd('.');
    }

    private VectorStoreException New(string what, string advice, Exception? inner, bool isTransient) =>
        new($"{store}: {Tidy(what)}. {advice}.", inner) { IsTransient = isTransient };

    private string Tidy(string words)
    {
        // First the key, then the length: a key that is cut would not be recognized.
        var tidy = Blanks().Replace(string.IsNullOrEmpty(key) ? words : words.Replace(key, "[key]", StringComparison.Ordinal), " ").Trim();
        return (tidy.Length <= LongestWords ? tidy : string.Concat(tidy.AsSpan(0, LongestWords), " ...")).TrimEnd('.');
    }

    // Control characters could do anything to a terminal.
    [GeneratedRegex(@"[\s\p{Cc}]+")]
    private static partial Regex Blanks();
}
