using System.CommandLine;
using AiMe.Console.Help;

namespace AiMe.Console.Tests.Help;

public sealed class HelpTests
{
    private static readonly RootCommand Root = CommandLine.Root();

    public static TheoryData<string> Commands { get; } = [.. All(Root).Select(OptionNames.Of)];

    [Fact]
    public void The_page_of_the_console_is_the_one_that_the_commands_make()
    {
        var file = Path.Combine(RepositoryRoot(), "docs", "CONSOLE.md");
        if (Environment.GetEnvironmentVariable("AIME_GOLDEN") == "write")
            File.WriteAllText(file, ConsoleReference.Markdown());
        File.ReadAllText(file)
            .ShouldBe(
                ConsoleReference.Markdown(),
                "docs/CONSOLE.md is stale: AIME_GOLDEN=write dotnet test tests/AiMe.Console.Tests --filter HelpTests makes it again"
            );
    }

    [Theory, MemberData(nameof(Commands))]
    public void A_command_has_a_place_in_the_help_and_one_to_three_examples(string command)
    {
        var page = CommandPages.Of(command).ShouldNotBeNull($"add a line for {command} to CommandPages");

        CommandPages.Groups.ShouldContain(page.Group);
        page.Examples.Length.ShouldBeInRange(1, 3);
    }

    [Theory, MemberData(nameof(Commands))]
    public void An_example_is_understood_by_the_command_that_it_is_of(string command)
    {
        foreach (var (_, arguments) in CommandPages.Of(command)!.Examples)
        {
            var parsed = Root.Parse(arguments);
            parsed.Errors.ShouldBeEmpty(arguments);
            OptionNames.Of(parsed.CommandResult.Command).ShouldBe(command);
        }
    }

    [Theory, MemberData(nameof(Commands))]
    public void Every_symbol_of_a_command_is_described(string command)
    {
        var found = All(Root).Single(c => OptionNames.Of(c) == command);
        found.Options.Cast<Symbol>().Concat(found.Arguments).Prepend(found).ShouldAllBe(s => !string.IsNullOrWhiteSpace(s.Description));
    }

    [Fact]
    public void Every_page_is_of_a_command_that_exists() =>
        CommandPages.All.Select(p => p.Name).Except(All(Root).Select(OptionNames.Of)).ShouldBeEmpty();

    private static IEnumerable<Command> All(Command command) =>
        command.Subcommands.SelectMany(c => All(c).Prepend(c)).Where(c => !c.Hidden && c.Action is not null);

    internal static string RepositoryRoot()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "AiMe.sln")))
            at = Path.GetDirectoryName(at) ?? throw new DirectoryNotFoundException("AiMe.sln is in no folder above");
        return at;
    }
}
