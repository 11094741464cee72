using AiMe.Faculties;
using AiMe.Lab.History.Replay;

namespace AiMe.Console.Replay;

/// <summary>What lies over the whole screen.</summary>
internal enum Overlay
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The event, as it stands in the journal.</summary>
    Event,

    /// <summary>The state of the event's faculty after it.</summary>
    State,

    /// <summary>The keys.</summary>
    Help,
}

/// <summary>What one looks at: where in the life, through which filter, with what over it.</summary>
/// <param name="Cursor">Index of an event, from 1.</param>
/// <param name="Faculties">Which faculties' events are listed: one bit each, the first the lowest.</param>
/// <param name="Scroll">First line of the overlay, from 0.</param>
/// <param name="Prompt">What is being typed, with the key that began it (<c>:</c> or <c>/</c>); null where nothing is.</param>
/// <param name="Search">What was searched for last.</param>
/// <param name="Said">Said until the next key.</param>
internal sealed record ReplayView(long Cursor, int Faculties, Overlay Overlay, int Scroll, string? Prompt, string Search, string Said)
{
    /// <summary>Every faculty.</summary>
    public static readonly int All = (1 << Loop.Faculties.Length) - 1;

    /// <summary>At an event, unfiltered.</summary>
    public static ReplayView At(long cursor) => new(cursor, All, Overlay.None, 0, null, "", "");

    /// <summary>At the nearest listed event: this one, else the one before, else the one behind.</summary>
    public ReplayView Settled(TimelineIndex index) =>
        TimelineIndex.Has(Faculties, index[Cursor].Faculty)
            ? this
            : this with
            {
                Cursor = index.Next(Cursor, -1, Faculties) ?? index.Next(Cursor, 1, Faculties) ?? Cursor,
            };
}
