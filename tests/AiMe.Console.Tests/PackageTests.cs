using System.Xml.Linq;

namespace AiMe.Console.Tests;

/// <summary>What <c>dotnet pack src/AiMe.Console</c> would ship, as far as it can be seen without packing: a pack takes a build of its own.</summary>
public sealed class PackageTests
{
    private static readonly string Root = Find();

    [Fact]
    public void The_tool_is_called_aime_and_brings_its_readme_and_its_licence()
    {
        var project = XDocument.Load(Path.Combine(Root, "src", "AiMe.Console", "AiMe.Console.csproj"));
        project.Descendants("ToolCommandName").Single().Value.ShouldBe("aime");
        project
            .Descendants("None")
            .Where(n => n.Attribute("Pack")?.Value == "true")
            .Select(n => Path.GetFileName(n.Attribute("Include")!.Value))
            .ShouldBe(["README.md", "LICENSE"]);
    }

    [Fact]
    public void Everything_in_config_lies_beside_the_program()
    {
        var config = Path.Combine(Root, "config");
        foreach (var file in Directory.GetFiles(config, "*", SearchOption.AllDirectories))
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "config", Path.GetRelativePath(config, file)))
                .ShouldBe(File.ReadAllBytes(file), file);
    }

    [Fact]
    public void No_other_project_is_packed() =>
        XDocument.Load(Path.Combine(Root, "Directory.Build.props")).Descendants("IsPackable").Single().Value.ShouldBe("false");

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiMe.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
