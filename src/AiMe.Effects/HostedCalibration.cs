using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Models;

namespace AiMe.Effects;

/// <summary>
/// The calibration of a hosted model, made when the first answer is scored: no request is made before an instance needs one.
/// </summary>
internal sealed class HostedCalibration(TextGenerator generator, HostedScoring scoring)
{
    private readonly AsyncCache<string, Calibration> _made = new();

    /// <summary>The calibration for a charter.</summary>
    /// <exception cref="ProviderException">The provider failed.</exception>
    public Task<Calibration> GetAsync(Charter charter, CancellationToken cancellationToken) =>
        _made.GetAsync(
            charter.Stem,
            () => Calibration.EnsureAsync(FileOf(charter), () => MakeAsync(charter), CancellationToken.None),
            cancellationToken
        );

    private string FileOf(Charter charter) =>
        $"{scoring.CalibrationFile}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(charter.Stem)))[..8]}.json";

    private async Task<Calibration> MakeAsync(Charter charter)
    {
        var seed = new Seed(0).Derive("calibration");
        List<RawScores> raw = [];
        for (var i = 0; i < HostedScoring.Outputs && !scoring.Stimuli.IsEmpty; i++)
        {
            var stimulus = scoring.Stimuli[i % scoring.Stimuli.Length];
            var (text, _) = await generator.TrySampleAsync(
                generator.Messages(Prompt.Bare(charter, stimulus), charter),
                scoring.Birth,
                Calibration.Typical,
                seed.Derive(i),
                CancellationToken.None
            );
            if (text.Length > 0)
                raw.Add(await ResponseScorer.MeasureAsync(scoring.Scorer, scoring.Birth, charter, stimulus, text, CancellationToken.None));
        }

        return Calibration.Of(raw);
    }
}

/// <summary>How given text is scored by a hosted model's server.</summary>
/// <param name="Birth">The model of generation 0.</param>
/// <param name="HeldOut">Exchanges that no training sees, each ending in an answer; none if the user gives none.</param>
/// <param name="Stimuli">What the outputs that calibrate alignment and quality answer.</param>
/// <param name="CalibrationFile">Path of the calibration, without the end of its name.</param>
public sealed record HostedScoring(
    ITextScorer Scorer,
    ModelId Birth,
    ImmutableArray<IReadOnlyList<Microsoft.Extensions.AI.ChatMessage>> HeldOut,
    ImmutableArray<Stimulus> Stimuli,
    string CalibrationFile
)
{
    /// <summary>Outputs in a calibration; each costs an answer and scorings, so there are fewer than of the embedded model.</summary>
    public const int Outputs = 64;

    /// <summary>Exchanges of the held-out text that are measured for a block at most.</summary>
    public const int MostHeldOut = HeldOutEvaluator.Records;
}
