using System.CommandLine;
using System.Numerics;
using AiMe.Console.Help;

namespace AiMe.Console.Tests.Help;

/// <summary>Every number of a command line has bounds, and an extreme one is refused with both of them.</summary>
public sealed class OptionBoundTests
{
    private static readonly RootCommand Root = CommandLine.Root();

    private static readonly string[] Extremes =
    [
        "-1",
        "9223372036854775808",
        "-9223372036854775809",
        "1e308",
        "-1e308",
        "NaN",
        "Infinity",
        "1.5e999",
        "x",
    ];

    public static TheoryData<string, string> Numbers
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (var command in All(Root))
            {
                foreach (var option in command.Options.Where(IsNumber))
                    all.Add(OptionNames.Of(command), option.Name);
            }

            return all;
        }
    }

    [Fact]
    public void The_walk_finds_the_numbers_of_all_commands() => Numbers.Count.ShouldBeGreaterThan(20);

    [Theory, MemberData(nameof(Numbers))]
    public void A_number_out_of_range_is_refused_with_both_bounds(string command, string option)
    {
        foreach (var extreme in Extremes)
        {
            var parsed = Root.Parse([.. command.Split(' '), $"{option}={extreme}"]);
            parsed.Errors.ShouldContain(
                e => e.Message.StartsWith($"{option}: found '{extreme}'", StringComparison.Ordinal),
                1,
                $"{command} {option} {extreme}"
            );
        }

        Root.Parse([.. command.Split(' '), $"{option}=-1"])
            .Errors.Select(e => e.Message)
            .ShouldContain(m => m.Contains(" from ", StringComparison.Ordinal) && m.Contains(" to ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "--shard: found '1/2000000000', expected i/n with i from 1 to n and n at most 1000, such as 2/3",
        "run",
        "x",
        "--shard",
        "1/2000000000"
    )]
    [InlineData(
        "--speed: found '1e-300', expected a multiple of the recorded pace from 0.001 to 1000000",
        "replay",
        "a",
        "--speed",
        "1e-300"
    )]
    [InlineData("--round: found '2147483647', expected a round from 1 to 2000000", "export", "x", "--as", "chat", "--round", "2147483647")]
    [InlineData(
        "--min: found 'alignment=1e308', expected a number from -1e9 to 1e9",
        "export",
        "x",
        "--as",
        "chat",
        "--min",
        "alignment=1e308"
    )]
    public void So_is_a_number_within_a_text(string said, params string[] arguments) =>
        Root.Parse(arguments).Errors.ShouldContain(e => e.Message.StartsWith(said, StringComparison.Ordinal));

    private static bool IsNumber(Option option) =>
        Nullable.GetUnderlyingType(option.ValueType) is var inner
        && (inner ?? option.ValueType).GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(INumber<>));

    private static IEnumerable<Command> All(Command command) =>
        command.Subcommands.SelectMany(c => All(c).Prepend(c)).Where(c => !c.Hidden && c.Action is not null);
}
