using System.Runtime.CompilerServices;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Tests.Output;

/// <summary>Pages as a terminal without colour shows them, compared with those of a file.</summary>
internal static class Screens
{
    /// <summary>The page at a width.</summary>
    public static string Of(Func<IAnsiConsole, IRenderable> page, int width, bool unicode = true)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = unicode;
        console.Write(page(console));
        return string.Concat(writer.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => $"{l.TrimEnd()}\n")).TrimEnd('\n') + "\n";
    }

    /// <summary>Fails where the page is not the file's; AIME_GOLDEN=write makes the file.</summary>
    public static void ShouldBeGolden(string page, string name, [CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, "..", "Golden", $"{name}.txt");
        if (Environment.GetEnvironmentVariable("AIME_GOLDEN") == "write")
            File.WriteAllText(file, page);
        page.ShouldBe(
            File.ReadAllText(file),
            $"Golden/{name}.txt: AIME_GOLDEN=write dotnet test tests/AiMe.Console.Tests --filter GoldenScreenTests makes it again"
        );
    }
}
