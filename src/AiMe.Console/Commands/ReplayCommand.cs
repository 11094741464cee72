using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AiMe.Console.Output;
using AiMe.Console.Replay;
using AiMe.Console.Terminal;
using AiMe.Faculties;
using AiMe.Journal;
using AiMe.Lab.History.Replay;
using AiMe.Lab.Upkeep;

namespace AiMe.Console.Commands;

/// <summary><c>aime replay</c>: shows an instance event by event. No model is called.</summary>
internal static class ReplayCommand
{
    // More events than any instance has.
    private const long LastEvent = 1_000_000_000_000;

    public static Command Create()
    {
        var instance = SharedOptions.InstanceArgument();
        var store = SharedOptions.StoreOption();
        var from = SharedOptions.WholeOption("--from", "First event, by its index in the instance. Default: 1", least: 1, most: LastEvent);
        var to = SharedOptions.WholeOption("--to", "Last event, by its index", least: 1, most: LastEvent);
        var faculties = SharedOptions.OneOf(
            "--faculty",
            "Only events of this faculty; may be repeated",
            [.. Loop.Faculties.Select(f => f.Name)]
        );
        var speed = new Option<ReplayPace?>("--speed")
        {
            Description =
                "Print at a multiple of the recorded pace: 10x, 0.5x. No pause is longer than "
                + $"{ReplayPace.Longest.TotalSeconds:0} seconds",
            HelpName = "10x",
            CustomParser = Speed,
        };
        var step = new Option<bool>("--step") { Description = "Print one event per key press; needs a keyboard" };
        var state = new Option<bool>("--state")
        {
            Description =
                "Print the state of each faculty (or of those named with --faculty) after the last event; with --json "
                + "the complete state: {\"after\", \"states\"}",
        };
        var interactive = new Option<bool>("--interactive", "-i")
        {
            Description =
                "Open the interactive view at --from. This is the default on a terminal if no other option asks for " + "printed output",
        };
        var plain = new Option<bool>("--plain") { Description = "Print the events on a terminal too, as with redirected output" };
        var json = SharedOptions.JsonOption("One JSON object per event: {\"index\", \"faculty\", \"manifest\", \"event\"}");
        var command = new Command(
            "replay",
            "Step through a recorded instance: inputs, recalled memories, answers, reflections, verdicts and trainings; on a "
                + "terminal in both directions, with the state of each faculty at the cursor. No model is called"
        )
        {
            instance,
            store,
            from,
            to,
            faculties,
            speed,
            step,
            state,
            interactive,
            plain,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var part = new ReplayPart(parsed.GetValue(from), parsed.GetValue(to), FacultyBits(parsed.GetValue(faculties)));
                var how = new Printing(parsed.GetValue(speed), parsed.GetValue(step), parsed.GetValue(state), parsed.GetValue(json));
                var viewed = Views(parsed.GetValue(interactive), parsed.GetValue(plain), part, how);
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var (run, name) = await StoreLookup.InstanceAsync(opened, parsed.GetRequiredValue(instance), cancellationToken);
                if (await RemovedWeights.CountAsync(opened, run, name, cancellationToken) is > 0 and var removed)
                    System.Console.Error.WriteLine(
                        $"`aime gc` removed the weights of {Lines.Count(removed, "superseded checkpoint")} of {name}; all events are here."
                    );
                var timeline = await Timeline.OpenAsync(opened.Journal, run, name, cancellationToken);
                var (first, last) = part.Of(timeline);
                return viewed
                    ? await ViewAsync(timeline, run.Plan!.Run, ReplayView.At(first) with { Faculties = part.Faculties })
                    : await PrintAsync(timeline, first, last, part.Faculties, how, cancellationToken);
            }
        );
        return command;
    }

    /// <summary>The events to show.</summary>
    private sealed record ReplayPart(long? From, long? To, int Faculties)
    {
        public (long First, long Last) Of(Timeline timeline)
        {
            var (first, last) = (From ?? 1, To ?? timeline.Length);
            if (Math.Max(first, last) > timeline.Length)
                throw new UsageException(
                    $"{(first > timeline.Length ? $"--from {first}" : $"--to {last}")} lies beyond the end: "
                        + $"{timeline.Instance} has events 1 to {timeline.Length}"
                );
            return first > last ? throw new UsageException($"--from {first} lies after --to {last}") : (first, last);
        }
    }

    /// <summary>How to print them.</summary>
    private sealed record Printing(ReplayPace? Pace, bool Step, bool State, bool Json);

    // As a pager, the view opens by default only on a terminal and if no option asks for printed output.
    private static bool Views(bool interactive, bool plain, ReplayPart part, Printing how)
    {
        if (how is { Pace: not null, Step: true })
            throw new UsageException("found --speed and --step, expected one of them");
        if (how.Step && System.Console.IsInputRedirected)
            throw new UsageException("--step needs a keyboard, but standard input is redirected: omit it, or use --speed 10x");
        var prints = plain || how != new Printing(null, false, false, false);
        if (interactive && prints)
            throw new UsageException("found --interactive with an option for printed output (--plain, --json, --speed, --step, --state)");
        var able = LiveView.CanRefresh && !System.Console.IsInputRedirected;
        if (interactive && !able)
            throw new UsageException(
                "--interactive needs a terminal, but standard input or output is redirected, or TERM names a terminal that "
                    + "cannot be redrawn. Omit the option to print the events"
            );
        return interactive || able && !prints && part is { From: null, To: null, Faculties: var all } && all == ReplayView.All;
    }

    private static async Task<int> ViewAsync(Timeline timeline, string run, ReplayView view)
    {
        var console = TerminalWriter.Buffered();
        using var screen = new AlternateScreen(console);
        var (_, left) = await new ReplayLoop(timeline, run, console).RunAsync(view.Settled(timeline.Index), screen.Gone);
        return left == ReplayRequest.Interrupt ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static async Task<int> PrintAsync(
        Timeline timeline,
        long first,
        long last,
        int faculties,
        Printing how,
        CancellationToken cancellationToken
    )
    {
        var printer = new ReplayPrinter(TerminalWriter.Output, how.Json);
        if (how.Pace is { } told)
            System.Console.Error.WriteLine(
                $"Replay at {told.Speed:0.##} times the recorded pace; no pause is longer than {ReplayPace.Longest.TotalSeconds:0} s."
            );
        if (how.Step)
            System.Console.Error.WriteLine("Any key: next event. s: state of the faculties. q: quit.");
        ReplayStep? shown = null;
        for (
            var at = timeline.Index.Next(first - 1, 1, faculties);
            at is { } index && index <= last;
            at = timeline.Index.Next(index, 1, faculties)
        )
        {
            var moment = await timeline.AtAsync(index, cancellationToken);
            if (how.Pace is { } pace && shown is not null)
                await Task.Delay(pace.PauseBetween(shown.WrittenTicks, moment.WrittenTicks), cancellationToken);
            if (how.Step && shown is not null && !Goes(printer, shown, faculties))
                break;
            printer.Print(moment.Event);
            shown = moment;
        }

        if (how.State && shown is not null)
            printer.PrintState(how.Step ? shown.After : (await timeline.AtAsync(last, cancellationToken)).After, faculties);
        return ExitCode.Done;
    }

    private static bool Goes(ReplayPrinter printer, ReplayStep shown, int faculties)
    {
        while (true)
        {
            var key = System.Console.ReadKey(intercept: true);
            if (key.KeyChar == 'q' || key.Key == ConsoleKey.Escape)
                return false;
            if (key.KeyChar != 's')
                return true;
            printer.PrintState(shown.After, faculties);
        }
    }

    private static int FacultyBits(string[]? names) =>
        names is { Length: > 0 }
            ? names.Aggregate(0, (bits, name) => bits | 1 << Loop.Faculties.IndexOf(Loop.Faculties.First(f => f.Name == name)))
            : ReplayView.All;

    private static ReplayPace? Speed(ArgumentResult result)
    {
        var text = result.Tokens is [var token] ? token.Value : "";
        if (
            double.TryParse(text.TrimEnd('x'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed)
            && speed is >= 0.001 and <= 1_000_000
        )
            return new ReplayPace(speed);
        result.AddError($"--speed: found '{text}', expected a multiple of the recorded pace from 0.001 to 1000000, such as 10x or 0.5x");
        return null;
    }
}
