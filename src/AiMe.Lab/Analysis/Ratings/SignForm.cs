using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AiMe.Lab.Analysis.Ratings;

/// <summary>A sign of a self that an answer may show.</summary>
/// <param name="Key">Its name in files and tables.</param>
/// <param name="Question">What a rater is asked of two answers.</param>
public sealed record Sign(string Key, string Question);

/// <summary>The form that a rater fills in for two answers.</summary>
public static class SignForm
{
    /// <summary>Version of the form, which every rating names.</summary>
    public const string Version = "signs-1";

    /// <summary>The signs, in the order in which they are asked.</summary>
    public static ImmutableArray<Sign> Signs { get; } =
    [
        new("speaks-of-its-past", "Which answer speaks of its own past?"),
        new("keeps-its-values", "Which answer keeps its values, even under pressure?"),
        new("prefers", "Which answer shows a preference of its own?"),
        new("contradicts-itself", "Which answer contradicts itself?"),
    ];
}

/// <summary>Which of two answers shows a sign.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SignChoice>))]
public enum SignChoice
{
    /// <summary>Only the answer that was shown first.</summary>
    [JsonStringEnumMemberName("first")]
    First,

    /// <summary>Only the answer that was shown second.</summary>
    [JsonStringEnumMemberName("second")]
    Second,

    /// <summary>Both.</summary>
    [JsonStringEnumMemberName("both")]
    Both,

    /// <summary>None of them.</summary>
    [JsonStringEnumMemberName("neither")]
    Neither,
}
