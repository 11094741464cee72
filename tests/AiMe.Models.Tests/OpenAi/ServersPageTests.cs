using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace AiMe.Models.Tests.OpenAi;

/// <summary>docs/SERVERS.md promises nothing that no test holds.</summary>
public sealed partial class ServersPageTests
{
    [Fact]
    public void Every_row_names_a_test_that_exists()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", ".."));
        var rows = File.ReadLines(Path.Combine(root, "docs", "SERVERS.md"))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.EndsWith("| test |", StringComparison.Ordinal))
            .ToList();
        rows.Count.ShouldBeGreaterThan(40);
        var tests = Directory
            .EnumerateFiles(Path.Combine(root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(Path.GetFileNameWithoutExtension);
        foreach (var row in rows)
        {
            var named = Named().Match(row);
            named.Success.ShouldBeTrue(row);
            tests[named.Groups["class"].Value]
                .ShouldContain(file => File.ReadAllText(file).Contains($" {named.Groups["test"].Value}(", StringComparison.Ordinal), row);
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"\| `(?<class>\w+Tests)\.(?<test>\w+)` \|$")]
    private static partial Regex Named();
}
