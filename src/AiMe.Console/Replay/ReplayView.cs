using AiMe.Faculties;
using AiMe.Lab.History.Replay;

namespace AiMe.Console.Replay;

/// <summary>Overlay of the screen.</summary>
internal enum Overlay
{
    /// <summary>No overlay.</summary>
    None,

    /// <summary>The event as stored in the journal.</summary>
    Event,

    /// <summary>The state of the event's faculty after it.</summary>
    State,

    /// <summary>The keys.</summary>
    Help,
}

/// <summary>State of the view: cursor, filter, overlay and prompt.</summary>
/// <param name="Cursor">Index of an event, from 1.</param>
/// <param name="Faculties">Bit mask of the listed faculties; the first is the lowest bit.</param>
/// <param name="Scroll">First line of the overlay, from 0.</param>
/// <param name="Prompt">The text being typed, with its first key (<c>:</c> or <c>/</c>); null without a prompt.</param>
/// <param name="Search">The last searched text.</param>
/// <param name="Said">A message shown until the next key.</param>
internal sealed record ReplayView(long Cursor, int Faculties, Overlay Overlay, int Scroll, string? Prompt, string Search, string Said)
{
    /// <summary>Mask of all faculties.</summary>
    public static readonly int All = (1 << Loop.Faculties.Length) - 1;

    /// <summary>A view at an event, without a filter.</summary>
    public static ReplayView At(long cursor) => new(cursor, All, Overlay.None, 0, null, "", "");

    /// <summary>Moves to the nearest listed event: this one, else the previous, else the next.</summary>
    public ReplayView Settled(TimelineIndex index) =>
        TimelineIndex.Has(Faculties, index[Cursor].Faculty)
            ? this
            : this with
            {
                Cursor = index.Next(Cursor, -1, Faculties) ?? index.Next(Cursor, 1, Faculties) ?? Cursor,
            };
}
