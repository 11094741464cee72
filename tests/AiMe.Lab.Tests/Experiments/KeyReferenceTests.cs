using System.Runtime.CompilerServices;
using AiMe.Lab.Experiments.Schema;

namespace AiMe.Lab.Tests.Experiments;

/// <summary>docs/EXPERIMENT-KEYS.md is what the readers give. AIME_GOLDEN=write writes it.</summary>
public sealed class KeyReferenceTests
{
    [Fact]
    public void The_page_of_keys_is_generated_from_the_readers()
    {
        var page = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "docs", "EXPERIMENT-KEYS.md");
        if (Environment.GetEnvironmentVariable("AIME_GOLDEN") == "write")
            File.WriteAllText(page, KeyReference.Markdown());
        KeyReference.Markdown().ShouldBe(File.ReadAllText(page), "AIME_GOLDEN=write dotnet test tests/AiMe.Lab.Tests writes it");
    }

    [Theory]
    [InlineData("| `replicates` | whole number, from 1 to 1000000 | `5` |")]
    [InlineData("## `train.gate`")]
    [InlineData("`model` with `provider: openai`")]
    public void It_has_sections_values_and_defaults(string part) => KeyReference.Markdown().ShouldContain(part);

    private static string Here([CallerFilePath] string path = "") => path;
}
