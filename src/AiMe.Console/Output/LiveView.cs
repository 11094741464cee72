using System.Runtime.InteropServices;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output;

/// <summary>A snapshot of a page.</summary>
/// <param name="Page">Output for a terminal.</param>
/// <param name="Json">The same as JSON, line by line.</param>
/// <param name="IsOver">Whether nothing will change any more.</param>
internal sealed record LiveSnapshot(IRenderable Page, Func<IEnumerable<OutputDocument>> Json, bool IsOver);

/// <summary>Refreshes a page: in place on a terminal, one page after another with redirected output.</summary>
internal static class LiveView
{
    private static readonly TimeSpan Keys = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether standard output is a terminal on which a page can be shown in place.</summary>
    public static bool CanRefresh => !System.Console.IsOutputRedirected && TerminalWriter.Output.Profile.Capabilities.Ansi;

    /// <summary>Writes a page once, or refreshes it until it is final.</summary>
    /// <param name="every">Time between two refreshes; null to write it once.</param>
    public static async Task ShowAsync(
        Func<CancellationToken, Task<LiveSnapshot>> look,
        TimeSpan? every,
        bool json,
        CancellationToken cancellationToken
    )
    {
        var last = every is { } pause ? await UntilOverAsync(look, pause, json) : await look(cancellationToken);
        if (every is null || CanRefresh && !json)
            Write(last, json);
    }

    private static void Write(LiveSnapshot look, bool json)
    {
        if (!json)
            TerminalWriter.Output.Write(look.Page);
        foreach (var document in json ? look.Json() : [])
            TerminalWriter.Json(document);
    }

    // Until the snapshot is final, or until Ctrl-C or q. On a terminal the last page has been cleared.
    private static async Task<LiveSnapshot> UntilOverAsync(Func<CancellationToken, Task<LiveSnapshot>> look, TimeSpan every, bool json)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Take);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take);
        if (json || !CanRefresh)
            return await PrintedAsync(look, every, json, stop.Token);

        var last = await look(stop.Token);
        await TerminalWriter
            .Output.Live(Page(last))
            .AutoClear(true)
            .Overflow(VerticalOverflow.Ellipsis)
            .StartAsync(async context =>
            {
                while (!last.IsOver && await PauseAsync(every, stop.Token))
                {
                    try
                    {
                        last = await look(stop.Token);
                        context.UpdateTarget(Page(last));
                    }
                    catch (OperationCanceledException) when (stop.IsCancellationRequested)
                    {
                        break;
                    }
                }
            });
        return last;

        void Take(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static Rows Page(LiveSnapshot look) => new(look.Page, new Text("q or Ctrl-C closes this view; the run continues.", Lines.Dim));

    private static async Task<LiveSnapshot> PrintedAsync(
        Func<CancellationToken, Task<LiveSnapshot>> look,
        TimeSpan every,
        bool json,
        CancellationToken stop
    )
    {
        for (var last = await look(stop); ; last = await look(stop))
        {
            Write(last, json);
            if (last.IsOver || !await PauseAsync(every, stop))
                return last;
        }
    }

    // False if the view is to be closed.
    private static async Task<bool> PauseAsync(TimeSpan every, CancellationToken stop)
    {
        var ends = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(ends) < every)
        {
            if (stop.IsCancellationRequested || WantsOut())
                return false;
            await Task.Delay(Keys, CancellationToken.None);
        }

        return !stop.IsCancellationRequested;
    }

    private static bool WantsOut()
    {
        if (System.Console.IsInputRedirected)
            return false;
        while (System.Console.KeyAvailable)
        {
            if (System.Console.ReadKey(intercept: true).KeyChar is 'q' or 'Q')
                return true;
        }

        return false;
    }
}
