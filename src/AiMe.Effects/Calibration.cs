using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Models;
using AiMe.Models.Nano;

namespace AiMe.Effects;

/// <summary>
/// Raw scores of the frozen base model's own generation-0 outputs, among which scores are ranked: .5 is typical.
/// </summary>
/// <param name="Lifts">Ascending.</param>
/// <param name="Fluencies">Ascending.</param>
public sealed record Calibration(ImmutableArray<double> Lifts, ImmutableArray<double> Fluencies)
{
    /// <summary>Outputs in the sample.</summary>
    public const int Outputs = 200;

    /// <summary>
    /// Sampling of outputs that belong to no experiment: the calibration's, and those of the gate's repetition check.
    /// </summary>
    public static readonly Sampling Typical = new(Temperature: 0.8, TopK: 0, TopP: 0.95, MaxTokens: 48);

    // Raised when the figures would change: what is measured, how it is sampled, or from which stimuli.
    private const int Form = 1;

    /// <summary>Loads the calibration of this base model, or makes it.</summary>
    /// <param name="file">Its path.</param>
    public static Task<Calibration> EnsureAsync(
        string file,
        NanoBase nano,
        Charter charter,
        IModelInspector sampler,
        ITextScorer scorer,
        CancellationToken cancellationToken
    ) => EnsureAsync(file, () => MakeAsync(nano, charter, sampler, scorer, cancellationToken), cancellationToken);

    /// <summary>Loads the calibration in a file, or makes it.</summary>
    internal static async Task<Calibration> EnsureAsync(string file, Func<Task<Calibration>> makeAsync, CancellationToken cancellationToken)
    {
        if (File.Exists(file) && Read(await File.ReadAllBytesAsync(file, cancellationToken)) is { } known)
            return known;
        var made = await makeAsync();
        await AtomicFiles.WriteFileAsync(file, made.Write(), cancellationToken); // two runs of one store may make it at the same time
        return made;
    }

    /// <summary>Whether a file holds an undamaged calibration in the form of this build.</summary>
    public static bool IsWhole(byte[] file) => Read(file) is not null;

    // The figures on one line and their digest on the next.
    private byte[] Write()
    {
        var figures = JsonSerializer.Serialize(this, CalibrationJson.Default.Calibration);
        return Encoding.UTF8.GetBytes($"{figures}\n{DigestOf(figures)}\n");
    }

    // Null if the file is damaged or of another form: the calibration is then made again, with the same result for the
    // same model.
    private static Calibration? Read(byte[] bytes)
    {
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        return lines.Length == 3 && lines[1] == DigestOf(lines[0])
            ? JsonSerializer.Deserialize(lines[0], CalibrationJson.Default.Calibration)
            : null;
    }

    private static string DigestOf(string figures) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"aime.calibration.{Form} {Outputs}\n{figures}")));

    private static async Task<Calibration> MakeAsync(
        NanoBase nano,
        Charter charter,
        IModelInspector sampler,
        ITextScorer scorer,
        CancellationToken cancellationToken
    )
    {
        var (frozen, seed) = (new ModelId(nano.Id), new Seed(0).Derive("calibration"));
        Stimulus[] stimuli =
        [
            .. nano.Corpus.HeldOut(seed.Value, Outputs).Select((r, i) => new Stimulus($"calibration-{i}", r.Stimulus, r.Topic, r.Internal)),
        ];
        var texts = await sampler.SampleAsync(
            nano.Id,
            [.. stimuli.Select(s => ChatMessages.Of(Prompt.Bare(charter, s)))],
            Typical.MaxTokens,
            [.. Enumerable.Range(0, stimuli.Length).Select(i => seed.Derive(i).Value)],
            cancellationToken,
            (float)Typical.Temperature, // as a chat has them
            (float)Typical.TopP
        );
        List<RawScores> raw = [];
        foreach (var (stimulus, sample) in stimuli.Zip(texts))
        {
            if (sample.Text.Length > 0)
                raw.Add(await ResponseScorer.MeasureAsync(scorer, frozen, charter, stimulus, sample.Text, cancellationToken));
        }

        return Of(raw);
    }

    /// <summary>The calibration of some outputs' raw scores.</summary>
    internal static Calibration Of(IReadOnlyCollection<RawScores> raw) =>
        new([.. raw.Select(r => r.Lift).Order()], [.. raw.Select(r => r.Fluency).Order()]);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(Calibration))]
internal sealed partial class CalibrationJson : System.Text.Json.Serialization.JsonSerializerContext;
