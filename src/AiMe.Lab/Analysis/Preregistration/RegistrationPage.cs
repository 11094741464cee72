using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Analysis.Preregistration;

/// <summary>What was fixed before a run: its question, hypotheses, design and analysis, with the whole resolved plan.</summary>
/// <param name="SchemaVersion">Version of this form.</param>
/// <param name="Experiment">Name of the experiment.</param>
/// <param name="Run">Id of the run that the plan makes.</param>
/// <param name="Digest">SHA-256 of the experiment with every default and every file resolved, in hexadecimal.</param>
/// <param name="Written">When the page was written, UTC, <c>yyyy-MM-dd HH:mm:ss</c>.</param>
/// <param name="Question">The question in the researcher's words; null if the file gives none.</param>
/// <param name="Hypotheses">The declared tests, primary ones first.</param>
/// <param name="Alpha">Familywise significance level, for each family.</param>
/// <param name="Correction">How the tests of a family are corrected.</param>
/// <param name="Interval">How intervals are computed.</param>
/// <param name="Generation">The compared generation.</param>
/// <param name="Design">What is run.</param>
/// <param name="Exclusions">What is left out of the analysis, and what is not, in sentences.</param>
/// <param name="PlanManifest">Manifest of the plan.</param>
/// <param name="Plan">The resolved plan as the journal records it, but for the base model, which is trained later.</param>
/// <param name="Model">
/// What the base model is made of, in the form that the digest covers; null on pages that were written before it was added.
/// </param>
/// <param name="Identity">What makes generation 0 of the base model; null if the base model is generation 0.</param>
public sealed record RegistrationPage(
    int SchemaVersion,
    string Experiment,
    string Run,
    string Digest,
    string Written,
    string? Question,
    ImmutableArray<Hypothesis> Hypotheses,
    double Alpha,
    string Correction,
    IntervalMethod Interval,
    int Generation,
    RegisteredDesign Design,
    ImmutableArray<string> Exclusions,
    string PlanManifest,
    JsonElement Plan,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Model = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IdentityTuning? Identity = null
)
{
    /// <summary>The version of the form that this build writes and reads.</summary>
    public const int Version = 1;

    private const string NoPage = "it is not the JSON page that `aime preregister` writes";

    /// <summary>The same for every experiment: the comparison does nothing else.</summary>
    private static readonly ImmutableArray<string> Rules =
    [
        "Every planned instance is in the analysis; one that ends early is shown as censored, and its replicate drops out of the "
            + "tests that need it.",
        "An answer without text is a result. Only a failed call is missing data; failed calls are counted.",
        "A replicate in which a measure is undefined for a variant drops out of the tests of that measure that need the variant; they "
            + "are counted.",
        "An instance whose measure becomes undefined before it crosses a bound is censored at its last value; they are counted.",
        "Instances that receive unplanned input stay in the analysis, and are reported as a deviation.",
        "No outlier is removed, and no test is added: everything that is not declared here is exploratory.",
    ];

    /// <summary>Registers an experiment.</summary>
    /// <param name="now">The time of writing.</param>
    public static RegistrationPage Of(Experiment experiment, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var model = JsonSerializer.SerializeToElement(Canonical.Of(experiment.Model), RegistrationJson.Default.CanonicalModel);
        return Of(
            experiment.Plan(default, origin: null),
            experiment.Digest,
            now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture),
            model,
            experiment.Identity
        );
    }

    /// <summary>The page that follows from a plan.</summary>
    internal static RegistrationPage Of(RunPlan plan, string digest, string written, JsonElement? model, IdentityTuning? identity)
    {
        var analysis = DefaultAnalysis.Of(plan);
        var planned = new RunPlanned(plan with { Base = new ModelId("") });
        using var document = JsonDocument.Parse(FacultyEvents.Codec.Write(planned));
        return new RegistrationPage(
            Version,
            RunPlan.ExperimentOf(plan.Run),
            plan.Run,
            digest,
            written,
            analysis.Question,
            [.. DeclaredTests.Blank([], analysis).Select(Hypothesis.Of)],
            analysis.Alpha,
            "Holm's step-down correction within each family",
            analysis.Interval,
            analysis.Generation ?? plan.Rounds,
            RegisteredDesign.Of(plan),
            Rules,
            FacultyEvents.Codec.ManifestOf(planned),
            document.RootElement.Clone(),
            model,
            identity
        );
    }

    /// <summary>The plan.</summary>
    /// <exception cref="FormatException">It cannot be read.</exception>
    public RunPlan ReadPlan()
    {
        try
        {
            return ((RunPlanned)FacultyEvents.Codec.Read(PlanManifest, JsonSerializer.SerializeToUtf8Bytes(Plan))).Plan;
        }
        catch (Exception e) when (e is CorruptEventException or InvalidCastException)
        {
            throw new FormatException($"its plan cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The page as JSON.</summary>
    public string Json() => JsonSerializer.Serialize(this, RegistrationJson.Readable().RegistrationPage) + "\n";

    /// <summary>Reads a page.</summary>
    /// <exception cref="FormatException">It is no such page, or of another version; the message says why.</exception>
    public static RegistrationPage Read(string json)
    {
        try
        {
            if (JsonFault.Find(json) is { } fault)
                throw new FormatException($"line {fault.Line}, column {fault.Column}: {NoPage}: {fault.What}");
            RegistrationPage read = JsonSerializer.Deserialize(json, RegistrationJson.Readable().RegistrationPage)
                ?? throw new FormatException("it is null, expected an object");
            if (read.SchemaVersion != Version)
                throw new FormatException($"its schemaVersion is {read.SchemaVersion}, expected {Version}");
            read.ReadPlan();
            return read;
        }
        catch (JsonException e)
        {
            throw new FormatException($"{NoPage}: {JsonFault.OfForm(e)}", e);
        }
    }
}
