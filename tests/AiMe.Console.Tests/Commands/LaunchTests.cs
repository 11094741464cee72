using AiMe.Console.Commands;

namespace AiMe.Console.Tests.Commands;

public sealed class LaunchTests
{
    private const string Program = "/src/aime/bin/Debug/net10.0/aime";

    // Each row: the executable, the parent's command line, the program on the path, the directory; and the hint.
    public static TheoryData<string, string, string?, string, string> Starts =>
        new()
        {
            { "/usr/local/bin/aime", "bash", "/usr/local/bin/aime", "/home/ada", "aime" },
            { Program, "bash", Program, "/home/ada", "aime" },
            { Program, "bash", null, "/home/ada", Program },
            { Program, "bash", "/usr/local/bin/aime", "/home/ada", Program },
            { Program, "bash", null, "/src", "aime/bin/Debug/net10.0/aime" },
            { Program, "bash", null, "/src/aime/bin/Debug/net10.0", "./aime" },
            { Program, "bash", null, "/src/aime/bin/Debug", "net10.0/aime" },
            { Program, "dotnet run --no-build --project aime -- list --quick", null, "/src", "dotnet run --no-build --project aime --" },
            { Program, "/usr/bin/dotnet run -- list -- x", Program, "/src/aime", "dotnet run --" },
            { Program, "dotnet run --project aime list", null, "/src", "dotnet run --project ./aime --" },
            { Program, "dotnet test", null, "/src", "aime/bin/Debug/net10.0/aime" },
            { Program, "", null, "/src", "aime/bin/Debug/net10.0/aime" },
            { "/usr/bin/dotnet", "bash", null, "/src", "dotnet aime/bin/Debug/net10.0/aime.dll" },
            { "/usr/bin/dotnet", "bash", "/usr/bin/dotnet", "/src/aime/bin/Debug/net10.0", "dotnet ./aime.dll" },
        };

    [Theory, MemberData(nameof(Starts))]
    public void A_hint_begins_as_the_process_was_started(string process, string parent, string? onPath, string directory, string hint) =>
        string.Join(
                ' ',
                new Launch(
                    process,
                    $"{Program}.dll",
                    [.. parent.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
                    directory,
                    onPath
                ).Words
            )
            .ShouldBe(hint);
}
