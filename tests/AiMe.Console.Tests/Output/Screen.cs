using System.Runtime.CompilerServices;
using Spectre.Console;

namespace AiMe.Console.Tests.Output;

/// <summary>A page as a terminal without colour shows it.</summary>
internal static class Screen
{
    /// <summary>What is written to a console of that width; blanks at the ends of lines are cut.</summary>
    public static string Of(int width, Action<IAnsiConsole> write, bool unicode = true)
    {
        using var writer = new StringWriter();
        var console = Console(writer, width, height: 24);
        console.Profile.Capabilities.Unicode = unicode;
        write(console);
        return string.Join('\n', writer.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())).TrimEnd() + "\n";
    }

    /// <summary>A console of that size, without colour.</summary>
    public static IAnsiConsole Console(TextWriter writer, int width, int height, AnsiSupport ansi = AnsiSupport.No)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = ansi,
                ColorSystem = ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        (console.Profile.Width, console.Profile.Height) = (width, height);
        return console;
    }

    /// <summary>Compares a page with the written copy in <c>Golden</c>; AIME_GOLDEN=write makes a copy that is not there yet.</summary>
    public static void ShouldBeGolden(this string page, string name, [CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, "Golden", $"{name}.txt");
        if (!File.Exists(file) && Environment.GetEnvironmentVariable("AIME_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, page);
        }

        page.ShouldBe(
            File.ReadAllText(file).ReplaceLineEndings("\n"),
            $"the written copy is {file}; delete it and run with AIME_GOLDEN=write where the new page is better"
        );
    }
}
