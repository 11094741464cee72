using AiMe.Bench.Nano;

namespace AiMe.Bench;

/// <summary>What can be measured.</summary>
internal static class Benches
{
    public static IReadOnlyList<(string Name, string Says, Func<Measuring, IAsyncEnumerable<Figure>> Figures)> All { get; } =
    [
        (
            "journal",
            "Durable appends: 1, 100 and 1,000 instances writing, each awaiting its append before the next",
            JournalBench.FiguresAsync
        ),
        ("replay", "Reading back with decoding, chain check and folding, on one core", ReplayBench.FiguresAsync),
        ("experience", "A whole experience through all five faculties with a scripted model, durable", ExperienceBench.FiguresAsync),
        (
            "adapters",
            "Adapters over one embedded model: memory of 1,000 lives, training and scoring beside all weights",
            AdapterBench.FiguresAsync
        ),
        ("view", "Pages of `aime view` over a store of a million events", ViewBench.FiguresAsync),
        (
            "recall",
            "The ten best of 10,000 to 1,000,000 memories on one core, beside bare scans of as many vectors",
            RecallBench.FiguresAsync
        ),
        ("memory", "Heap of a resident and of a passivated instance", MemoryBench.FiguresAsync),
        (
            "nano",
            "The embedded model: training, sampling, scoring and memory of each preset, beside the machine's peak rates",
            NanoBench.FiguresAsync
        ),
    ];
}
