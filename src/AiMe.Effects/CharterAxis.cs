using AiMe.Corpora;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>
/// The direction in which the charter moves the residual stream of the model of generation 0, and the place of models and answers
/// along it.
/// </summary>
/// <param name="birth">The model of generation 0.</param>
/// <remarks>
/// a = mean stream over the answers of fixed exchanges with the charter minus the same without it. Whatever is placed on the axis
/// is read without the charter, so that the charter in the prompt does not hide what the weights say. Source: docs/SCIENCE.md,
/// "charter-axis drift"; persona vectors, arXiv 2507.21509.
/// </remarks>
public sealed class CharterAxis(IModelInspector inspector, ModelId birth, Corpus corpus)
{
    /// <summary>Exchanges from which the axis follows, and over which a model's stream is averaged.</summary>
    public const int Exchanges = 32;

    private readonly CorpusRecord[] _exchanges = [.. corpus.HeldOut(new Seed(0).Derive("charter axis").Value, Exchanges)];
    private readonly AsyncCache<string, AxisDirection> _axes = new();

    /// <summary>
    /// How far a model's stream has moved from generation 0's along the axis, in units of the axis; NaN if there is no axis.
    /// </summary>
    /// <exception cref="ProviderException">The model is unavailable.</exception>
    public async Task<double> OfModelAsync(ModelId model, Charter charter, CancellationToken cancellationToken)
    {
        if (model == birth)
            return 0;
        var axis = await AxisAsync(charter, cancellationToken);
        return axis.Place(await MeanAsync(model, charter: null, cancellationToken));
    }

    /// <summary>Where an answer lies on the axis: 0 is the mean of the fixed exchanges. NaN for an answer without a token.</summary>
    /// <exception cref="ProviderException">The model is unavailable, or the answer does not fit.</exception>
    public async Task<double> OfAnswerAsync(Charter charter, Stimulus stimulus, string output, CancellationToken cancellationToken)
    {
        var axis = await AxisAsync(charter, cancellationToken);
        var part = stimulus.Internal ? Parts.Drive : Parts.Stimulus;
        ChatMessage[] exchange = [Parts.Message(part, stimulus.Text), Parts.Message(Parts.Answer, output)];
        return axis.Place(await inspector.MeanStreamAsync(birth.Value, exchange, cancellationToken));
    }

    private Task<AxisDirection> AxisAsync(Charter charter, CancellationToken cancellationToken) =>
        _axes.GetAsync(
            charter.Stem,
            async () =>
            {
                var with = await MeanAsync(birth, charter, CancellationToken.None);
                var without = await MeanAsync(birth, charter: null, CancellationToken.None);
                return new AxisDirection(without, [.. with.Zip(without, (w, o) => w - o)]);
            },
            cancellationToken
        );

    // The mean over exchanges of the mean over an answer's tokens.
    private async Task<double[]> MeanAsync(ModelId model, Charter? charter, CancellationToken cancellationToken)
    {
        double[]? sum = null;
        foreach (var record in _exchanges)
        {
            List<ChatMessage> exchange =
            [
                Parts.Message(record.Internal ? Parts.Drive : Parts.Stimulus, record.Stimulus),
                Parts.Message(Parts.Answer, record.Answer),
            ];
            if (charter is not null)
                exchange.Insert(0, Parts.Message(Parts.Charter, charter.Stem));
            var mean = await inspector.MeanStreamAsync(model.Value, exchange, cancellationToken);
            sum = sum is null ? mean : [.. sum.Zip(mean, (a, b) => a + b)];
        }

        return [.. sum!.Select(s => s / _exchanges.Length)];
    }

    /// <param name="Origin">The mean stream without the charter; shape (width).</param>
    /// <param name="Axis">Shape (width).</param>
    private sealed record AxisDirection(double[] Origin, double[] Axis)
    {
        /// <summary>(x - origin) . a / (a . a).</summary>
        public double Place(double[] stream)
        {
            var (dot, squared) = (0.0, 0.0);
            for (var i = 0; i < Axis.Length; i++)
            {
                dot += (stream[i] - Origin[i]) * Axis[i];
                squared += Axis[i] * Axis[i];
            }

            return squared > 0 ? dot / squared : double.NaN;
        }
    }
}
