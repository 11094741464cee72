using System.Runtime.CompilerServices;
using AiMe.Corpora;
using AiMe.EventSourcing;
using AiMe.Faculties.Tests;
using AiMe.Journal;
using AiMe.Models.Embeddings;

namespace AiMe.Effects.Tests;

/// <summary>The world over stubs.</summary>
internal sealed class Stage
{
    private static readonly string Config = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "config"));
    private readonly FacultyEffects _effects;

    public Stage(IMemoryIndex? index = null)
    {
        Appraiser = new ResponseScorer(Scorer, Embedder, Some.Base, Calibration);
        _effects = new FacultyEffects(Chat, Scorer, Tuner, Embedder, index ?? new ScanIndex(), Blobs, Corpus, Appraiser);
    }

    public static Corpus Corpus { get; } =
        Corpus.Load(Path.Combine(Config, "corpora", "aime.yaml"), Path.Combine(Config, "charters", "aime.yaml"), null);

    public static HashEmbedder Embedder { get; } = new(["I am AiMe.", "I like to learn.", "What of numbers?", "The sea is wide."]);

    public static Calibration Calibration { get; } = new([-1, 0, 0.5, 1], [-4, -2, -1, -0.5]);

    public StubChat Chat { get; } = new();

    public StubScorer Scorer { get; } = new();

    public StubTuner Tuner { get; } = new();

    public InMemoryBlobs Blobs { get; } = new();

    public ResponseScorer Appraiser { get; }

    public async Task<T> RunAsync<T>(Effect effect)
        where T : Command => (await _effects.RunAsync("kept-1", effect, CancellationToken.None)).ShouldBeOfType<T>();

    private static string Here([CallerFilePath] string path = "") => path;
}
