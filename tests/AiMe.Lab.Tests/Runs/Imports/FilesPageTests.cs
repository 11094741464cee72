using System.Text.RegularExpressions;

namespace AiMe.Lab.Tests.Runs.Imports;

/// <summary>docs/FILES.md promises nothing that no test keeps.</summary>
public sealed partial class FilesPageTests
{
    private static readonly string Root = Path.GetDirectoryName(Repository.Config)!;

    [Fact]
    public void Every_row_names_a_test_that_exists()
    {
        var rows = File.ReadLines(Path.Combine(Root, "docs", "FILES.md"))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.EndsWith("| test |", StringComparison.Ordinal))
            .ToList();
        var tests = string.Join(
            '\n',
            Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*Tests.cs", SearchOption.AllDirectories).Select(File.ReadAllText)
        );
        rows.Count.ShouldBeGreaterThan(25);
        rows.Where(r =>
                Named().Match(r) is not { Success: true } named || !tests.Contains($" {named.Groups[1].Value}(", StringComparison.Ordinal)
            )
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_sample_file_is_read_by_a_test()
    {
        var tests = File.ReadAllText(Path.Combine(Root, "tests", "AiMe.Lab.Tests", "Runs", "Imports", "ImportReaderTests.cs"));
        Directory
            .EnumerateFiles(Path.Combine(Root, "tests", "AiMe.Lab.Tests", "Data", "Imports"))
            .Select(f => $"\"{Path.GetFileName(f)}\"")
            .Where(f => !tests.Contains(f, StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [GeneratedRegex(@"\| `(\w+)` \|$")]
    private static partial Regex Named();
}
