using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Verification;

/// <summary>The heads that events carry. A test covers every event type that has some.</summary>
internal static class Anchors
{
    /// <summary>
    /// For an event of an instance: the heads before it, or before the batch of events that it was written with; else
    /// null.
    /// </summary>
    public static Heads? InInstance(Event happened) =>
        happened switch
        {
            Stored s => s.Heads,
            Probed p => p.Heads,
            Forked f => f.Heads,
            _ => null,
        };

    /// <summary>For an event of a supervisor: the instance and its heads; an empty name if it carries none.</summary>
    public static (string Instance, Heads Heads) Supervised(Event happened) =>
        happened switch
        {
            InstanceAdvanced a => (a.Instance, a.Heads),
            InstanceFinished f => (f.Instance, f.Heads),
            InputAnswered a => (a.Instance, a.Heads),
            InputWithdrawn { Cycle: > 0 } w => (w.Instance, w.Heads),
            InstanceForked f => (f.Instance, f.Heads),
            _ => ("", Heads.None),
        };
}
