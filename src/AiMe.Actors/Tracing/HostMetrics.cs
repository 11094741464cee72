using System.Diagnostics.Metrics;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;

namespace AiMe.Actors.Tracing;

/// <summary>Counts of a host: experiences, rounds, failures, and lengths of queues.</summary>
internal static class HostMetrics
{
    private static readonly Counter<long> s_experiences = Telemetry.Meter.CreateCounter<long>(
        "aime.experiences",
        "{experience}",
        "Experiences that were stored."
    );

    private static readonly Counter<long> s_rounds = Telemetry.Meter.CreateCounter<long>(
        "aime.rounds",
        "{round}",
        "Rounds that ended, by the outcome of their training."
    );

    private static readonly Counter<long> s_failures = Telemetry.Meter.CreateCounter<long>(
        "aime.failures",
        "{failure}",
        "Failures, by the event that records them, or restarts of an instance."
    );

    /// <summary>Effects that are being carried out.</summary>
    public static UpDownCounter<long> Effects { get; } =
        Telemetry.Meter.CreateUpDownCounter<long>("aime.effects.active", "{effect}", "Effects that are being carried out.");

    /// <summary>Commands that wait for the turn of an instance, or for the Supervisor.</summary>
    public static UpDownCounter<long> Waiting { get; } =
        Telemetry.Meter.CreateUpDownCounter<long>(
            "aime.commands.waiting",
            "{command}",
            "Commands that wait for the turn of their instance, or for the Supervisor."
        );

    /// <summary>Counts an event that is durable.</summary>
    public static void Count(Event happened, EventCodec codec)
    {
        switch (happened)
        {
            case Stored stored when s_experiences.Enabled:
                s_experiences.Add(1, new KeyValuePair<string, object?>("aime.verdict", stored.Verdict.ToString().ToLowerInvariant()));
                break;
            case Adopted { Generation: > 0 } adopted when s_rounds.Enabled:
                s_rounds.Add(1, new KeyValuePair<string, object?>("aime.outcome", adopted.Outcome.ToString().ToLowerInvariant()));
                break;
            default:
                if (s_failures.Enabled && FailureEvents.Includes(happened))
                    s_failures.Add(1, new KeyValuePair<string, object?>("error.type", codec.ManifestOf(happened)));
                break;
        }
    }

    /// <summary>Counts a restart of an instance.</summary>
    public static void CountRestart(Exception failure) =>
        s_failures.Add(1, new KeyValuePair<string, object?>("error.type", failure.GetType().FullName));
}
