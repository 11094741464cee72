using System.Text.RegularExpressions;

namespace AiMe.Architecture.Tests;

/// <summary>A newcomer can follow a stimulus through the code: docs/ARCHITECTURE.md lists the files, and the list is true.</summary>
public sealed partial class FollowingTests
{
    private static readonly (int Depth, string Path)[] Listed = [.. List()];

    [Fact]
    public void A_stimulus_is_followed_in_at_most_45_files_of_which_at_most_20_are_not_the_Minds()
    {
        Listed.Length.ShouldBeInRange(30, 45);
        Listed.Count(f => !f.Path.StartsWith("src/AiMe.Faculties/", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(20);
        Listed.Select(f => f.Path).ShouldBeUnique();
    }

    [Fact]
    public void Every_file_exists() => Listed.Where(f => !File.Exists(Path.Combine(Repository.Root, f.Path))).ShouldBeEmpty();

    [Fact]
    public void Every_file_names_a_type_of_each_file_one_step_deeper()
    {
        foreach (var (above, below) in Steps())
        {
            var text = File.ReadAllText(Path.Combine(Repository.Root, above));
            var types = TypeName().Matches(File.ReadAllText(Path.Combine(Repository.Root, below))).Select(m => m.Groups[1].Value);
            types.ShouldContain(type => Regex.IsMatch(text, $@"\b{type}\b"), $"{above} names no type of {below}");
        }
    }

    private static IEnumerable<(string Above, string Below)> Steps()
    {
        var path = new Stack<(int Depth, string Path)>();
        foreach (var file in Listed)
        {
            while (path.TryPeek(out var last) && last.Depth >= file.Depth)
                path.Pop();
            if (path.TryPeek(out var above))
            {
                file.Depth.ShouldBe(above.Depth + 1, $"{file.Path} is indented too far");
                yield return (above.Path, file.Path);
            }

            path.Push(file);
        }
    }

    private static IEnumerable<(int Depth, string Path)> List()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "ARCHITECTURE.md"));
        var section = page[page.IndexOf("## Follow a stimulus", StringComparison.Ordinal)..];
        return Line()
            .Matches(section[..section.IndexOf("## Deciders", StringComparison.Ordinal)])
            .Select(m => (m.Groups["indent"].Length / 2, m.Groups["path"].Value));
    }

    [GeneratedRegex(@"^(?<indent> *)(?<path>src/\S+\.cs)", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"\b(?:class|record struct|record|struct|interface|enum) (\w+)")]
    private static partial Regex TypeName();
}
