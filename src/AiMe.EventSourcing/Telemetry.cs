using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace AiMe.EventSourcing;

/// <summary>The engine's traces and metrics. Without a listener nothing is measured.</summary>
/// <remarks>Deciders take no part: hosts, journals and effects report.</remarks>
public static class Telemetry
{
    /// <summary>Name of the source and of the meter.</summary>
    public const string Name = "AiMe";

    private static readonly string? s_version = typeof(Telemetry).Assembly.GetName().Version?.ToString(3);

    /// <summary>The source of spans.</summary>
    public static ActivitySource Source { get; } = new(Name, s_version);

    /// <summary>The meter of all instruments.</summary>
    public static Meter Meter { get; } = new(Name, s_version);

    /// <summary>Starts a span that does not become the current one of its thread, such as one that other threads end.</summary>
    /// <param name="parent">The parent; default for a span of its own trace.</param>
    /// <returns>Null if nobody listens.</returns>
    public static Activity? StartApart(string name, ActivityKind kind = ActivityKind.Internal, ActivityContext parent = default)
    {
        if (!Source.HasListeners())
            return null;
        var before = Activity.Current;
        Activity.Current = null; // the current one would become the parent
        try
        {
            return Source.StartActivity(name, kind, parent);
        }
        finally
        {
            Activity.Current = before;
        }
    }

    /// <summary>Marks a span as failed.</summary>
    /// <param name="type">A class of errors: the full name of an exception, or the name of an event.</param>
    public static void Fail(this Activity? activity, string type, string? message = null) =>
        activity?.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error, message);

    /// <summary>The name of a type in words: <c>GenerateAnswer</c> is <c>generate_answer</c>.</summary>
    public static string Words(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return string.Concat(
            type.Name.Select(
                (c, i) => char.IsAsciiLetterUpper(c) ? (i > 0 ? "_" : "") + char.ToLower(c, CultureInfo.InvariantCulture) : $"{c}"
            )
        );
    }
}
