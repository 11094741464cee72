using System.Collections.Concurrent;
using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;

namespace AiMe.Actors.Tracing;

/// <summary>The spans of the open cycles of a host's instances, one an instance, and counts of what is durable.</summary>
/// <remarks>
/// A cycle's span begins when its stimulus is durable and ends when its experience is. Its effects are its children. A
/// cycle that was open when its instance was recovered has no span; its effects then have traces of their own.
/// </remarks>
internal sealed class CycleSpans(HostSettings options)
{
    private readonly ConcurrentDictionary<string, Activity> _open = new(StringComparer.Ordinal);

    /// <summary>Notes an event that is durable.</summary>
    public void Happened(string instance, Event happened)
    {
        HostMetrics.Count(happened, options.Codec);
        switch (happened)
        {
            case Heard heard when Telemetry.StartApart("cycle") is { } span:
                Tag(span, instance).SetTag("aime.cycle", heard.Cycle).SetTag("aime.stimulus.id", heard.Stimulus.Id);
                _open[instance] = span;
                break;
            case Stored stored:
                End(instance, s => s.SetTag("aime.verdict", stored.Verdict.ToString().ToLowerInvariant()));
                break;
            case Withdrew:
                End(instance, s => s.Fail("withdrawn"));
                break;
        }
    }

    /// <summary>Ends the span of an instance that leaves memory or fails in the middle of a cycle.</summary>
    public void Interrupt(string instance, string why) => End(instance, s => s.Fail(why));

    /// <summary>Runs an effect in a span of its own, under that of its cycle.</summary>
    public Task<Command> AroundAsync(string instance, Effect effect, Func<Task<Command>> run) =>
        Telemetry.Source.HasListeners() || HostMetrics.Effects.Enabled ? TracedAsync(instance, effect, run) : run();

    private async Task<Command> TracedAsync(string instance, Effect effect, Func<Task<Command>> run)
    {
        var name = Telemetry.Words(effect.GetType());
        var parent = _open.TryGetValue(instance, out var cycle) ? cycle.Context : default;
        Activity.Current = null; // the dispatcher's thread may carry the span of another piece of work
        using var span = Telemetry.Source.StartActivity($"effect {name}", ActivityKind.Internal, parent);
        if (span is not null)
            Tag(span, instance).SetTag("aime.effect", name);
        HostMetrics.Effects.Add(1);
        try
        {
            return await run();
        }
        catch (Exception e)
        {
            span.Fail(e.GetType().FullName!, e.Message);
            throw;
        }
        finally
        {
            HostMetrics.Effects.Add(-1);
        }
    }

    private Activity Tag(Activity span, string instance) =>
        span.SetTag("aime.run", options.Run).SetTag("aime.instance", instance).SetTag("gen_ai.agent.id", $"{options.Run}/{instance}");

    private void End(string instance, Action<Activity> last)
    {
        if (_open.TryRemove(instance, out var span))
        {
            last(span);
            span.Dispose();
        }
    }
}
