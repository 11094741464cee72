using System.Collections.Immutable;
using AiMe.Console.Commands;
using static AiMe.Console.Help.CommandPage;

namespace AiMe.Console.Help.Pages;

/// <summary>Pages of the group Look.</summary>
internal static class LookPages
{
    public static ImmutableArray<(string Name, CommandPage Page)> All { get; } =
    [
        (
            "status",
            new(
                [Failed, Wrong],
                [
                    ("show all runs, and refresh until they end", "status"),
                    ("print once, with a line for every instance", "status --once --instances"),
                    ("print JSON for a program", "status quickstart --json"),
                ]
            )
        ),
        (
            "view",
            new(
                [Failed, Wrong],
                [
                    ("show the runs of the store in a browser", "view"),
                    ("write static pages of one run for a file server", "view quickstart --bundle site"),
                    ("serve other machines; every page demands the token", "view --bind 0.0.0.0"),
                ]
            )
        ),
        (
            "list",
            new(
                [Failed, Wrong],
                [
                    ("list every instance of the store", "list"),
                    ("list the instances with the largest drift first", "list --run quickstart --sort drift"),
                    ("list parked instances with the reasons", "list --status parked --json"),
                ]
            )
        ),
        (
            "show",
            new(
                [Failed, Wrong],
                [
                    ("show one instance", "show inward-1"),
                    ("show one run", "show quickstart"),
                    ("watch an instance while it runs", "show inward-1 --watch"),
                ]
            )
        ),
        (
            "memory",
            new(
                [Failed, Wrong],
                [
                    ("audit the memory of one instance", "memory inward-1"),
                    ("compare the memories of all instances of a run", "memory quickstart"),
                    ("find stored texts by words", "memory inward-1 --search clocks"),
                ]
            )
        ),
        (
            "replay",
            new(
                [Failed, Wrong, (ExitCode.Interrupted, "the view was closed with Ctrl-C")],
                [
                    ("step through an instance, on a terminal in both directions", "replay inward-1"),
                    ("show the Curator's events, and its state at the end", "replay inward-1 --faculty curator --state"),
                    ("print some of the events for a program", "replay inward-1 --from 100 --to 120 --json"),
                ]
            )
            {
                Inside = Replay.ReplayKeys.All,
            }
        ),
        (
            "verify",
            new(
                [
                    (ExitCode.Error, "the store cannot be read at all"),
                    Wrong,
                    (ExitCode.Diverged, "something diverges; the output names it"),
                ],
                [
                    ("verify the whole store", "verify"),
                    ("verify one run, for a program", "verify quickstart --json"),
                    ("verify one instance", "verify inward-1"),
                ]
            )
        ),
    ];
}
