using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Verification;

/// <summary>Which events carry heads. A test finds every event type that does and asks for it here.</summary>
internal static class Anchors
{
    /// <summary>
    /// Of an event of a life: the heads before it, or before the events that were written in one breath with it; else null.
    /// </summary>
    public static Heads? InInstance(Event happened) =>
        happened switch
        {
            Stored s => s.Heads,
            Probed p => p.Heads,
            Forked f => f.Heads,
            _ => null,
        };

    /// <summary>Of an event of a supervisor: whose heads, and which; an empty name where it carries none.</summary>
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
