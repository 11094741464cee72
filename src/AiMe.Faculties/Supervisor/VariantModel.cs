using System.Text.Json.Serialization;

namespace AiMe.Faculties.Supervisor;

/// <summary>
/// The embedded model of a variant whose model differs from that of the run. Its corpus, and its identity if it has one, are those
/// of the run.
/// </summary>
/// <param name="Preset"><c>tiny</c>, <c>small</c> or <c>base</c>.</param>
/// <param name="Records">Number of exchanges in the training text.</param>
/// <param name="Seed">Seed of the training.</param>
/// <param name="Epochs">Passes over the training text; null, and not written, for those of the preset.</param>
public sealed record VariantModel(
    string Preset,
    int Records,
    ulong Seed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Epochs = null
)
{
    /// <summary>Its origin; null if that of the run is not recorded, or is not the embedded model.</summary>
    /// <param name="run">The origin of the model of the run.</param>
    public ModelOrigin? Of(ModelOrigin? run) =>
        run is ModelOrigin.Nano nano ? nano with { Preset = Preset, Records = Records, Seed = Seed, Epochs = Epochs } : null;
}
