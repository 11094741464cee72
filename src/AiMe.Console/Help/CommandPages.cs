using System.Collections.Immutable;
using AiMe.Console.Help.Pages;

namespace AiMe.Console.Help;

/// <summary>The pages of all commands; a test checks that no command is missing.</summary>
internal static class CommandPages
{
    private static readonly ImmutableArray<(string Group, ImmutableArray<(string Name, CommandPage Page)> Pages)> s_grouped =
    [
        ("Run", RunPages.All),
        ("Look", LookPages.All),
        ("Talk", TalkPages.All),
        ("Compare", ComparePages.All),
        ("Models", ModelsPages.All),
        ("Files", FilesPages.All),
        ("Upkeep", UpkeepPages.All),
    ];

    /// <summary>The groups in the order of the help.</summary>
    public static ImmutableArray<string> Groups { get; } = [.. s_grouped.Select(g => g.Group)];

    /// <summary>Pages by name, in the order of the help; a subcommand's name is <c>command subcommand</c>.</summary>
    public static ImmutableArray<(string Name, CommandPage Page)> All { get; } =
    [.. s_grouped.SelectMany(g => g.Pages.Select(p => (p.Name, p.Page with { Group = g.Group })))];

    /// <summary>The group of a command, or of its first subcommand if it has no page.</summary>
    public static string GroupOf(System.CommandLine.Command command) => First(command)?.Page.Group ?? "Other";

    /// <summary>The position of a command in the help, or of its first subcommand if it has no page.</summary>
    public static int Order(System.CommandLine.Command command) => First(command) is var (name, _) ? Order(name) : int.MaxValue;

    /// <summary>The position of a command in the help; commands without a page come last.</summary>
    public static int Order(string name) => All.IndexOf(All.FirstOrDefault(p => p.Name == name)) is var at and >= 0 ? at : int.MaxValue;

    /// <summary>The page of a command, or null if it has none.</summary>
    public static CommandPage? Of(string name) => All.FirstOrDefault(p => p.Name == name).Page;

    private static (string Name, CommandPage Page)? First(System.CommandLine.Command command)
    {
        var (own, below) = (OptionNames.Of(command), OptionNames.Of(command) + " ");
        foreach (var page in All)
        {
            if (page.Name == own || page.Name.StartsWith(below, StringComparison.Ordinal))
                return page;
        }

        return null;
    }
}
