using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs;

namespace AiMe.Lab.Tests.Experiments;

/// <summary>The key <c>embedder</c>.</summary>
public sealed class EmbedderTests : IDisposable
{
    private const string Hosted = """
        model={provider: openai, chat: some-chat, base-url: "http://127.0.0.1:1/v1", key-env: none}
        """;

    private static readonly string[] Untrained = ["train.every=2", "variants.keep-all.train=none", "reflect.max-tokens=200"];

    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void Without_the_key_and_with_the_providers_own_the_run_is_the_one_it_was()
    {
        var usual = _study.Experiment();
        usual.Model.Embedder.ShouldBeNull();
        _study.Experiment("embedder=hash").RunId.ShouldBe(usual.RunId);
        System.Text.Encoding.UTF8.GetString(Canonical.Form(usual)).ShouldNotContain("embedder");
    }

    [Fact]
    public void An_embedder_of_meanings_is_part_of_the_runs_id_with_its_model_and_its_runtime()
    {
        var meaning = _study.Experiment("embedder=minilm");
        meaning.RunId.ShouldNotBe(_study.Experiment().RunId);
        var embedder = meaning.Model.Embedder.ShouldNotBeNull();
        (embedder.Name, embedder.Model.Length, embedder.Runtime).ShouldBe(("minilm", 64, "onnxruntime 1.31.1"));
        System.Text.Encoding.UTF8.GetString(Canonical.Form(meaning)).ShouldContain(embedder.Model);
    }

    [Fact]
    public void A_hosted_model_needs_no_embedding_model_then()
    {
        var model = (OpenAiModel)_study.Experiment([Hosted, .. Untrained, "embedder=minilm"]).Model;
        model.Embedder!.Name.ShouldBe("minilm");
        _study
            .Problems([Hosted, .. Untrained])
            .ShouldHaveSingleItem()
            .ShouldEndWith("model.embeddings: the key is missing, expected the name of the embedding model, or embedder: minilm");
    }

    [Theory]
    [InlineData("embedder=bert", "embedder: found 'bert', expected an embedder: hash, minilm")]
    [InlineData("variants.keep-all.embedder=minilm", "variants.keep-all.embedder:")]
    [InlineData("model={provider: distribution, family: gaussian}", "remove the key", "embedder=minilm")]
    [InlineData(Hosted, "expected minilm, or model.embeddings alone", "embedder=hash")]
    [InlineData(Hosted, "remove embedder or model.embeddings", "embedder=minilm", "model.embeddings=e")]
    public void What_cannot_be_is_refused(string set, string says, params string[] more) =>
        _study.Problems([set, .. more]).ShouldContain(p => p.Contains(says, StringComparison.Ordinal));

    [Fact]
    public void An_embedder_that_is_not_built_is_a_warning()
    {
        var says = _study
            .Load("embedder=minilm")
            .Advice.Any(a => a.ToString().Contains("dotnet build src/AiMe.MiniLm", StringComparison.Ordinal));
        says.ShouldBe(!EmbedderAssembly.IsThere);
    }

    [Fact]
    public void The_assembly_is_found_in_the_named_folder_beside_the_program_or_in_the_checkout()
    {
        var root = _study.PathOf("checkout");
        var program = Path.Combine(root, "src", "AiMe.Console", "bin", "Release", "net10.0");
        Directory.CreateDirectory(program);
        EmbedderAssembly.Find(program, null).ShouldBeNull();
        _study.Write("checkout/src/AiMe.MiniLm/AiMe.MiniLm.csproj", "");
        EmbedderAssembly.Find(program, null).ShouldBeNull();
        var built = Made("checkout/src/AiMe.MiniLm/bin/Debug/net10.0/AiMe.MiniLm.dll");
        EmbedderAssembly.Find(program, null).ShouldBe(built);
        var beside = Made("checkout/src/AiMe.Console/bin/Release/net10.0/AiMe.MiniLm.dll");
        EmbedderAssembly.Find(program, null).ShouldBe(beside);
        EmbedderAssembly.Find(program, root).ShouldBeNull();
        var named = Made("checkout/AiMe.MiniLm.dll");
        EmbedderAssembly.Find(program, root).ShouldBe(named);

        string Made(string file) => _study.Write(file, "").PathOf(file);
    }

    [Fact]
    public void A_program_that_does_not_name_it_has_nothing_of_it()
    {
        string[] of = ["AiMe.MiniLm", "Microsoft.ML", "onnxruntime"];
        Directory
            .EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetFileName(f))
            .ShouldAllBe(f => !of.Any(o => f.Contains(o, StringComparison.Ordinal)));
        AppDomain.CurrentDomain.GetAssemblies().ShouldAllBe(a => !of.Contains(a.GetName().Name));
    }
}
