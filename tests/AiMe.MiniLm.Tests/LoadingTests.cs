using System.Runtime.Loader;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Runs;

namespace AiMe.MiniLm.Tests;

/// <summary>As a program loads the embedder that does not refer to it.</summary>
public sealed class LoadingTests
{
    [Fact]
    public async Task It_is_loaded_with_its_packages_from_the_folder_of_its_project()
    {
        var path = EmbedderAssembly.Find(Path.GetTempPath(), Project()).ShouldNotBeNull();
        using var embedder = EmbedderAssembly.Create(path, beside: false);
        embedder.GetType().ShouldNotBe(typeof(MiniLmEmbedder));
        AssemblyLoadContext.GetLoadContext(embedder.GetType().Assembly).ShouldNotBe(AssemblyLoadContext.Default);
        var vectors = await embedder.GenerateAsync(["This is an example sentence"]);
        ((double)vectors[0].Vector.Span[0]).ShouldBe(0.0677, 1e-4);
    }

    [Fact]
    public void What_is_loaded_is_what_a_plan_names_and_another_model_or_runtime_is_refused()
    {
        LocalEmbedders.Load(EmbedderAssembly.MiniLm).ShouldBeOfType<MiniLmEmbedder>();
        LocalEmbedder[] others =
        [
            EmbedderAssembly.MiniLm with
            {
                Runtime = "onnxruntime 1.0.0",
            },
            EmbedderAssembly.MiniLm with
            {
                Model = new('0', 64),
            },
        ];
        foreach (var other in others)
            Should.Throw<ModelPreparationException>(() => LocalEmbedders.Load(other)).Message.ShouldContain("their vectors may differ");
    }

    // Where the build of this configuration put it.
    private static string Project() =>
        AppContext.BaseDirectory.Replace(
            Path.Combine("tests", "AiMe.MiniLm.Tests"),
            Path.Combine("src", "AiMe.MiniLm"),
            StringComparison.Ordinal
        );
}
